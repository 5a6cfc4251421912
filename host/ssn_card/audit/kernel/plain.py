# SPDX-License-Identifier: Apache-2.0
"""Whether the columns of a store say what its receipts say, compiled: read where they lie in the file, plain, in one
pass over the receipts. Only yes or no; of what differs :mod:`ssn_card.audit.agreement` tells more.

Form of the pages: https://github.com/apache/parquet-format/blob/master/Encodings.md (PLAIN, RLE).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.layouts import RECEIPT_BY_TYPE
from ssn_card.protocol.values import ReceiptType

from ..columns import BCD, DIGITS, FIRST_DAY, LENGTH, SECONDS, STORED
from .agreement import DAY, FIRST_OF_MONTH, MOMENT, time_of
from .compiled import compiled
from .memory import arrow16, arrow32, arrow64, octets, u8, u16, u32
from .offsets import (
    AMOUNT,
    BALANCE,
    CANCEL,
    CATEGORIES,
    DEBIT,
    GRANTED,
    ISSUED,
    MONTH,
    MONTH_SPENT,
    OVERRIDE,
    PIN,
    SEQ,
    SERIAL,
    SIZE,
    TERMINAL,
    TIMESTAMP,
    TYPE,
    UPDATE_SEQ,
    UPDATED,
)

_TRANSACTION = RECEIPT_BY_TYPE[ReceiptType.DEBIT].offset("terminal_txn")
_COMPANION = RECEIPT_BY_TYPE[ReceiptType.OVERRIDE].offset("companion_id")
_ID = 8  #: bytes of a serial, or of a companion's
_WIDEST = 24  #: bits of a number, of which four bytes hold one wherever it begins
_TEXT = 4 + 2 * _ID  #: bytes of one in digits, with their number before them

NAMES = tuple(column.name for column in STORED)  #: in the order of the table of pages
(
    _AT_SEQ, _AT_AMOUNT, _AT_CATEGORIES, _AT_TIMESTAMP, _AT_TERMINAL, _AT_TRANSACTION, _AT_BALANCE, _AT_SPENT,
    _AT_UPDATE_SEQ, _AT_GRANTED, _AT_TYPE, _AT_SERIAL, _AT_MONTH, _AT_PIN, _AT_COMPANION, _AT_ISSUED,
) = map(NAMES.index, (
    "seq", "amount", "categories", "timestamp", "terminal_id", "terminal_txn", "balance_after", "month_spent_after",
    "update_seq", "granted_total", "type", "serial", "month", "pin_state", "companion_id", "issued_on",
))  # fmt: skip
_MOVED, _BOUGHT, _MONTHS, _RAISED, _UPDATES = range(5)  #: rows that have a value of some columns


def agree(raw: NDArray[np.uint8], pages: NDArray[np.int64]) -> bool:
    """Whether all columns say what these receipts say.

    Args:
        raw: receipts, sorted by serial.
        pages: int64 (16, 2), addresses of first byte and end of the page of each of :data:`NAMES`, with definition
            levels where values may be null; of serials, which are numbered as they come, the page of their numbers.
    """
    there = np.empty((5, len(raw)), np.uint8)
    tables = (one.ctypes.data for one in (FIRST_DAY, LENGTH, BCD, SECONDS, DIGITS))
    return bool(_agree(raw.ctypes.data, len(raw), pages, there, *tables))


@compiled
def _agree(raw, count, pages, there, first_day, length, bcd, seconds, digits):
    for column in (_AT_SEQ, _AT_BALANCE, _AT_SPENT, _AT_UPDATE_SEQ, _AT_GRANTED, _AT_TYPE):
        if pages[column, 1] - pages[column, 0] != count * 4:
            return False
    moved = pages[_AT_AMOUNT, 0]
    if not (
        _levels(pages, _AT_AMOUNT, there[_MOVED], 4)
        and _levels(pages, _AT_CATEGORIES, there[_BOUGHT], 4)
        and _levels(pages, _AT_MONTH, there[_MONTHS], 4)
        and _levels(pages, _AT_COMPANION, there[_RAISED], _TEXT)
        and _levels(pages, _AT_ISSUED, there[_UPDATES], 4)
    ):
        return False
    values = (pages[_AT_AMOUNT, 1] - pages[_AT_AMOUNT, 0]) // 4
    size = pages[_AT_AMOUNT, 0] - moved
    if not (
        _same_levels(pages, _AT_TIMESTAMP, moved, size, values * 8)
        and _same_levels(pages, _AT_TERMINAL, moved, size, values * 4)
        and _same_levels(pages, _AT_TRANSACTION, moved, size, values * 4)
        and _same_levels(pages, _AT_PIN, moved, size, values * 4)
    ):
        return False
    if not _serials_agree(raw, count, pages[_AT_SERIAL, 0], pages[_AT_SERIAL, 1]):
        return False
    return _values_agree(raw, count, pages, there, first_day, length, bcd, seconds, digits)


@compiled
def _values_agree(raw, count, pages, there, first_day, length, bcd, seconds, digits):
    seq, balance, spent = pages[_AT_SEQ, 0], pages[_AT_BALANCE, 0], pages[_AT_SPENT, 0]
    update_seq, granted, types = pages[_AT_UPDATE_SEQ, 0], pages[_AT_GRANTED, 0], pages[_AT_TYPE, 0]
    amount, timestamp, terminal = pages[_AT_AMOUNT, 0], pages[_AT_TIMESTAMP, 0], pages[_AT_TERMINAL, 0]
    transaction, pin, month = pages[_AT_TRANSACTION, 0], pages[_AT_PIN, 0], pages[_AT_MONTH, 0]
    categories, companion, issued = pages[_AT_CATEGORIES, 0], pages[_AT_COMPANION, 0], pages[_AT_ISSUED, 0]
    odd = np.int64(0)
    for row in range(count):
        r = raw + row * SIZE
        kind = u8(r, TYPE)
        is_moved, is_bought = DEBIT <= kind <= OVERRIDE, (kind == DEBIT) | (kind == CANCEL)
        first, known = time_of(r, MONTH, FIRST_OF_MONTH, first_day, length, bcd, seconds)
        odd |= (is_moved ^ there[_MOVED, row]) | (is_bought ^ there[_BOUGHT, row]) | (known ^ there[_MONTHS, row])
        odd |= ((kind == OVERRIDE) ^ there[_RAISED, row]) | ((kind == UPDATED) ^ there[_UPDATES, row])
        if odd:  # also of the rows before; beyond it there might be no more values
            return False
        odd |= (u32(r, SEQ) ^ arrow32(seq, row * 4)) | (u32(r, BALANCE) ^ arrow32(balance, row * 4))
        odd |= (u32(r, MONTH_SPENT) ^ arrow32(spent, row * 4)) | (u32(r, GRANTED) ^ arrow32(granted, row * 4))
        odd |= (u32(r, UPDATE_SEQ) ^ arrow32(update_seq, row * 4)) | (kind ^ arrow32(types, row * 4))
        if known:
            odd |= first ^ arrow32(month, 0)
            month += 4
        if is_moved:
            moment, known = time_of(r, TIMESTAMP, MOMENT, first_day, length, bcd, seconds)
            odd |= (not known) | (moment ^ np.int64(arrow64(timestamp, 0)))
            odd |= (u32(r, AMOUNT) ^ arrow32(amount, 0)) | (u32(r, TERMINAL) ^ arrow32(terminal, 0))
            odd |= (u32(r, _TRANSACTION) ^ arrow32(transaction, 0)) | (u8(r, PIN) ^ arrow32(pin, 0))
            timestamp += 8
            amount, terminal, transaction, pin = amount + 4, terminal + 4, transaction + 4, pin + 4
            if is_bought:
                odd |= u16(r, CATEGORIES) ^ arrow32(categories, 0)
                categories += 4
            else:
                odd |= _digits_differ(r + _COMPANION, companion, digits)
                companion += _TEXT
        elif kind == UPDATED:
            day, known = time_of(r, ISSUED, DAY, first_day, length, bcd, seconds)
            odd |= (not known) | (day ^ arrow32(issued, 0))
            issued += 4
    return odd == 0


@compiled
def _digits_differ(octets_at, text, digits):
    """Whether a text does not say these eight bytes."""
    odd = arrow32(text, 0) ^ (2 * _ID)
    for place in range(_ID):
        odd |= arrow16(text, 4 + 2 * place) ^ arrow16(digits, 2 * u8(octets_at, place))
    return odd


@compiled
def _levels(pages, column, there, width):
    """Which rows of a column have a value; whether there are as many as the page holds. The table of pages then has the
    address of the first."""
    begin, end = pages[column, 0], pages[column, 1]
    if end - begin < 4:
        return False
    values = begin + 4 + arrow32(begin, 0)
    if values > end or not _numbers(begin + 4, values, 1, there):
        return False
    number = np.int64(0)
    for row in range(len(there)):
        number += there[row]
    pages[column, 0] = values
    return end - values == number * width


@compiled
def _same_levels(pages, column, levels, size, values):
    """:func:`_levels` of a column whose levels are the same bytes as those at an address."""
    begin, end = pages[column, 0], pages[column, 1]
    if end - begin != size + values:
        return False
    odd = np.uint64(0)
    whole = size - size % 8
    for at in range(0, whole, 8):
        odd |= octets(begin, at) ^ octets(levels, at)
    for at in range(whole, size):
        odd |= np.uint64(u8(begin, at) ^ u8(levels, at))
    pages[column, 0] = begin + size
    return odd == 0


@compiled
def _serials_agree(raw, count, begin, end):
    """Whether the cards' serials are numbered as they come."""
    numbers = np.empty(count, np.int32)
    if end - begin < 1 or not _numbers(begin + 1, end, u8(begin, 0), numbers):
        return False
    number = 0
    odd = numbers[0]
    for row in range(1, count):
        number += octets(raw, row * SIZE + SERIAL) != octets(raw, (row - 1) * SIZE + SERIAL)
        odd |= numbers[row] ^ number
    return odd == 0


