# SPDX-License-Identifier: Apache-2.0
"""Which typed columns may say something else than their receipts, compiled: the many that do not are told at once, and
:mod:`ssn_card.audit.agreement` looks at the others. Receipts are taken by the few hundred, so that they are read from
memory once for all columns."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
import pyarrow.types as pt
from numpy.typing import NDArray

from ssn_card.protocol.layout import Kind
from ssn_card.protocol.layouts import RECEIPT
from ssn_card.protocol.values import ReceiptType

from ..columns import BCD, BY_NAME, EVERY_TYPE, FIRST_DAY, LENGTH, SECONDS, Column
from ..octets import holds_octets, octets_of
from ..rows import SIZE
from .compiled import compiled
from .memory import arrow16, arrow32, arrow64, octets, u8, u16, u32

_BLOCK = 256  #: rows that are looked at together: they and their columns stay in the innermost cache
_AT_TYPE = RECEIPT.offset("type")
_TYPES = len(ReceiptType) + 1  #: and those that are none, which are counted as 0
_EVERY = (1 << _TYPES) - 1
_MILLISECONDS = 1000
_SECONDS = 86_400
_NONE = 0xFFFFFFFF  #: -1, as it is read

_U8, _U16, _U32, _OCTETS, _NUMBERED, FIRST_OF_MONTH, DAY, MOMENT = 1, 2, 4, 5, 6, 7, 8, 9  # numbers: bytes of one
_HOW: Mapping[Kind, int] = {Kind.MONTH: FIRST_OF_MONTH, Kind.DATE: DAY, Kind.TIMESTAMP: MOMENT, Kind.BYTES: _OCTETS}
#: Handed on by address: an array that is handed on is counted, at each call.
_TABLES = (FIRST_DAY, LENGTH, BCD, SECONDS)
_VALUES, _VALID, _HOW_AT, _AT, _SIZE, _OF, _TABLE = range(7)  #: what is said of a column


def suspects(raw: NDArray[np.uint8], given: Mapping[str, pa.Array]) -> list[str]:
    """Names of the columns that must be looked at: all that differ somewhere, and those of types not compiled for."""
    used: list[NDArray[np.uint8]] = []  # until the end, for what is handed on is their addresses
    known = {name: said for name, array in given.items() if (said := _said(BY_NAME[name], array, used)) is not None}
    found = np.zeros(len(known), np.bool_)
    table = np.array(list(known.values()), np.int64).reshape(-1, 7)
    _look(raw.ctypes.data, len(raw), table, found, *(one.ctypes.data for one in _TABLES))
    agree = {name for name, differs in zip(known, found.tolist(), strict=True) if not differs}
    return [name for name in given if name not in agree]


def _said(column: Column, array: pa.Array, used: list[NDArray[np.uint8]]) -> tuple[int, ...] | None:
    """Where and how a column is kept, if as we write it."""
    table = 0
    how, width = _HOW.get(column.field.kind, column.field.size), column.field.size
    if pt.is_dictionary(array.type):
        octets_by_number = octets_of(array.dictionary, width) if holds_octets(array.type.value_type, width) else None
        if column.field.kind is not Kind.BYTES or array.type.index_type != pa.int32() or octets_by_number is None:
            return None
        if not octets_by_number.fit.all():
            return None
        values = np.ascontiguousarray(octets_by_number.values)
        used.append(values)
        how, width, table = _NUMBERED, 4, values.ctypes.data
        array = array.indices
    elif array.type != column.type or pt.is_string(array.type):
        return None
    elif column.field.kind is not Kind.BYTES:
        width = array.type.bit_width // 8
    if array.offset % 8:
        return None
    valid, values_at = array.buffers()
    return (
        values_at.address + array.offset * width,
        valid.address + array.offset // 8 if array.null_count else 0,
        how,
        column.at,
        column.field.size,
        _EVERY if column.types == EVERY_TYPE else sum(1 << kind for kind in column.types),
        table,
    )


@compiled
def _look(raw, count, table, found, first_day, length, bcd, seconds):
    rows = np.empty((_TYPES, _BLOCK), np.int64)
    counts = np.empty(_TYPES, np.int64)
    for begin in range(0, count, _BLOCK):
        end = min(begin + _BLOCK, count)
        counts[:] = 0
        for row in range(begin, end):
            kind = u8(raw, row * SIZE + _AT_TYPE)
            if kind >= _TYPES:
                kind = 0
            rows[kind, counts[kind]] = row
            counts[kind] += 1
        for number in range(len(table)):
            if not found[number]:
                found[number] = _differs(raw, table[number], rows, counts, begin, end, first_day, length, bcd, seconds)


@compiled
def _differs(raw, said, rows, counts, begin, end, first_day, length, bcd, seconds):
    """Whether a column does in one block."""
    there = 0
    differs = False
    for kind in range(_TYPES):
        if said[_OF] >> kind & 1:
            told, other = _of_type(raw, said, rows[kind], counts[kind], first_day, length, bcd, seconds)
            there += told
            differs |= other
    return differs or _valid(said[_VALID], begin, end) != there


@compiled
def _valid(bits, begin, end):
    """How many values are not null; a block begins at a whole byte."""
    if bits == 0:
        return end - begin
    count = 0
    for byte in range(begin >> 3, (end + 7) >> 3):
        value = u8(bits, byte)
        if (byte << 3) + 8 > end:
            value &= (1 << (end & 7)) - 1
        while value:
            value &= value - 1
            count += 1
    return count


@compiled
def _of_type(raw, said, rows, count, first_day, length, bcd, seconds):
    """How many of these rows have a value, and whether one of the column's is another, or null."""
    how = said[_HOW_AT]
    if how >= FIRST_OF_MONTH:
        return _other_times(raw, said, rows, count, first_day, length, bcd, seconds)
    differs = said[_VALID] != 0 and _any_null(said[_VALID], rows, count)
    if how >= _OCTETS:
        return count, differs or _other_octets(raw, said, rows, count)
    return count, differs or _other_numbers(raw, said, rows, count)


