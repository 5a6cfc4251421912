# SPDX-License-Identifier: Apache-2.0
"""What no card writes into a field (:mod:`ssn_card.receipts.faults`), looked for in many receipts at once.

Which field is checked how is taken from there; here stands only how a check is done on a column of numbers.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol import bcd
from ssn_card.protocol.layout import month_of
from ssn_card.protocol.values import MAX_AMOUNT, RECEIPT_LAYOUT_VERSION
from ssn_card.receipts import faults
from ssn_card.receipts.faults import CHECKS, Check

from .fields import At, Bools, Fields, Ints, places

_Right = Callable[[Ints], Bools]
_FIRST_YEAR = 2000
_A_DAY = b"\x25\x01\x01"


def malformed(fields: Fields) -> Bools:
    """The receipts that no card writes, (n,)."""
    kinds = fields("type")[:-1]
    wrong = ~_among(frozenset(CHECKS))[kinds]
    wrong |= fields("layout_version")[:-1] != RECEIPT_LAYOUT_VERSION
    for of_kinds, checks in _BY_KINDS.items():
        concerned = _among(of_kinds)[kinds]
        rows = places(concerned)
        here, right = At(fields, rows), np.ones_like(concerned[rows])
        for offset, size, check in checks:
            right &= _right(check, size)(here.at(offset, size))
        wrong[rows] |= concerned[rows] & ~right
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
    return _lookup(lambda kind: kind[0] in kinds)


@cache
def _right(check: Check, size: int) -> _Right:
    if size == 1:
        table = _lookup(check)
        return lambda values: table.take(values)
    return _LARGER[check]


def _lookup(check: Check) -> Bools:
    """What a check says of every byte."""
    return np.fromiter((check(bytes((value,))) for value in range(1 << 8)), np.bool_)


def _date(values: Ints) -> Bools:
    days, numbers = _calendar()
    return days.take(values >> 8) >= numbers.take(values & 0xFF)


def _true_month(values: Ints) -> Bools:
    return _calendar()[0].take(values) > 0


def _timestamp(values: Ints) -> Bools:
    right = _date(values >> 24)
    for table, shift in zip(_clock(), (16, 8, 0), strict=True):
        right &= table.take(values >> shift & 0xFF)
    return right


@cache
def _calendar() -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """By BCD month its days, 0 of what is no month; by BCD byte its day, of what is no day more than any month has."""
    days, numbers = np.zeros(1 << 16, np.uint8), np.full(1 << 8, 0xFF, np.uint8)
    for year, month in product(range(_FIRST_YEAR, bcd.LAST_YEAR + 1), range(1, 13)):
        days[int.from_bytes(month_of(dt.date(year, month, 1)), "big")] = monthrange(year, month)[1]
    for number in range(1, 32):
        numbers[int(f"{number}", 16)] = number
    return days, numbers


@cache
def _clock() -> tuple[Bools, ...]:
    """By BCD byte, whether it is an hour, a minute, a second."""
    return (
        _lookup(lambda hour: bcd.is_timestamp(_A_DAY + hour + bytes(2))),
        _lookup(lambda minute: bcd.is_timestamp(_A_DAY + bytes(1) + minute + bytes(1))),
        _lookup(lambda second: bcd.is_timestamp(_A_DAY + bytes(2) + second)),
    )


#: Of the larger fields.
_LARGER: Mapping[Check, _Right] = {
    faults.zero: lambda values: values == 0,
    faults.above_zero: lambda values: values != 0,
    faults.rupiah: lambda values: values <= MAX_AMOUNT,
    faults.something: lambda values: (values > 0) & (values <= MAX_AMOUNT),
    faults.is_month: lambda values: (values == 0) | _true_month(values),
    faults.is_true_month: _true_month,
    faults.is_date: _date,
    bcd.is_timestamp: _timestamp,
}
