# SPDX-License-Identifier: Apache-2.0
"""What no card writes into a field: :mod:`ssn_card.receipts.faults`, compiled."""

from __future__ import annotations

import numpy as np

from .compiled import compiled
from .memory import octets, u8, u16, u32
from .offsets import (
    AMOUNT,
    BALANCE,
    CATEGORIES,
    DEBIT,
    DEBIT_MAX,
    EXPIRED,
    GRANTED,
    ISSUED,
    ISSUED_STATE,
    LAYOUT,
    LIMIT,
    LOADED,
    MONTH,
    MONTH_SPENT,
    MOST,
    NO_PIN,
    OVERRIDE,
    OVERRIDE_MAX,
    PADDING,
    PIN,
    PIN_ABOVE,
    RESERVED,
    SELECTION,
    SELECTIONS,
    SEQ,
    STATE,
    TERMINATED,
    TIMESTAMP,
    TYPE,
    UNTIL,
    UPDATE_RESERVED,
    UPDATE_SEQ,
    UPDATED,
    VERSION,
)

#: Value of a BCD byte, or 255.
_BCD = np.array(
    [high * 10 + low if high < 10 and low < 10 else 255 for high in range(16) for low in range(16)], np.uint8
)
_DAYS = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], np.uint8)
_LAST_YEAR = 79


@compiled
def _something(value):
    return 0 < value <= MOST


@compiled
def _date(r, at):
    year, month, day = _BCD[u8(r, at)], _BCD[u8(r, at + 1)], _BCD[u8(r, at + 2)]
    if year > _LAST_YEAR or month == 0 or month > 12 or day == 0:
        return False
    return day <= _DAYS[month] or (month == 2 and day == 29 and year % 4 == 0)


@compiled
def _timestamp(r, at):
    return _date(r, at) and _BCD[u8(r, at + 3)] < 24 and _BCD[u8(r, at + 4)] < 60 and _BCD[u8(r, at + 5)] < 60


@compiled
def _month_fits(r):
    year, month = _BCD[u8(r, MONTH)], _BCD[u8(r, MONTH + 1)]
    return year <= _LAST_YEAR and 1 <= month <= 12


@compiled
def _movement_fits(r, kind):
    if not _something(u32(r, AMOUNT)) or not _timestamp(r, TIMESTAMP):
        return False
    if u8(r, PIN) > NO_PIN or u16(r, RESERVED) != 0:
        return False
    if kind != DEBIT and octets(r, PADDING) != 0:
        return False
    if kind == OVERRIDE:
        return u16(r, MONTH) == 0 or _month_fits(r)
    return u16(r, CATEGORIES) != 0 and _month_fits(r)


@compiled
def _update_fits(r):
    high = u8(r, LOADED) | u8(r, EXPIRED) | u8(r, LIMIT) | u8(r, OVERRIDE_MAX) | u8(r, DEBIT_MAX) | u8(r, PIN_ABOVE)
    if high >= 0x80 or u8(r, SELECTION) > SELECTIONS or u8(r, UPDATE_RESERVED) != 0:
        return False
    if not ISSUED_STATE <= u8(r, STATE) <= TERMINATED:
        return False
    if not _date(r, UNTIL) or not _date(r, ISSUED):
        return False
    return u16(r, MONTH) == 0 or _month_fits(r)


@compiled
def fits(r):
    """Whether a card could have written each field so."""
    kind = u8(r, TYPE)
    if kind < DEBIT or kind > UPDATED or u8(r, VERSION) != LAYOUT:
        return False
    if not _something(u32(r, SEQ)) or not _something(u32(r, UPDATE_SEQ)):
        return False
    if (u8(r, BALANCE) | u8(r, MONTH_SPENT) | u8(r, GRANTED)) >= 0x80:
        return False
    return _update_fits(r) if kind == UPDATED else _movement_fits(r, kind)
