# SPDX-License-Identifier: Apache-2.0
"""What the receipts of one card say of it, receipt by receipt: the auditor's own books, kept without the UPDATE key.

Balance, spending and month stand in every receipt, the entitlement in those of updates. What does not (the limit with
what companions have added to it, the balance below which a PIN was due) is carried along here: exactly while no receipt
is missing, between bounds behind a gap, so that an honest card is never accused. The rules: docs/protocol.md, purse and
updates.
"""

from __future__ import annotations

from typing import NamedTuple

from ssn_card.protocol.layouts import RECEIPT
from ssn_card.protocol.values import KeySelection, LifeState, PinState, ReceiptType

from .receipt import Receipt

#: Nothing bounds it: more than any amount, and less than any, negated.
ANY = 1 << 32
Range = tuple[int, int]  #: least and most; twice the same where it is known

NO_MONTH = bytes(2)
NO_DAY = bytes(3)  #: before every day
UNKNOWN: Range = (-ANY, ANY)


def _before_the_first() -> Receipt:
    """What a card has set before its first receipt, in the form of an update's: nothing at all."""
    blank = Receipt(bytes(RECEIPT.size)).altered(type=bytes((ReceiptType.UPDATE,)))
    return blank.altered(state=bytes((LifeState.ISSUED,)))


class Account(NamedTuple):
    """What is known behind one receipt.

    ``stated`` is the receipt of the newest update in hand; ``raised`` what companions have added to ``raised_month``,
    ``elsewhere`` to any other month; ``raised_most`` the most that may ever have been added to one; ``floor`` the
    balance below which a debit needs the PIN; ``pin`` the PIN state of the newest movement, ``None`` before it;
    ``chosen`` whether a PIN may have been chosen since; ``moved_on`` whether the newest receipt is that of an update
    which moved RECEIPT on, ``None`` where it may be; ``day`` the newest day of any movement, BCD YYMMDD,
    which no missing receipt takes back.
    """

    newest: Receipt
    stated: Receipt
    raised_month: bytes = NO_MONTH
    raised: Range = (0, 0)
    elsewhere: Range = (0, 0)
    raised_most: int = 0
    floor: Range = (0, 0)
    pin: int | None = None
    chosen: bool = False
    moved_on: bool | None = False
    day: bytes = NO_DAY

    @property
    def entitlement(self) -> Receipt | None:
        """The update whose entitlement is in force, or ``None`` where its receipt is not in hand."""
        return self.stated if self.stated.update_seq == self.newest.update_seq else None

    def added(self, month: bytes) -> Range:
        """What companions have added to a month's limit."""
        return self.raised if month == self.raised_month else self.elsewhere

    def with_next(self, receipt: Receipt) -> Account:
        """The account behind the receipt that follows, whether or not it is as it should be."""
        following = _updated if receipt.type == ReceiptType.UPDATE else _moved
        return following(self, receipt)._replace(newest=receipt)

    def forgotten(self, receipt: Receipt) -> Account:
        """Before a receipt ahead of which others are missing: what does not depend on those."""
        most = self.raised_most if receipt.update_seq == self.newest.update_seq else ANY
        forgotten = self._replace(
            newest=receipt,
            stated=receipt if receipt.type == ReceiptType.UPDATE else self.stated,
            raised=(0, most),
            elsewhere=(0, most),
            raised_most=most,
            chosen=True,
            moved_on=None,
        )
        known = forgotten.entitlement
        return forgotten._replace(floor=UNKNOWN if known is None else (receipt.balance_after - known.pin_above, ANY))

    def with_later(self, receipt: Receipt) -> Account:
        """The account behind a receipt ahead of which others are missing."""
        forgotten = self.forgotten(receipt)
        return forgotten if receipt.type == ReceiptType.UPDATE else forgotten.with_next(receipt)


#: Before a card's first receipt all is known, for there is nothing.
BEGINNING = Account(_before_the_first(), _before_the_first())


def _updated(account: Account, receipt: Receipt) -> Account:
    old = account.entitlement
    if old is None:
        floor: Range = (receipt.balance_after - receipt.pin_above, ANY)
    else:
        shift = receipt.granted_total - account.newest.granted_total + old.pin_above - receipt.pin_above
        floor = (account.floor[0] + shift, account.floor[1] + shift)
    return account._replace(
        stated=receipt,
        floor=floor,
        raised_most=max(account.raised_most, receipt.override_max),
        chosen=account.chosen or old is None or receipt.pin_count > old.pin_count,
        moved_on=_moves_on(old, receipt),
    )


def _moves_on(old: Receipt | None, receipt: Receipt) -> bool | None:
    """Whether an update has moved RECEIPT to its next version; its own receipt is under the one before."""
    if not receipt.key_selection & KeySelection.RECEIPT:
        return False
    return None if old is None else not old.key_selection & KeySelection.RECEIPT


def _moved(account: Account, receipt: Receipt) -> Account:
    day = max(account.day, receipt.timestamp_bytes[:3])
    known = account._replace(pin=receipt.pin_state, chosen=False, moved_on=False, day=day)
    if receipt.type == ReceiptType.OVERRIDE:
        return _raised(known, receipt)
    entitlement = account.entitlement
    return known if entitlement is None else known._replace(floor=_floor(account.floor, receipt, entitlement))


def _raised(account: Account, receipt: Receipt) -> Account:
    """A card remembers one month that was raised."""
    month = receipt.timestamp_bytes[:2]
    low, high = (one + receipt.amount for one in account.added(month))
    entitlement = account.entitlement
    most = ANY if entitlement is None else max(low, entitlement.override_max)
    return account._replace(raised_month=month, raised=(low, min(high, most)), elsewhere=(0, 0))


def _floor(floor: Range, receipt: Receipt, entitlement: Receipt) -> Range:
    """Behind a debit or a cancellation."""
    low, high = floor
    least = receipt.balance_after - entitlement.pin_above
    if receipt.type == ReceiptType.CANCEL:
        return max(low, least), max(high, least)
    if receipt.pin_state == PinState.GIVEN:
        return least, least
    return (low, min(high, receipt.balance_after)) if receipt.pin_state == PinState.NOT_DUE else floor
