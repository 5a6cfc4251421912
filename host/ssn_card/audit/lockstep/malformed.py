# SPDX-License-Identifier: Apache-2.0
"""What no card writes into a field (:mod:`ssn_card.receipts.faults`), looked for in many receipts at once.

Which field is checked how is taken from there; here stands only how a check is done on a column of numbers.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol import bcd
from ssn_card.protocol.values import MAX_AMOUNT, RECEIPT_LAYOUT_VERSION
from ssn_card.receipts import faults
from ssn_card.receipts.faults import CHECKS, Check

from .fields import At, Bools, Fields, Ints

_Right = Callable[[Ints], Bools]
_TABLE = 2  #: bytes of the largest field that is looked up
_A_DAY = b"\x25\x01\x01"


def malformed(fields: Fields) -> Bools:
    """The receipts that no card writes, (n,)."""
    kinds = fields("type")[:-1]
    wrong = ~_among(frozenset(CHECKS))[kinds]
    wrong |= fields("layout_version")[:-1] != RECEIPT_LAYOUT_VERSION
    for of_kinds, checks in _BY_KINDS.items():
        rows = np.flatnonzero(_among(of_kinds)[kinds])
        here = At(fields, rows)
        right = np.ones(len(rows), np.bool_)
        for offset, size, check in checks:
            right &= _right(check, size)(here.at(offset, size))
        wrong[rows[~right]] = True
    return wrong


def _by_kinds() -> Mapping[frozenset[int], list[tuple[int, int, Check]]]:
    """The checks, put together by the types for which they are done."""
    kinds: defaultdict[tuple[int, int, Check], set[int]] = defaultdict(set)
    for kind, checks in CHECKS.items():
        for _, where, check in checks:
            kinds[where.start, where.stop - where.start, check].add(kind)
    together: defaultdict[frozenset[int], list[tuple[int, int, Check]]] = defaultdict(list)
    for one, of_kinds in kinds.items():
        together[frozenset(of_kinds)].append(one)
    return together


_BY_KINDS = _by_kinds()


@cache
def _among(kinds: frozenset[int]) -> Bools:
    return _lookup(lambda kind: kind[0] in kinds, 1)


@cache
def _right(check: Check, size: int) -> _Right:
    if size <= _TABLE:
        table = _lookup(check, size)
        return lambda values: table[values]
    return _LARGER[check]


def _lookup(check: Check, size: int) -> Bools:
    """What a check says of every value of a field."""
    return np.array([check(value.to_bytes(size, "big")) for value in range(1 << 8 * size)])


def _zero(values: Ints) -> Bools:
    return values == 0


def _rupiah(values: Ints) -> Bools:
    return values <= MAX_AMOUNT


def _something(values: Ints) -> Bools:
    return (values > 0) & (values <= MAX_AMOUNT)


def _date(values: Ints) -> Bools:
    days, day = _calendar()
    return days[values >> 8] >= day[values & 0xFF]


def _timestamp(values: Ints) -> Bools:
    hours, minutes, seconds = _clock()
    right = _date(values >> 24)
    for table, shift in ((hours, 16), (minutes, 8), (seconds, 0)):
        right &= table[values >> shift & 0xFF]
    return right


@cache
def _calendar() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """By BCD month its days, 0 of what is no month; by BCD byte its day, of what is no day more than any month has."""
    days, numbers = np.zeros(1 << 16, np.uint8), np.full(1 << 8, 0xFF, np.uint8)
    for number in range(1, 32):
        numbers[int(str(number), 16)] = number
    first, last = dt.date(2000, 1, 1), dt.date(bcd.LAST_YEAR, 12, 31)
    for one in range((last - first).days + 1):
        days[int.from_bytes(bcd.from_date(first + dt.timedelta(one))[:2], "big")] += 1
    return days, numbers


@cache
def _clock() -> tuple[Bools, ...]:
    """By BCD byte, whether it is an hour, a minute, a second."""
    return (
        _lookup(lambda hour: bcd.is_timestamp(_A_DAY + hour + bytes(2)), 1),
        _lookup(lambda minute: bcd.is_timestamp(_A_DAY + bytes(1) + minute + bytes(1)), 1),
        _lookup(lambda second: bcd.is_timestamp(_A_DAY + bytes(2) + second), 1),
    )


#: Of the larger fields.
_LARGER: Mapping[Check, _Right] = {
    faults.zero: _zero,
    faults.rupiah: _rupiah,
    faults.something: _something,
    faults.is_date: _date,
    bcd.is_timestamp: _timestamp,
}