@compiled
def _numbers(at, end, width, out):
    """Read as many numbers as ``out`` takes, of so many bits, in the hybrid of runs and packed bits; whether they are
    that many, and fill the bytes. Up to three bytes beyond them are read."""
    count, done = len(out), 0
    if width < 1 or width > _WIDEST:
        return False
    while done < count and at < end:
        head, at = _head(at, end)
        number, size = head >> 1, (head >> 1) * width if head & 1 else (width + 7) // 8
        if number <= 0 or at + size > end:
            return False
        if head & 1:
            here = min(number * 8, count - done)
            _unpack(at, width, out, done, here)
        else:
            here, value = number, arrow32(at, 0) & ((1 << 8 * size) - 1)
            if here > count - done or value >> width:
                return False
            for place in range(done, done + here):
                out[place] = value
        done += here
        at += size
    return done == count and at == end


@compiled
def _head(at, end):
    """What a run begins with, in at most four bytes, and where they end; 0, of which no run has so many, if not."""
    head = np.int64(0)
    for shift in range(0, 28, 7):
        if at >= end:
            return 0, at
        byte = u8(at, 0)
        at += 1
        head |= (byte & 0x7F) << shift
        if byte < 0x80:
            return head, at
    return 0, at


@compiled
def _unpack(at, width, out, first, number):
    mask = (1 << width) - 1
    for place in range(number):
        bit = place * width
        out[first + place] = (arrow32(at, bit >> 3) >> (bit & 7)) & mask