@compiled
def _any_null(valid, rows, count):
    differs = False
    for place in range(count):
        differs |= _is_null(valid, rows[place])
    return differs


@compiled
def _is_null(valid, row):
    return (u8(valid, row >> 3) >> (row & 7)) & 1 == 0


@compiled
def _other_numbers(raw, said, rows, count):
    values, how, at = said[_VALUES], said[_HOW_AT], raw + said[_AT]
    differs = False
    if how == _U32:
        for place in range(count):
            row = rows[place]
            differs |= u32(at, row * SIZE) != arrow32(values, row * 4)
    elif how == _U16:
        for place in range(count):
            row = rows[place]
            differs |= u16(at, row * SIZE) != arrow16(values, row * 2)
    else:
        for place in range(count):
            row = rows[place]
            differs |= u8(at, row * SIZE) != u8(values, row)
    return differs


@compiled
def _other_octets(raw, said, rows, count):
    values, at, words = said[_VALUES], raw + said[_AT], said[_SIZE] // 8
    differs = False
    for place in range(count):
        row = rows[place]
        if said[_HOW_AT] == _NUMBERED:
            differs |= octets(at, row * SIZE) != octets(said[_TABLE], 8 * arrow32(values, row * 4))
        else:
            for word in range(words):
                differs |= octets(at, row * SIZE + word * 8) != octets(values, (row * words + word) * 8)
    return differs


@compiled
def _other_times(raw, said, rows, count, first_day, length, bcd, seconds):
    values, valid, how, at = said[_VALUES], said[_VALID], said[_HOW_AT], raw + said[_AT]
    there = 0
    differs = False
    for place in range(count):
        row = rows[place]
        value, possible = time_of(at, row * SIZE, how, first_day, length, bcd, seconds)
        known = valid == 0 or not _is_null(valid, row)
        told = arrow64(values, row * 8) if how == MOMENT else arrow32(values, row * 4)
        differs |= (possible != known) | (possible & (value != told))
        there += possible
    return there, differs


@compiled
def time_of(at, offset, how, first_day, length, bcd, seconds):
    """A month, day or moment as columns keep it, and whether it is one."""
    month = u16(at, offset)
    first = arrow32(first_day, 4 * month)
    known = first != _NONE
    if how == FIRST_OF_MONTH:
        return first, known
    day = u8(bcd, u8(at, offset + 2))
    known &= (day >= 1) & (day <= u8(length, month))
    date = first + day - 1
    if how == DAY:
        return date, known
    hour, rest = u8(bcd, u8(at, offset + 3)), arrow16(seconds, 2 * u16(at, offset + 4))
    return (date * _SECONDS + hour * 3600 + rest) * _MILLISECONDS, known & (hour < 24) & (rest < 3600)
