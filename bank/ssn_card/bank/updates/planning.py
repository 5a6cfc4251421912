# SPDX-License-Identifier: Apache-2.0
"""The next update of each card of a run: the entitlement room's plan, with what the store knows of card and family."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ssn_card.entitlement import Entitlement, Register
from ssn_card.entitlement.plan import Planner, Target, Wishes
from ssn_card.entitlement.rules import usable
from ssn_card.programme import Policies, Policy
from ssn_card.protocol.errors import SsnCardError, Text

from ..cards.loads import family_loads, predecessors
from ..store.tables.cards import CardRow, MissedLoadRow, ReplacementRow
from ..store.tables.people import PersonState
from .choice import STOPPED_NOW, ChosenCards, forced_state, refusal
from .order import RunKind, RunOrder

UNCHANGED: Final = Text("nothing to change", "tidak ada yang berubah")
UNCOUNTED: Final = Text("what its old card has left is not counted yet", "sisa kartu lamanya belum dihitung")
FIRST: Final = Text("has had no update yet", "belum pernah menerima pembaruan")


@dataclass(frozen=True)
class Planned:
    """One card's next update."""

    card: ChosenCards
    base: Entitlement | None  #: the newest that was issued
    entitlement: Entitlement
    elsewhere: int  #: rupiah of the family's loads that are not on this card
    granted: tuple[MissedLoadRow, ...] = ()

    @property
    def loaded(self) -> int:
        """Rupiah that it loads."""
        return self.entitlement.loaded_total - (0 if self.base is None else self.base.loaded_total)


@dataclass
class RunPlan:
    """All cards of a run: those that get an update, and those that do not and why."""

    planned: list[Planned] = field(default_factory=list)
    left_out: list[tuple[str, Text]] = field(default_factory=list)
    missed: list[tuple[ChosenCards, Text]] = field(default_factory=list)  #: cards that a load would have been for


class RunPlanner:
    """Plans runs at one moment."""

    def __init__(
        self, session: Session, register: Register, policies: Policies, order: RunOrder, moment: dt.datetime
    ) -> None:
        """``session``: of a store into which the register was mirrored; ``moment``: the bank's local time."""
        self._session = session
        self._register = register
        self._policies = policies
        self._order = order
        self._moment = moment
        self._lost = {card.serial for card in register.barred()}
        self._replaced = {row.new_serial for row in session.scalars(select(ReplacementRow)) if row.new_serial}
        self._successors = set(session.scalars(select(CardRow.serial).where(CardRow.replaces.is_not(None))))
        self._missed: dict[int, list[MissedLoadRow]] = {}
        for row in session.scalars(select(MissedLoadRow).where(MissedLoadRow.granted_serial.is_(None))):
            self._missed.setdefault(row.person_id, []).append(row)
        granted = select(MissedLoadRow.granted_serial).where(MissedLoadRow.granted_serial.is_not(None))
        self._granted = set(session.scalars(granted))

    def plan(self, cards: Iterable[ChosenCards]) -> RunPlan:
        """The next update of each; what cannot be planned for a card leaves it out, with the reason."""
        plan = RunPlan()
        for card in cards:
            why = refusal(self._order.kind, card)
            if why is not None:
                plan.left_out.append((card.serial, why))
                continue
            try:
                found = self.next(card)
            except SsnCardError as error:
                plan.left_out.append((card.serial, error.text))
                continue
            if isinstance(found, Text):
                plan.left_out.append((card.serial, found))
            else:
                plan.planned.append(found)
        return plan

    def next(self, card: ChosenCards) -> Planned | Text:
        """The card's next update, or why it gets none. Raises as ``Planner.next``."""
        serial = bytes.fromhex(card.serial)
        newest = self._register.newest(serial)
        base = None if newest is None else newest.entitlement
        if card.serial in self._successors and card.serial not in self._replaced:
            return UNCOUNTED
        kind = self._order.kind
        follows = card.serial in self._replaced
        if kind is RunKind.CARRY and not follows and not self._due(card):
            return UNCHANGED
        if base is None and not follows and kind not in (RunKind.LOAD, RunKind.ACTIVATE, RunKind.BLOCK):
            return FIRST
        granted = self._due(card)
        family = None
        if follows or granted or card.serial in self._granted:
            family = family_loads(self._session, card.serial, granted)
        target = Target(serial, card.serial, family=family)
        wishes = self._wishes(card, base)
        if kind is RunKind.BLOCK and base is None and family is None:
            wishes = dataclasses.replace(wishes, tranche=0)  # nothing was ever loaded
        planner = Planner(self._register, self._policies, wishes, self._moment)
        entitlement = planner.next(target)
        if card.serial in self._lost and usable(entitlement):
            return STOPPED_NOW
        if base is not None and _same(base, entitlement):
            return UNCHANGED
        return Planned(card, base, entitlement, target.elsewhere, tuple(granted))

    def _due(self, card: ChosenCards) -> Sequence[MissedLoadRow]:
        """Missed loads that this update brings: any that loads, once the person is entitled again."""
        if card.person_id is None or card.person_state is PersonState.DEACTIVATED or card.replacement is not None:
            return ()
        return self._missed.get(card.person_id, ()) if self._order.kind in (RunKind.LOAD, RunKind.CARRY) else ()

    def _wishes(self, card: ChosenCards, base: Entitlement | None) -> Wishes:
        wishes = self._order.wishes()
        forced = forced_state(self._order.kind, card)
        if forced is not None:
            wishes = dataclasses.replace(wishes, state=forced)
        if card.serial in self._replaced and wishes.monthly_limit is None:
            wishes = self._month_once(card, base, wishes)
        return wishes

    def _month_once(self, card: ChosenCards, base: Entitlement | None, wishes: Wishes) -> Wishes:
        """The limits of a card in whose family's month earlier ones have spent; the policy's again when it is over."""
        policy = self._policy(base, wishes)
        if policy is None:
            return wishes
        spent: dict[str, int] = {}  # by month, on all earlier cards
        for row in predecessors(self._session, card.serial):
            if row.month is not None:
                spent[row.month] = spent.get(row.month, 0) + row.month_spent
        month = self._moment.strftime("%Y-%m")
        if month in spent:
            limit, above = _lowered(policy, spent[month])
            return dataclasses.replace(wishes, monthly_limit=limit, override_max=above)
        was_lowered = base is not None and base.monthly_limit < policy.monthly_limit
        if was_lowered and base is not None and base.issued_at.strftime("%Y-%m") in spent:
            return dataclasses.replace(wishes, monthly_limit=policy.monthly_limit, override_max=policy.override_max)
        return wishes

    def _policy(self, base: Entitlement | None, wishes: Wishes) -> Policy | None:
        if wishes.policy is not None:
            return self._policies.find(wishes.policy)
        return self._policies.for_date(self._moment.date()) if base is None else self._policies.find(base.policy_id)


def _lowered(policy: Policy, spent: int) -> tuple[int, int]:
    """What is left of a month: of its limit, and of what companions may add to it."""
    above = max(0, spent - policy.monthly_limit)
    return max(0, policy.monthly_limit - spent), max(0, policy.override_max - above)


def _same(base: Entitlement, planned: Entitlement) -> bool:
    return dataclasses.replace(planned, update_seq=base.update_seq, issued_at=base.issued_at) == base
