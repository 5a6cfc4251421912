# SPDX-License-Identifier: Apache-2.0
"""What no card writes into a field: :mod:`ssn_card.receipts.faults`, compiled."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol import bcd

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

_BYTES = 256
_NEVER = 3  #: above every kind of year


def _numbers() -> NDArray[np.uint8]:
    """Value of a BCD byte, or 255."""
    return np.array(
        [high * 10 + low if high < 10 and low < 10 else 255 for high in range(16) for low in range(16)], np.uint8
    )


def _years() -> NDArray[np.uint8]:
    """Kind of a year by its BCD byte: 1, 2 of a leap year, 0 of none."""
    years = np.zeros(_BYTES, np.uint8)
    for year in range(bcd.LAST_YEAR - 2000 + 1):
        years[int(str(year), 16)] = 2 if year % 4 == 0 else 1
    return years


def _days() -> NDArray[np.uint8]:
    """By the two BCD bytes of month and day the least kind of a year that has the day."""
    days = np.full(_BYTES * _BYTES, _NEVER, np.uint8)
    for kind, year in ((2, 2000), (1, 2001)):
        for number in range(366 if kind == 2 else 365):
            day = dt.date(year, 1, 1) + dt.timedelta(number)
            days[int(f"{day:%m%d}", 16)] = kind
    return days


_BCD, _YEARS, _DAYS = _numbers(), _years(), _days()


@compiled
def _something(value):
    return 0 < value <= MOST


@compiled
def _date(r, at):
    return _DAYS[u16(r, at + 1)] <= _YEARS[u8(r, at)]


@compiled
def _timestamp(r, at):
    return _date(r, at) and _BCD[u8(r, at + 3)] < 24 and _BCD[u8(r, at + 4)] < 60 and _BCD[u8(r, at + 5)] < 60


@compiled
def _month_fits(r):
    return 1 <= _BCD[u8(r, MONTH + 1)] <= 12 and _YEARS[u8(r, MONTH)] > 0


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
