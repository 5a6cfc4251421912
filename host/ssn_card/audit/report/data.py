# SPDX-License-Identifier: Apache-2.0
"""What a report tells, before any word of it is chosen: the same data make the pages, the tables and the JSON.

Amounts are whole rupiah, times local (WITA) without zone, shares 0 to 1. Every sequence has an order that the data
alone decide. ``report.json`` is this, and ``report.schema.json`` its JSON Schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, TypeAdapter

from ssn_card.protocol.errors import Text

from ..rules.outcome import Peers, Subject

SCHEMA = "ssn-card/audit-report/1"


def _text(value: Any) -> Any:
    return Text(value["en"], value["id"]) if isinstance(value, dict) else value


#: A :class:`Text`; in JSON an object with both languages.
Said = Annotated[
    Text,
    BeforeValidator(_text),
    PlainSerializer(lambda text: {"en": text.en, "id": text.id}, return_type=dict[str, str]),
]


@dataclass(frozen=True)
class SalesTotals:
    """The programme in one line. ``spent``: by sales that no cancellation took back."""

    receipts: int
    cards: int
    shops: int
    sales: int
    spent: int
    cancels: int
    cancelled: int
    overrides: int


@dataclass(frozen=True)
class Kecamatan:
    """``families``: that have a card there."""

    kode_kecamatan: str
    name: str
    families: int


@dataclass(frozen=True)
class MonthSpent:
    """Sales of one month to cards of one kecamatan. ``month``: its first day."""

    month: date
    kode_kecamatan: str
    sales: int
    spent: int


@dataclass(frozen=True)
class PolicyMoney:
    """One policy in one kecamatan, as reconciled (:mod:`~ssn_card.audit.reconcile.programme` says what adds up).

    ``policy_id``: none of cards of which no update is known; ``budget``, ``unused``: none without a budget.
    """

    policy_id: int | None
    kode_kecamatan: str
    families: int
    budget: int | None
    disbursed: int
    undelivered: int
    spent: int
    refunded: int
    hidden: int
    expired: int
    balance: int
    contradicted: int
    unused: int | None


@dataclass(frozen=True)
class Unplaced:
    """Money of cards of one kecamatan that no receipt at hand places: between two bounds."""

    kode_kecamatan: str
    cards: int
    places: int
    least: int
    most: int


@dataclass(frozen=True)
class ShopTold:
    """One shop. ``opens``, ``closes``: as HH:MM, empty where nobody says; ``outside``: sales out of these hours;
    ``owed``: debits less cancels, to the rupiah, nothing else."""

    id_ewarong: str
    name: str
    kecamatan: str
    kelurahan: str
    opens: str
    closes: str
    sales: int
    spent: int
    cards: int
    outside: int
    owed: int
    visit: bool


@dataclass(frozen=True)
class HourSold:
    """Sales that began in this hour of the day. ``id_ewarong``: empty: at all shops."""

    id_ewarong: str
    hour: int
    sales: int


@dataclass(frozen=True)
class FlagTold:
    """One rule about one subject: :class:`~ssn_card.audit.rules.outcome.Flag` without its receipts."""

    rule: str
    score: float
    measure: float
    peers: Peers
    reason: Said
    receipt_count: int
    rupiah: int
    first_on: date | None
    last_on: date | None


@dataclass(frozen=True)
class MonthOf:
    """What one subject did in a month: sales, of a companion overrides."""

    month: date
    count: int
    rupiah: int


@dataclass(frozen=True)
class ProofReceipt:
    """A receipt that shows something. ``goods``: lines of its basket in words, empty where none is at hand."""

    rules: tuple[str, ...]
    serial: str
    seq: int
    type: int
    at: datetime
    id_ewarong: str
    amount: int
    balance_after: int
    goods: str


@dataclass(frozen=True)
class Suspect:
    """Whom something speaks against, the gravest first.

    ``place``: kecamatan and kelurahan; ``name``: of a shop, or a companion's number; of people only where personal
    data were asked for; ``cards``: the serials, of a family or card; ``receipts``: most telling ones, only of those
    told in full, as are ``months``.
    """

    rank: int
    subject: Subject
    who: str
    name: str
    place: str
    score: float
    visit: bool
    flags: tuple[FlagTold, ...]
    cards: tuple[str, ...] = ()
    months: tuple[MonthOf, ...] = ()
    receipts: tuple[ProofReceipt, ...] = ()


@dataclass(frozen=True)
class RuleTold:
    """One rule as it was applied. ``source``: where it comes from; ``not_judged``: why not, wholly or in part."""

    code: str
    title: Said
    source: str
    flags: int
    visits: int
    not_judged: tuple[Said, ...]
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class SideFile:
    """A file of the offices: whether it was there, and how many rows it has."""

    name: str
    text: Said
    given: bool
    rows: int | None


@dataclass(frozen=True)
class InputTold:
    """A file that was read, by the name that it was given by."""

    kind: str
    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Checked:
    """The verification of the receipts. ``figures``, ``kinds``: as an attestation states them; ``ends``: cards whose
    newest receipt is known; ``whole``: the files were said to be all there is."""

    figures: Mapping[str, int]
    kinds: Mapping[str, int]
    wrong_keys: bool
    ends: int
    whole: bool
    keys: str
    key_versions: tuple[int, ...]


@dataclass(frozen=True)
class Overdrawn:
    """``rupiah`` more were disbursed than the budget has."""

    policy_id: int | None
    kode_kecamatan: str
    rupiah: int


@dataclass(frozen=True)
class AccountsTold:
    """How the accounts stand, in cards and rupiah.

    Args:
        identities: sums that were added up on two ways, and are one.
        cards, whole: of them with every number in hand.
        contradicting, contradicted: cards whose receipts contradict each other, and what is in doubt for it.
        claims: what offices say and receipts disprove.
        cancels_withheld, withheld: cancellations that a shop gave and did not hand in; the debits that still stand.
        overdrawn: where more was disbursed than budgeted.
    """

    identities: int
    cards: int
    whole: int
    contradicting: int
    contradicted: int
    claims: int
    cancels_withheld: int
    withheld: int
    overdrawn: tuple[Overdrawn, ...]


@dataclass(frozen=True)
class Personal:
    """Why names are in this report."""

    reason: str
    people: int


@dataclass(frozen=True)
class ReportData:
    """A report. ``dated``: the day that stands on it; ``first_on``, ``last_on``: of the receipts; ``visiting``:
    parameters that decide on a visit; ``remarks``: what does not fit together in what was handed in."""

    dated: date
    software: str
    first_on: date
    last_on: date
    totals: SalesTotals
    suspects: tuple[Suspect, ...]
    kecamatan: tuple[Kecamatan, ...]
    months: tuple[MonthSpent, ...]
    money: tuple[PolicyMoney, ...]
    unplaced: tuple[Unplaced, ...]
    accounts: AccountsTold
    shops: tuple[ShopTold, ...]
    hours: tuple[HourSold, ...]
    checked: Checked
    rules: tuple[RuleTold, ...]
    side_files: tuple[SideFile, ...]
    inputs: tuple[InputTold, ...]
    visiting: Mapping[str, Any]
    remarks: tuple[Said, ...] = ()
    personal: Personal | None = None
    schema: Literal["ssn-card/audit-report/1"] = "ssn-card/audit-report/1"

    @property
    def visits(self) -> tuple[Suspect, ...]:
        """Those who should be visited."""
        return tuple(one for one in self.suspects if one.visit)


_ADAPTER = TypeAdapter(ReportData)


def report_json(data: ReportData) -> bytes:
    """The text of ``report.json``."""
    return _ADAPTER.dump_json(data, indent=1) + b"\n"


def report_from_json(text: bytes) -> ReportData:
    """The inverse of :func:`report_json`. Raises ``pydantic.ValidationError``."""
    return _ADAPTER.validate_json(text)


def report_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of ``report.json``."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_ADAPTER.json_schema(mode="serialization")}
