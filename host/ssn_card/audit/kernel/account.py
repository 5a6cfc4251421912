# SPDX-License-Identifier: Apache-2.0
"""What the receipts of one card say of it, receipt by receipt: :mod:`ssn_card.receipts.account`, compiled."""

from __future__ import annotations

import numpy as np

from .compiled import compiled
from .memory import u8, u16, u24, u32
from .offsets import (
    AMOUNT,
    ANY,
    BALANCE,
    CANCEL,
    GIVEN,
    GRANTED,
    ISSUED_STATE,
    NOT_DUE,
    OVERRIDE,
    OVERRIDE_MAX,
    PIN,
    PIN_ABOVE,
    PIN_COUNT,
    RECEIPT_MOVED,
    SELECTION,
    SIZE,
    STATE,
    TIMESTAMP,
    TYPE,
    UNKNOWN,
    UPDATE_SEQ,
    UPDATED,
)

#: The judge's ``Account``. ``at`` and ``stated_at``: addresses of its newest receipt and of the one that states the
#: entitlement, of which rules read what they ask for; ``blank``: of :data:`BLANK`.
ACCOUNT = np.dtype(
    [
        (name, np.int64)
        for name in (
            "row", "newest", "stated", "at", "stated_at", "blank",
            "raised_month", "raised_low", "raised_high", "elsewhere_low", "elsewhere_high", "raised_most",
            "floor_low", "floor_high", "pin", "chosen", "moved_on", "day",
        )
    ]
)  # fmt: skip

#: What stands for both before a card's first receipt.
BLANK = np.zeros(SIZE, np.uint8)
BLANK[TYPE], BLANK[STATE] = UPDATED, ISSUED_STATE


@compiled
def begin(s):
    """``BEGINNING``: before a card's first receipt all is known, for there is nothing."""
    s.newest = s.stated = -1
    s.raised_month = s.raised_low = s.raised_high = s.elsewhere_low = s.elsewhere_high = s.raised_most = 0
    s.floor_low = s.floor_high = s.chosen = s.moved_on = s.day = 0
    s.pin = UNKNOWN
    s.at = s.stated_at = s.blank


@compiled
def known(s):
    """Whether the receipt of the update whose entitlement is in force is in hand."""
    return u32(s.stated_at, UPDATE_SEQ) == u32(s.at, UPDATE_SEQ)


@compiled
def _becomes_newest(s, r):
    s.newest, s.at = s.row, r


@compiled
def _becomes_stated(s, r):
    s.stated, s.stated_at = s.row, r


@compiled
def forget(s, r, kind):
    """``Account.forgotten``: ahead of this receipt others are missing."""
    most = s.raised_most if u32(r, UPDATE_SEQ) == u32(s.at, UPDATE_SEQ) else np.int64(ANY)
    _becomes_newest(s, r)
    if kind == UPDATED:
        _becomes_stated(s, r)
    s.raised_low = s.elsewhere_low = 0
    s.raised_high = s.elsewhere_high = s.raised_most = most
    s.chosen = 1
    s.moved_on = UNKNOWN
    s.floor_low = u32(s.at, BALANCE) - u32(s.stated_at, PIN_ABOVE) if known(s) else -np.int64(ANY)
    s.floor_high = ANY


@compiled
def goes_on(s, r, kind):
    """``Account.with_next``."""
    if kind == UPDATED:
        _is_updated(s, r)
    else:
        has_moved(s, r, kind)
    _becomes_newest(s, r)


@compiled
def _is_updated(s, r):
    is_known = known(s)
    pin_above = u32(r, PIN_ABOVE)
    if is_known:
        shift = u32(r, GRANTED) - u32(s.at, GRANTED) + u32(s.stated_at, PIN_ABOVE) - pin_above
        s.floor_low += shift
        s.floor_high += shift
    else:
        s.floor_low = u32(r, BALANCE) - pin_above
        s.floor_high = ANY
    s.raised_most = max(s.raised_most, u32(r, OVERRIDE_MAX))
    if not is_known or u8(r, PIN_COUNT) > u8(s.stated_at, PIN_COUNT):
        s.chosen = 1
    if u8(r, SELECTION) & RECEIPT_MOVED == 0:
        s.moved_on = 0
    elif not is_known:
        s.moved_on = UNKNOWN
    else:
        s.moved_on = 1 if u8(s.stated_at, SELECTION) & RECEIPT_MOVED == 0 else 0
    _becomes_stated(s, r)


@compiled
def has_moved(s, r, kind):
    pin = u8(r, PIN)
    s.pin = pin
    s.chosen = s.moved_on = 0
    s.day = max(s.day, u24(r, TIMESTAMP))
    if kind == OVERRIDE:
        _is_raised(s, r)
    elif known(s):
        balance = u32(r, BALANCE)
        least = balance - u32(s.stated_at, PIN_ABOVE)
        if kind == CANCEL:
            s.floor_low = max(s.floor_low, least)
            s.floor_high = max(s.floor_high, least)
        elif pin == GIVEN:
            s.floor_low = s.floor_high = least
        elif pin == NOT_DUE:
            s.floor_high = min(s.floor_high, balance)


@compiled
def _is_raised(s, r):
    month, amount = u16(r, TIMESTAMP), u32(r, AMOUNT)
    low = (s.raised_low if month == s.raised_month else s.elsewhere_low) + amount
    high = (s.raised_high if month == s.raised_month else s.elsewhere_high) + amount
    most = max(low, u32(s.stated_at, OVERRIDE_MAX)) if known(s) else np.int64(ANY)
    s.raised_month = month
    s.raised_low = low
    s.raised_high = min(high, most)
    s.elsewhere_low = s.elsewhere_high = 0
