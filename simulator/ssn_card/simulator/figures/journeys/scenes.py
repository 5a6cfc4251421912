# SPDX-License-Identifier: Apache-2.0
"""The three journeys: what is done, on the real applet in the simulator, while the walk is recorded.

Each is done once before it is recorded, so that nothing is imported, compiled or opened for the first time on the way.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from ssn_card.entitlement import Entitlement, issue
from ssn_card.keys import development_keyring
from ssn_card.personalization.card.personalize import personalize
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station.feeder import UrlFeeder
from ssn_card.personalization.station.issuing import extract_rows
from ssn_card.personalization.station.run import run
from ssn_card.programme import load_policies
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.values import LifeState
from ssn_card.receipts import Basket, ReceiptVerifier
from ssn_card.receipts.jsonl import line_of
from ssn_card.terminal import SoftwareTerminalKeys, Terminal, TerminalJournal

from ...campaign.bench import IDENTITY
from ...factory import blank_card
from ...laboratory import LaboratoryConnection
from ...simulator import Simulator
from .walk import Walk

_COUNTED = frozenset(
    {"channel", "entitlement", "keys", "personalization", "programme", "protocol", "receipts", "terminal", "transport"}
)
_DEEPEST = 3  #: what lies in more stops is told by the code
_MOMENT = dt.datetime(2025, 10, 3, 10, 0)
_BASKET = Basket.of(("BERAS", 10, 162_000), ("TELUR", 30, 55_500))
_EXTRACT = """\
nik,no_kk,nama,tanggal_lahir,jenis_kelamin,kode_kecamatan,kecamatan,kelurahan,desil,pendamping
9901017105639001,9901012802109001,Rahmah Pratama,1963-05-31,P,64.72.01,Palaran,Handil Bakti,1,PD-001
"""


@dataclass(frozen=True)
class Journey:
    """One of the three.

    Args:
        name: of the picture and of the document's region.
        title: what is done.
        shown: packages that have stops in it.
        by_folder: the picture's lanes are folders, not files.
        walk: does it once, with the walk on where one is given.
    """

    name: str
    title: str
    shown: frozenset[str]
    walk: Callable[[Simulator, Path, Walk], None]
    by_folder: bool = False


def record(simulator: Simulator, journey: Journey) -> Walk:
    """The walk of a journey's second time."""
    for walk in (_walk(journey), again := _walk(journey)):
        with tempfile.TemporaryDirectory() as folder:
            journey.walk(simulator, Path(folder), walk)
    return again


def _walk(journey: Journey) -> Walk:
    return Walk(_COUNTED, journey.shown, _DEEPEST)


@contextmanager
def _shop(simulator: Simulator, folder: Path) -> Iterator[tuple[Terminal, LaboratoryConnection]]:
    """A terminal and a card that is personalized, active and loaded."""
    keys = development_keyring()
    policy = load_policies().by_id(2025)
    entitlement = Entitlement(
        update_seq=1,
        loaded_total=policy.loaded_after(1),
        monthly_limit=policy.monthly_limit,
        override_max=policy.override_max,
        debit_max=policy.monthly_limit,
        allowed_categories=policy.category_mask(),
        valid_until=policy.valid_until,
        state=LifeState.ACTIVE,
        policy_id=policy.id,
        issued_at=_MOMENT,
    )
    card = blank_card(simulator)
    with (
        LaboratoryConnection(simulator, card) as connection,
        TerminalJournal(folder / "terminal.sqlite", 7) as journal,
    ):
        made = personalize(connection, keys, bytes(7) + b"\x01", IDENTITY)
        terminal = Terminal(SoftwareTerminalKeys(keys), journal, clock=lambda: _MOMENT)
        terminal.deliver(connection, issue(entitlement, made.serial, keys))
        yield terminal, connection
    simulator.remove(card)


def _debit(simulator: Simulator, folder: Path, walk: Walk) -> None:
    with _shop(simulator, folder) as (terminal, card), walk:
        terminal.debit(card, _BASKET, reference="invoice-1")


def _receipt(simulator: Simulator, folder: Path, walk: Walk) -> None:
    with _shop(simulator, folder) as (terminal, card):
        sale = terminal.debit(card, _BASKET, reference="invoice-1")
        receipts = [*reversed(terminal.log(card))]
    file = folder / "receipts.jsonl"
    file.write_text("".join(f"{line_of(one, _BASKET if one == sale.receipt else None)}\n" for one in receipts))
    verifier = ReceiptVerifier(development_keyring())
    with walk:
        verifier.verify_file(file)


def _card(simulator: Simulator, folder: Path, walk: Walk) -> None:
    extract = folder / "beneficiaries.csv"
    extract.write_text(_EXTRACT)
    card = blank_card(simulator)
    policy, keys = load_policies().by_id(2025), development_keyring()
    feeder = UrlFeeder([card.url])
    with Journal.create(folder / "journal.sqlite", SecretKey(bytes(range(16)), "secret of a journey")) as journal, walk:
        rows = extract_rows(extract, policy)
        run(rows, policy, keys, [feeder], journal, folder / "results.jsonl", clock=lambda: _MOMENT)
    simulator.remove(card)


JOURNEYS = (
    Journey(
        "debit",
        "One debit: from the vendor's call to the stored receipt",
        frozenset({"terminal", "receipts"}),
        _debit,
    ),
    Journey(
        "card",
        "One card through the station",
        frozenset({"personalization", "channel"}),
        _card,
        by_folder=True,
    ),
    Journey(
        "receipt",
        "One receipt through the verifier",
        frozenset({"receipts", "keys", "programme"}),
        _receipt,
    ),
)
