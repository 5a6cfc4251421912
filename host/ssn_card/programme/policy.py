# SPDX-License-Identifier: Apache-2.0
"""What the programme has decided for a period: amounts, limits, goods. Policy is data, read from a TOML file.

All amounts are whole rupiah below 2^31, as on the card (docs: card design, section 1). Some values may be left out of
the file; for the card's entitlement the defaults are the narrowest that still let the policy work:

===============  ==========================================================================================
``debit_max``    ``monthly_limit``: one purchase may use up a whole month
``override_max`` one more ``monthly_limit`` where ``override_needs_companion``, else 0: where the policy names no
                 companion nobody can confirm a need, so the limit holds
``pin_above``    ``None``: no debit asks for a PIN
``expires``      none: what is left of a load stays on the card
===============  ==========================================================================================
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator

from ssn_card.programme.errors import PolicyExpired, ProgrammeDataError, UnknownPolicyError, place
from ssn_card.programme.reasons import Unfit
from ssn_card.programme.staple import Staples, load_staples
from ssn_card.programme.tables import Entry, decode, model_error, packaged, read_bytes
from ssn_card.protocol.errors import Text

AMOUNT_MAX = 2**31 - 1  #: rupiah; the card keeps amounts as positive 32-bit numbers

Rupiah = Annotated[int, Field(ge=0, le=AMOUNT_MAX, strict=True)]


def _ascending(deciles: tuple[int, ...]) -> tuple[int, ...]:
    if list(deciles) != sorted(set(deciles)):
        raise Unfit("deciles must ascend without repetition", "deciles harus menaik tanpa pengulangan")
    return deciles


class Policy(Entry):
    """One ``[[policy]]`` of policies.toml. Constructing one raises pydantic's ``ValidationError``."""

    id: Annotated[int, Field(ge=1, le=0xFFFF, strict=True)]
    name: Annotated[str, Field(min_length=1)]
    valid_from: date
    valid_until: date  #: last day on which a card of this policy can be debited
    entitlement_total: Rupiah  #: per family over the whole period
    tranches: tuple[Rupiah, ...]  #: loads in order; their sum is ``entitlement_total``. Default: one load
    monthly_limit: Rupiah
    package: Rupiah | None = None  #: a step of value of which the monthly limit is a multiple; never a forced bundle
    override_needs_companion: bool = False
    override_max: Rupiah  #: rupiah above ``monthly_limit`` in one month, all overrides together
    debit_max: Rupiah  #: largest single debit
    pin_above: Rupiah | None = None  #: spent in sum without the PIN at most; ``None``: no PIN is ever needed
    #: Last day of each load, in order: what is left of it then is withdrawn. Default: nothing expires by itself.
    expires: tuple[date, ...] = ()
    shops: Annotated[int, Field(ge=0, strict=True)]  #: how many shops take part
    deciles: Annotated[tuple[Annotated[int, Field(ge=1, le=10)], ...], AfterValidator(_ascending)] = ()
    categories: Annotated[tuple[str, ...], Field(min_length=1)]  #: staple codes

    @model_validator(mode="before")
    @classmethod
    def _defaults(cls, data: Any) -> Any:
        if not isinstance(data, Mapping) or "monthly_limit" not in data or "entitlement_total" not in data:
            return data
        extra = data["monthly_limit"] if data.get("override_needs_companion") is True else 0
        return {
            "tranches": (data["entitlement_total"],),
            "debit_max": data["monthly_limit"],
            "override_max": extra,
            **data,
        }

    @model_validator(mode="after")
    def _loads_fit(self) -> Self:
        if self.valid_until < self.valid_from:
            raise Unfit("valid_until is before valid_from", "valid_until mendahului valid_from")
        if sum(self.tranches) != self.entitlement_total:
            total, wanted = sum(self.tranches), self.entitlement_total
            raise Unfit(
                f"tranches add up to {total}, entitlement_total is {wanted}",
                f"jumlah tranches {total}, entitlement_total {wanted}",
            )
        if 0 in self.tranches:
            raise Unfit("tranches must be above 0", "tranches harus di atas 0")
        if self.expires and len(self.expires) != len(self.tranches):
            raise Unfit("expires must name a day for each tranche", "expires harus memuat satu hari tiap tahap")
        if list(self.expires) != sorted(self.expires) or any(day < self.valid_from for day in self.expires):
            raise Unfit(
                "expires must ascend and not precede valid_from", "expires harus menaik dan tidak mendahului valid_from"
            )
        return self

    @model_validator(mode="after")
    def _limits_fit(self) -> Self:
        if not 0 < self.monthly_limit <= self.entitlement_total:
            raise Unfit(
                "monthly_limit must be above 0 and at most entitlement_total",
                "monthly_limit harus di atas 0 dan paling banyak entitlement_total",
            )
        if self.package is not None and (self.package == 0 or self.monthly_limit % self.package):
            raise Unfit("monthly_limit must be a multiple of package", "monthly_limit harus kelipatan package")
        if not 0 < self.debit_max <= self.monthly_limit + self.override_max:
            raise Unfit(
                "debit_max must be above 0 and at most monthly_limit plus override_max",
                "debit_max harus di atas 0 dan paling banyak monthly_limit ditambah override_max",
            )
        if self.override_max and not self.override_needs_companion:
            raise Unfit(
                "override_max above 0 needs override_needs_companion = true",
                "override_max di atas 0 memerlukan override_needs_companion = true",
            )
        if self.monthly_limit + self.override_max > AMOUNT_MAX:
            raise Unfit(
                "monthly_limit plus override_max must stay below 2^31",
                "monthly_limit ditambah override_max harus di bawah 2^31",
            )
        if len(set(self.categories)) != len(self.categories):
            raise Unfit("categories name a staple twice", "categories menyebut satu bahan dua kali")
        return self

    def in_force(self, day: date) -> bool:
        """Whether ``day`` lies within the policy's period, both ends included."""
        return self.valid_from <= day <= self.valid_until

    def require_not_over(self, today: date) -> None:
        """Raises :class:`PolicyExpired` after the policy's last day; before its first day it can be prepared for."""
        if today > self.valid_until:
            raise PolicyExpired(self.id, self.valid_until)

    def expired_after(self, loaded: int, today: date) -> int:
        """Rupiah of this policy's loads that have expired before ``today``, ``loaded`` of them being on the card."""
        over = sum(day < today for day in self.expires)
        return min(loaded, sum(self.tranches[:over]))

    def next_expiry(self, loaded: int, today: date) -> date | None:
        """The next day on which something of ``loaded`` rupiah of this policy expires; ``None`` if nothing does."""
        begun = (sum(self.tranches[:number]) for number in range(len(self.expires)))
        days = (day for day, before in zip(self.expires, begun, strict=True) if before < loaded and day >= today)
        return next(days, None)

    def category_mask(self, staples: Staples | None = None) -> int:
        """The 16-bit mask of allowed categories, as the card's entitlement carries it."""
        return (staples or load_staples()).mask(self.categories)

    def allows_decile(self, decile: int) -> bool:
        """Whether a family of that welfare decile (1-10) is covered; a policy without deciles covers all."""
        return not self.deciles or decile in self.deciles

    def loaded_after(self, tranche: int) -> int:
        """Total rupiah ever loaded once ``tranche`` (1-based) is out: updates carry totals, not steps."""
        if not 1 <= tranche <= len(self.tranches):
            raise UnknownPolicyError(
                Text(
                    "policy {id} has no tranche {n}, it has {count}",
                    "kebijakan {id} tidak punya tahap {n}, ada {count}",
                ).filled(id=self.id, n=tranche, count=len(self.tranches))
            )
        return sum(self.tranches[:tranche])


