# SPDX-License-Identifier: Apache-2.0
"""A card's purse, one event after another in plain Python, after docs/protocol.md: what the plan's numpy is held to."""

from __future__ import annotations

from dataclasses import dataclass, field

from ssn_card.entitlement import Entitlement
from ssn_card.protocol.values import LifeState
from ssn_card.simulator.programme.plan import Plan
from ssn_card.simulator.programme.plan.events import Fault, Step


@dataclass
class Purse:
    """``months``: spent by month; ``raised``: added by companions by month."""

    pin: bool
    terms: Entitlement | None = None
    balance: int = 0
    granted: int = 0
    free: int = 0
    month: str = ""
    spent: int = 0
    raised: dict[str, int] = field(default_factory=dict)
    last: tuple[int, int] | None = None

    def update(self, new: Entitlement) -> None:
        old = self.terms
        assert old is None or new.update_seq > old.update_seq
        before, left = (old.loaded_total, self.balance) if old else (0, 0)
        assert new.loaded_total >= before
        self.balance = min(left + new.loaded_total - before, new.loaded_total - new.expired_total)
        self.granted += self.balance - left
        self.free += new.pin_above - (old.pin_above if old else 0)
        self.terms, self.last = new, None

    def require_live(self, month: str) -> Entitlement:
        assert self.terms is not None
        assert self.terms.state is LifeState.ACTIVE
        assert month >= self.month
        return self.terms

    def debit(self, month: str, amount: int, given: bool, terminal: int) -> None:
        terms = self.require_live(month)
        spent = self.spent if month == self.month else 0
        assert 0 < amount <= min(terms.debit_max, self.balance)
        assert spent + amount <= terms.monthly_limit + self.raised.get(month, 0)
        assert not self.pin or given or amount <= self.free
        assert self.pin or not given
        self.month, self.spent, self.balance = month, spent + amount, self.balance - amount
        self.free = terms.pin_above if given else self.free - amount
        self.last = (amount, terminal)

    def cancel(self, month: str, terminal: int) -> int:
        terms = self.require_live(month)
        assert month == self.month
        assert self.last is not None
        assert self.last[1] == terminal
        amount, self.last = self.last[0], None
        self.spent, self.balance = self.spent - amount, self.balance + amount
        self.free = min(self.free + amount, terms.pin_above)
        return amount

    def override(self, month: str, amount: int) -> None:
        terms = self.require_live(month)
        self.raised[month] = self.raised.get(month, 0) + amount
        assert self.raised[month] <= terms.override_max
        self.last = None


def played(year: Plan) -> list[Purse]:
    """The purses of a plan's cards after all that is planned, which every card may do."""
    totals = [basket.total for basket in year.baskets]
    months = year.events["at"].astype("datetime64[s]").astype("datetime64[M]").astype(str).tolist()
    purses = [Purse(pin) for pin in year.pins.tolist()]
    for event, month in zip(year.events.tolist(), months, strict=True):
        card, _, _, step, fault, terminal, basket, amount, _, given, update, _, _ = event
        purse = purses[card]
        if step == Step.UPDATE:
            purse.update(year.updates[update])
        elif step == Step.CHOOSE_PIN:
            purse.pin = True
        elif step == Step.DEBIT and fault != Fault.TORN:
            purse.debit(month, totals[basket], given, terminal)
        elif step == Step.CANCEL:
            assert purse.cancel(month, terminal) == totals[basket]
        elif step == Step.OVERRIDE:
            purse.override(month, amount)
    return purses
