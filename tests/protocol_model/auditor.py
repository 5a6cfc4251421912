# SPDX-License-Identifier: Apache-2.0
"""An auditor: receipts of one card, its RECEIPT keys, and nothing else.

Recomputes balance, month, limit and the PIN's floor, exactly along unbroken runs. Behind a gap a receipt itself says
how much was spent in it, in which month, and under which entitlement; what it does not say (raises by companions, where
the PIN was last given) is held between bounds, so that an honest card is never accused.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from .terms import (
    CANCEL,
    DEBIT,
    GIVEN,
    MONTH,
    NOT_DUE,
    OVERRIDE,
    RECEIPT,
    UPDATE,
    Body,
    Entitlement,
    Receipt,
    ring,
)

ANY = 1 << 32
Range = tuple[int, int]


class Account(NamedTuple):
    """What is known behind one receipt. A range of one number is exact; ``None`` is not known."""

    seq: int
    spent_in_gap: int | None  #: net, since the receipt before in hand; 0 where there is no gap
    limit: Range | None
    floor: Range | None


class Finding(Exception):
    """What is not as a card does it."""


class Auditor:
    def __init__(self, serial: int) -> None:
        self._serial = serial
        self._keys = ring(RECEIPT, serial=serial)
        self._stated: dict[int, Entitlement] = {}
        self._last: Receipt | None = None
        self._raised: dict[int, Range] = {}  #: by companions, by month
        self._elsewhere: Range = (0, 0)  #: in every other month: a card remembers one
        self._floor: Range = (0, 0)

    def audit(self, receipts: Iterable[Receipt]) -> list[Account]:
        """In the order of their numbers. Raises :class:`Finding`."""
        return [self._next(one) for one in receipts]

    def _next(self, receipt: Receipt) -> Account:
        if receipt.mac is not self._keys.mac((RECEIPT, receipt.key_version, self._serial), tuple(receipt[:-1])):
            raise Finding("forged")
        last, gap = self._last, 0 if self._last is None else receipt.seq - self._last.seq - 1
        old = None if last is None else self._stated.get(last.update_seq)
        if isinstance(receipt.body, Entitlement):
            self._stated[receipt.body.seq] = receipt.body
        in_gap: int | None = 0
        new = self._stated.get(receipt.update_seq)
        if gap:
            in_gap = self._spent_in(receipt)
            self._forget(receipt, new)
        elif last is not None:
            self._follow(last, receipt, old, new)
        elif receipt.seq != 1:
            raise Finding("the first is missing")
        self._raises(receipt)
        if last is None or gap:
            self._known_pin(receipt, new)
        if new is None:
            self._floor = (-ANY, ANY)
        limit = self._limit(receipt, new, receipt.month)
        if receipt.kind == DEBIT and limit is not None and receipt.month_spent > limit[1]:
            raise Finding("more than the month's limit")
        self._last = receipt
        return Account(receipt.seq, in_gap, limit, None if new is None else self._floor)

    def _spent_in(self, receipt: Receipt) -> int | None:
        """Net spending is granted less balance, in every receipt."""
        last = self._last
        assert last is not None
        if not receipt.update_seq or not last.update_seq:
            return None
        net = (receipt.granted - receipt.balance) - (last.granted - last.balance)
        return net - self._change(receipt)

    @staticmethod
    def _change(receipt: Receipt) -> int:
        if not isinstance(receipt.body, Body):
            return 0
        return {DEBIT: receipt.body.amount, CANCEL: -receipt.body.amount, OVERRIDE: 0}[receipt.kind]

    def _forget(self, receipt: Receipt, new: Entitlement | None) -> None:
        most = max((one.override_max for one in self._stated.values()), default=0)
        same = self._last is not None and receipt.update_seq == self._last.update_seq and new is not None
        self._raised, self._elsewhere = {}, (0, most if same else ANY)
        self._floor = (-ANY, ANY) if new is None else (receipt.balance - new.pin_above, ANY)

    def _follow(self, last: Receipt, receipt: Receipt, old: Entitlement | None, new: Entitlement | None) -> None:
        if receipt.previous is not last.mac:
            raise Finding("another history")
        if not receipt.update_seq:
            return  # today's receipts: what follows needs what they do not say
        if receipt.granted - receipt.balance != last.granted - last.balance + self._change(receipt):
            raise Finding("spending")
        if receipt.kind == UPDATE:
            self._follow_update(last, receipt, old)
            return
        if (receipt.granted, receipt.update_seq) != (last.granted, last.update_seq):
            raise Finding("granted without an update")
        assert isinstance(receipt.body, Body)
        month = receipt.body.moment // MONTH if receipt.kind == DEBIT else last.month
        spent = self._change(receipt) + (last.month_spent if month == last.month else 0)
        if (receipt.month, receipt.month_spent) != (month, spent):
            raise Finding("month")
        if new is not None and receipt.kind != OVERRIDE:
            self._pin(receipt, new)

    def _follow_update(self, last: Receipt, receipt: Receipt, old: Entitlement | None) -> None:
        new = receipt.body
        assert isinstance(new, Entitlement)
        if old is None:
            self._forget(receipt, new)
            return
        if receipt.balance != min(last.balance + new.loaded - old.loaded, new.loaded - new.expired):
            raise Finding("balance behind an update")
        mended = new.mend_count > old.mend_count and last.month > new.mended_to
        if receipt.month != (new.mended_to if mended else last.month) or receipt.month_spent != last.month_spent:
            raise Finding("month behind an update")
        shift = receipt.balance - last.balance + old.pin_above - new.pin_above
        self._floor = (self._floor[0] + shift, self._floor[1] + shift)

    def _raises(self, receipt: Receipt) -> None:
        if receipt.kind != OVERRIDE or not isinstance(receipt.body, Body):
            return
        month = receipt.body.moment // MONTH
        low, high = self._raised.get(month, self._elsewhere)
        self._raised, self._elsewhere = {month: (low + receipt.body.amount, high + receipt.body.amount)}, (0, 0)

    def _limit(self, receipt: Receipt, new: Entitlement | None, month: int) -> Range | None:
        if new is None:
            return None
        low, high = self._raised.get(month, self._elsewhere)
        return new.limit + low, new.limit + high

    def _pin(self, receipt: Receipt, new: Entitlement) -> None:
        """The rule, and what the movement does to the floor."""
        low, high = self._floor
        if receipt.kind == CANCEL:
            least = receipt.balance - new.pin_above
            self._floor = (max(low, least), max(high, least))
        elif receipt.pin == NOT_DUE:
            if receipt.balance < low:
                raise Finding("a PIN was due")
            self._floor = (low, min(high, receipt.balance))
        else:
            self._known_pin(receipt, new)

    def _known_pin(self, receipt: Receipt, new: Entitlement | None) -> None:
        if new is None:
            return
        if (receipt.kind == UPDATE and receipt.seq == 1) or (receipt.kind == DEBIT and receipt.pin == GIVEN):
            self._floor = (receipt.balance - new.pin_above,) * 2
        elif receipt.kind == DEBIT and receipt.pin == NOT_DUE:
            self._floor = (self._floor[0], min(self._floor[1], receipt.balance))