@dataclass(frozen=True, slots=True)
class Policies:
    """All policies of a file, in the order of their first day; no two are in force on one day."""

    entries: tuple[Policy, ...]

    def __iter__(self) -> Iterator[Policy]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)

    def find(self, policy_id: int) -> Policy | None:
        """The policy with that number, or ``None``."""
        return next((policy for policy in self.entries if policy.id == policy_id), None)

    def by_id(self, policy_id: int) -> Policy:
        """The policy with that number. Raises :class:`UnknownPolicyError`."""
        if (policy := self.find(policy_id)) is not None:
            return policy
        raise UnknownPolicyError(Text("there is no policy {id}", "tidak ada kebijakan {id}").filled(id=policy_id))

    def for_date(self, day: date) -> Policy:
        """The policy in force on that day. Raises :class:`UnknownPolicyError`."""
        for policy in self.entries:
            if policy.in_force(day):
                return policy
        raise UnknownPolicyError(
            Text("no policy is in force on {day}", "tidak ada kebijakan yang berlaku pada {day}").filled(
                day=day.isoformat()
            )
        )


def load_policies(path: Path | None = None, staples: Staples | None = None) -> Policies:
    """The policies of a TOML file (default: the shipped one), checked against the staples there are.

    Raises :class:`ProgrammeDataError` with ``file:line field``.
    """
    path = path or packaged("policies.toml")
    text = decode(path, read_bytes(path))
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        raise ProgrammeDataError(
            Text("not TOML: {why}", "bukan TOML yang benar").filled(why=error),
            where=place(path, int(found[1]) if found else None),
        ) from error
    tables = document.get("policy")
    if set(document) != {"policy"} or not isinstance(tables, list) or not tables:
        raise ProgrammeDataError(
            Text("the file must hold [[policy]] tables and nothing else", "berkas hanya boleh berisi tabel [[policy]]"),
            where=place(path),
        )
    staples = staples or load_staples()
    policies = [_policy(path, text, index, table, staples) for index, table in enumerate(tables)]
    _refuse_clashes(path, text, policies)
    return Policies(tuple(sorted(policies, key=lambda policy: policy.valid_from)))


