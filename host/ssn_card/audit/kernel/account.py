# SPDX-License-Identifier: Apache-2.0
"""What the receipts of one card say of it, receipt by receipt: :mod:`ssn_card.receipts.account`, compiled."""

from __future__ import annotations

import numpy as np

from .compiled import compiled
from .memory import octets, u8, u16, u24, u32
from .offsets import (
    ALLOWED,
    AMOUNT,
    ANY,
    BALANCE,
    CANCEL,
    DEBIT_MAX,
    EXPIRED,
    GIVEN,
    GRANTED,
    ISSUED_STATE,
    KEY_VERSION,
    LIMIT,
    LOADED,
    MAC,
    MEND_COUNT,
    MONTH,
    MONTH_SPENT,
    NOT_DUE,
    OVERRIDE,
    OVERRIDE_MAX,
    PIN,
    PIN_ABOVE,
    PIN_COUNT,
    RECEIPT_MOVED,
    SELECTION,
    SEQ,
    STATE,
    TIMESTAMP,
    UNKNOWN,
    UNTIL,
    UPDATE_SEQ,
    UPDATED,
)

#: The judge's ``Account``, with the fields of its newest and its stated receipt that rules ask for.
ACCOUNT = np.dtype(
    [
        ("mac", np.uint64),
        *((name, np.int64) for name in (
            "row", "newest", "stated", "reached",
            "raised_month", "raised_low", "raised_high", "elsewhere_low", "elsewhere_high", "raised_most",
            "floor_low", "floor_high", "pin", "chosen", "moved_on", "day",
            "seq", "balance", "month_spent", "update_seq", "granted", "month", "type", "key_version", "at",
            "s_update_seq", "s_loaded", "s_expired", "s_limit", "s_override_max", "s_debit_max", "s_pin_above",
            "s_allowed", "s_until", "s_selection", "s_state", "s_pin_count", "s_mend_count",
        ))
    ]
)  # fmt: skip


@compiled
def begin(s):
    """``BEGINNING``: before a card's first receipt all is known, for there is nothing."""
    s.newest = s.stated = -1
    s.raised_month = s.raised_low = s.raised_high = s.elsewhere_low = s.elsewhere_high = s.raised_most = 0
    s.floor_low = s.floor_high = s.chosen = s.moved_on = s.day = 0
    s.pin = UNKNOWN
    s.seq = s.balance = s.month_spent = s.update_seq = s.granted = s.month = 0
    s.key_version = s.at = 0
    s.mac = np.uint64(0)
    s.type = UPDATED
    s.s_update_seq = s.s_loaded = s.s_expired = s.s_limit = s.s_override_max = 0
    s.s_debit_max = s.s_pin_above = s.s_allowed = s.s_until = s.s_selection = s.s_pin_count = s.s_mend_count = 0
    s.s_state = ISSUED_STATE


@compiled
def known(s):
    """Whether the receipt of the update whose entitlement is in force is in hand."""
    return s.s_update_seq == s.update_seq


@compiled
def _becomes_newest(s, r, kind):
    s.newest, s.at = s.row, r
    s.type = kind
    s.seq = u32(r, SEQ)
    s.balance = u32(r, BALANCE)
    s.month_spent = u32(r, MONTH_SPENT)
    s.update_seq = u32(r, UPDATE_SEQ)
    s.granted = u32(r, GRANTED)
    s.month = u16(r, MONTH)
    s.key_version = u8(r, KEY_VERSION)
    s.mac = octets(r, MAC)


@compiled
def _becomes_stated(s, r):
    s.stated = s.row
    s.s_update_seq = u32(r, UPDATE_SEQ)
    s.s_loaded = u32(r, LOADED)
    s.s_expired = u32(r, EXPIRED)
    s.s_limit = u32(r, LIMIT)
    s.s_override_max = u32(r, OVERRIDE_MAX)
    s.s_debit_max = u32(r, DEBIT_MAX)
    s.s_pin_above = u32(r, PIN_ABOVE)
    s.s_allowed = u16(r, ALLOWED)
    s.s_until = u24(r, UNTIL)
    s.s_selection = u8(r, SELECTION)
    s.s_state = u8(r, STATE)
    s.s_pin_count = u8(r, PIN_COUNT)
    s.s_mend_count = u8(r, MEND_COUNT)


@compiled
def forget(s, r, kind):
    """``Account.forgotten``: ahead of this receipt others are missing."""
    most = s.raised_most if u32(r, UPDATE_SEQ) == s.update_seq else np.int64(ANY)
    _becomes_newest(s, r, kind)
    if kind == UPDATED:
        _becomes_stated(s, r)
    s.raised_low = s.elsewhere_low = 0
    s.raised_high = s.elsewhere_high = s.raised_most = most
    s.chosen = 1
    s.moved_on = UNKNOWN
    s.floor_low = s.balance - s.s_pin_above if known(s) else -np.int64(ANY)
    s.floor_high = ANY


@compiled
def goes_on(s, r, kind):
    """``Account.with_next``."""
    if kind == UPDATED:
        _is_updated(s, r)
    else:
        has_moved(s, r, kind)
    _becomes_newest(s, r, kind)


@compiled
def _is_updated(s, r):
    is_known = known(s)
    pin_above = u32(r, PIN_ABOVE)
    if is_known:
        shift = u32(r, GRANTED) - s.granted + s.s_pin_above - pin_above
        s.floor_low += shift
        s.floor_high += shift
    else:
        s.floor_low = u32(r, BALANCE) - pin_above
        s.floor_high = ANY
    s.raised_most = max(s.raised_most, u32(r, OVERRIDE_MAX))
    if not is_known or u8(r, PIN_COUNT) > s.s_pin_count:
        s.chosen = 1
    if u8(r, SELECTION) & RECEIPT_MOVED == 0:
        s.moved_on = 0
    elif not is_known:
        s.moved_on = UNKNOWN
    else:
        s.moved_on = 1 if s.s_selection & RECEIPT_MOVED == 0 else 0
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
        least = balance - s.s_pin_above
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
    most = max(low, s.s_override_max) if known(s) else np.int64(ANY)
    s.raised_month = month
    s.raised_low = low
    s.raised_high = min(high, most)
    s.elsewhere_low = s.elsewhere_high = 0
