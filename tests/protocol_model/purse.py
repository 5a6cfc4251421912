# SPDX-License-Identifier: Apache-2.0
"""The rules of money: what one record of the card holds, and how each movement and update changes it.

No sessions and no MACs. A card changes a copy and puts it in place by one write. ``spent``, ``refunded`` and
``withdrawn`` are the witness's: the card derives them.
"""

from __future__ import annotations

from .repairs import Repairs
from .terms import (
    BALANCE,
    BEFORE_MONTH,
    CATEGORY,
    EXPIRED,
    INVALID,
    LIMIT,
    MAXIMUM,
    MONTH,
    NOT_CANCELLABLE,
    OK,
    OVERRIDE_MAXIMUM,
    PIN_REQUIRED,
    STATE,
    Body,
    Entitlement,
    Receipt,
)

EMPTY = Entitlement(0, 0, 0, 0, 0, 0, 0, 0, 0, frozenset(), False, 0, 0, 0)
_KEPT = ("entitlement", "granted", "balance", "month", "month_spent", "extra_month", "extra", "floor", "choice")


class Purse:
    __slots__ = (*_KEPT, "refunded", "repairs", "spent", "withdrawn")

    def __init__(self, repairs: Repairs) -> None:
        self.repairs = repairs
        self.entitlement = EMPTY
        self.granted = self.balance = self.month = self.month_spent = self.extra_month = self.extra = 0
        self.floor = 0  #: balance below which a PIN is due
        self.choice = False  #: whether the holder may choose a PIN
        self.spent = self.refunded = self.withdrawn = 0

    def copy(self) -> Purse:
        twin = Purse.__new__(Purse)
        for name in Purse.__slots__:
            setattr(twin, name, getattr(self, name))
        return twin

    def state(self) -> dict[str, object]:
        """All that two ways of delivering updates must agree in; the choice begins with the delivery."""
        return {name: getattr(self, name) for name in _KEPT if name != "choice"}

    def limit(self, month: int) -> int:
        return self.entitlement.limit + (self.extra if month == self.extra_month else 0)

    def debit(self, body: Body, pin_given: bool, has_pin: bool) -> int:
        e, amount, month = self.entitlement, body.amount, body.moment // MONTH
        sw = self._moment(month)
        if sw != OK:
            return sw
        if amount > e.debit_max:
            return MAXIMUM
        if has_pin and not pin_given and self._pin_due(amount):
            return PIN_REQUIRED
        if not body.categories or body.categories & ~e.categories:
            return CATEGORY
        spent = amount + (self.month_spent if month == self.month else 0)
        if spent > self.limit(month):
            return LIMIT
        if amount > self.balance:
            return BALANCE
        self.month, self.month_spent = month, spent
        self.balance -= amount
        self.spent += amount
        if pin_given:
            self.floor = self.balance - e.pin_above
        self._moved()
        return OK

    def cancel(self, body: Body, newest: Receipt) -> int:
        month, old = body.moment // MONTH, newest.body
        sw = self._moment(month)
        if sw != OK:
            return sw
        if (
            newest.kind != "DEBIT"
            or not isinstance(old, Body)
            or newest.mac is not body.mark
            or (old.amount, old.categories, old.terminal) != (body.amount, body.categories, body.terminal)
            or month != self.month
        ):
            return NOT_CANCELLABLE
        self.balance += body.amount
        self.month_spent -= body.amount
        self.refunded += body.amount
        if self.repairs.cancel_raises_floor:
            self.floor = max(self.floor, self.balance - self.entitlement.pin_above)
        self._moved()
        return OK

    def override(self, body: Body) -> int:
        month = body.moment // MONTH
        sw = self._moment(month)
        if sw != OK:
            return sw
        extra = body.amount + (self.extra if month == self.extra_month else 0)
        if extra > self.entitlement.override_max:
            return OVERRIDE_MAXIMUM
        self.extra_month, self.extra = month, extra
        self._moved()
        return OK

    def update(self, new: Entitlement) -> int:
        old, repairs = self.entitlement, self.repairs
        grows = zip((new.loaded, new.expired, new.pin_count, new.mend_count),
                    (old.loaded, old.expired, old.pin_count, old.mend_count), strict=True)  # fmt: skip
        if any(later < earlier for later, earlier in grows) or new.expired > new.loaded or not old.keys <= new.keys:
            return INVALID
        step = new.loaded - old.loaded
        # The whole rule of expiry: what is left is at most what has not expired; the oldest money was spent first.
        balance = min(self.balance + step, new.loaded - new.expired)
        if not repairs.expired_total:
            balance = 0 if new.forfeit else self.balance + step
        change = balance - self.balance
        self.balance = balance
        self.granted += change
        self.withdrawn += step - change
        if repairs.floor_follows_updates:
            self.floor += change + old.pin_above - new.pin_above
        if self._mends(new) and self.month > new.mended_to:
            self.month = new.mended_to
        self.choice = repairs.pin_count and (self.choice or new.pin_count > old.pin_count)
        self.entitlement = new
        return OK

    def _moment(self, month: int) -> int:
        if not self.entitlement.active:
            return STATE
        if month > self.entitlement.valid_until:
            return EXPIRED
        return BEFORE_MONTH if month < self.month else OK

    def _pin_due(self, amount: int) -> bool:
        if self.repairs.pin_over_sum:
            return self.balance - amount < self.floor
        return amount > self.entitlement.pin_above

    def _moved(self) -> None:
        if self.repairs.choice_closed:
            self.choice = False

    def _mends(self, new: Entitlement) -> bool:
        if not self.repairs.mending_counted:
            return new.mend_count > 0
        return self.repairs.month_mended and new.mend_count > self.entitlement.mend_count