def _policy(path: Path, text: str, index: int, table: object, staples: Staples) -> Policy:
    try:
        policy = Policy.model_validate(table)
    except ValidationError as error:
        location = error.errors(include_url=False)[0]["loc"]
        field = str(location[0]) if location else None
        raise model_error(path, _line(text, index, field), error) from error
    for code in policy.categories:
        if code not in staples.by_code:
            raise ProgrammeDataError(
                Text("there is no staple {code}", "tidak ada bahan pokok {code}").filled(code=code),
                where=place(path, _line(text, index, "categories"), "categories"),
            )
    return policy


def _refuse_clashes(path: Path, text: str, policies: list[Policy]) -> None:
    for index, policy in enumerate(policies):
        for other in policies[:index]:
            if other.id == policy.id:
                raise ProgrammeDataError(
                    Text("policy {id} stands there twice", "kebijakan {id} tertulis dua kali").filled(id=policy.id),
                    where=place(path, _line(text, index, "id"), "id"),
                )
            if policy.valid_from <= other.valid_until and other.valid_from <= policy.valid_until:
                raise ProgrammeDataError(
                    Text(
                        "the periods of policies {one} and {two} overlap",
                        "masa kebijakan {one} dan {two} tumpang tindih",
                    ).filled(one=other.id, two=policy.id),
                    where=place(path, _line(text, index, "valid_from"), "valid_from"),
                )


def _line(text: str, index: int, field: str | None) -> int | None:
    """Line of ``field`` in the ``index``-th ``[[policy]]``, or of the table's head; ``None`` in inline notation."""
    head: int | None = None
    tables = -1
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(r"\s*\[\[\s*policy\s*\]\]", line):
            tables += 1
            if tables > index:
                break
            head = number if tables == index else None
        elif tables == index and field and re.match(rf"\s*\"?{re.escape(field)}\"?\s*=", line):
            return number
    return head if tables >= index else None
