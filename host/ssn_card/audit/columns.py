# SPDX-License-Identifier: Apache-2.0
"""Typed columns beside the raw receipts, for DuckDB, Polars and whoever else asks of tables; and whether those that a
file holds say what its receipts say. The receipt is the truth.

One column for each field by the name it has in a receipt of its type, null where a type has none, and where no card
writes it so. Numbers as they are; amounts in rupiah; times local, without zone; a month as its first day; serials and
companions as hexadecimal digits; MACs and digests as bytes.
"""

from __future__ import annotations

import datetime as dt
from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ssn_card.protocol import bcd
from ssn_card.protocol.layout import Field, Kind
from ssn_card.protocol.layouts import RECEIPT, RECEIPT_BY_TYPE
from ssn_card.receipts.receipt import SAME_IN_ALL

from .rows import Raw

_AT_TYPE = RECEIPT.offset("type")
_NO_NUMBER = 255
EVERY_TYPE = frozenset(map(int, RECEIPT_BY_TYPE))
_IDS = frozenset({"serial", "companion_id"})  #: read out by people, so in digits

_Values = NDArray[np.generic]
_Flags = NDArray[np.bool_]
_Octets = NDArray[np.uint8]


def _bcd() -> NDArray[np.uint8]:
    table = np.full(256, _NO_NUMBER, np.uint8)
    for number in range(100):
        table[_coded(number)] = number
    return table


def _coded(number: int) -> int:
    return int(str(number), 16)


def _months() -> tuple[NDArray[np.int32], NDArray[np.uint8]]:
    """First day, from 1970, and days of each month by its BCD; -1 and 0 of what is none."""
    first, length = np.full(1 << 16, -1, np.int32), np.zeros(1 << 16, np.uint8)
    for year in range(2000, bcd.LAST_YEAR + 1):
        for month in range(1, 13):
            place = _coded(year % 100) << 8 | _coded(month)
            first[place] = (dt.date(year, month, 1) - dt.date(1970, 1, 1)).days
            length[place] = monthrange(year, month)[1]
    return first, length


def _seconds() -> NDArray[np.int16]:
    """Seconds by BCD of minutes and seconds; -1 of what are none."""
    table = np.full(1 << 16, -1, np.int16)
    for second in range(3600):
        table[_coded(second // 60) << 8 | _coded(second % 60)] = second
    return table


BCD = _bcd()  #: number by byte, 255 of what is none
FIRST_DAY, LENGTH = _months()  #: day from 1970 and number of days by BCD of year and month, -1 and 0 of what is none
SECONDS = _seconds()  #: by BCD of minutes and seconds, -1 of what are none
#: Two hexadecimal digits, as they lie in memory, by byte.
DIGITS = np.frombuffer(b"".join(f"{value:02x}".encode("ascii") for value in range(256)), np.uint16)


@dataclass(frozen=True)
class Column:
    """One typed column. ``types``: the types of receipts that have the field."""

    name: str
    field: Field
    at: int
    types: frozenset[int]

    @property
    def nullable(self) -> bool:
        """Whether it can be null."""
        return self.types != EVERY_TYPE or self.field.kind in _TIMES

    @cached_property
    def type(self) -> pa.DataType:
        """Its type in Arrow."""
        if self.field.kind is Kind.UINT:
            return {1: pa.uint8(), 2: pa.uint16(), 4: pa.uint32()}[self.field.size]
        if self.field.kind is Kind.TIMESTAMP:
            return pa.timestamp("ms")
        if self.field.kind in (Kind.DATE, Kind.MONTH):
            return pa.date32()
        return pa.string() if self.name in _IDS else pa.binary(self.field.size)

    def read(self, raw: Raw, has: _Flags) -> tuple[_Values, _Flags]:
        """Values of receipts, and where there is one: numbers, days or milliseconds of 1970, or bytes (n, size)."""
        octets = raw[:, self.at : self.at + self.field.size]
        if self.field.kind is Kind.UINT:
            return octets.view(f">u{self.field.size}")[:, 0], has
        if self.field.kind is Kind.BYTES:
            return octets, has
        values, possible = _TIMES[self.field.kind](octets)
        return values, has & possible


def _first_days(octets: _Octets) -> tuple[_Values, _Flags]:
    days = FIRST_DAY[_pairs(octets, 0)]
    return days, days >= 0


def _days(octets: _Octets) -> tuple[_Values, _Flags]:
    months, days = _pairs(octets, 0), BCD[octets[:, 2]]
    return FIRST_DAY[months] + days - 1, (days >= 1) & (days <= LENGTH[months])


def _moments(octets: _Octets) -> tuple[_Values, _Flags]:
    days, possible = _days(octets)
    hours, seconds = BCD[octets[:, 3]], SECONDS[_pairs(octets, 4)]
    values = days.astype(np.int64) * 86_400_000 + (hours.astype(np.int32) * 3600 + seconds) * 1000
    return values, possible & (hours < 24) & (seconds >= 0)


def _pairs(octets: _Octets, place: int) -> NDArray[np.uint16]:
    """Two bytes as one number."""
    return octets[:, place : place + 2].view(">u2")[:, 0]


_TIMES: Mapping[Kind, Callable[[_Octets], tuple[_Values, _Flags]]] = {
    Kind.MONTH: _first_days,
    Kind.DATE: _days,
    Kind.TIMESTAMP: _moments,
}


def _columns() -> tuple[Column, ...]:
    fields: dict[str, tuple[Field, int, set[int]]] = {}
    for kind, layout in RECEIPT_BY_TYPE.items():
        for field in layout.fields:
            if field.name not in SAME_IN_ALL:
                fields.setdefault(field.name, (field, layout.offset(field.name), set()))[2].add(int(kind))
    return tuple(Column(name, field, at, frozenset(types)) for name, (field, at, types) in fields.items())


COLUMNS = _columns()
BY_NAME = {column.name: column for column in COLUMNS}
#: What a store keeps beside its receipts: what is asked of many of them. MACs, digests, constants and an update's own
#: figures are in the receipt alone.
_ASKED = frozenset(
    {
        "serial", "seq", "type", "timestamp", "month", "terminal_id", "terminal_txn", "amount", "categories",
        "companion_id", "balance_after", "month_spent_after", "granted_total", "update_seq", "pin_state", "issued_on",
    }
)  # fmt: skip
STORED = tuple(column for column in COLUMNS if column.name in _ASKED)


def schema_of(columns: Iterable[Column]) -> pa.Schema:
    """Columns as Arrow names them."""
    return pa.schema([pa.field(column.name, column.type, column.nullable) for column in columns])


SCHEMA = schema_of(COLUMNS)


class Types:
    """Which rows are receipts of some types; of a type that is none, they have what all have."""

    def __init__(self, raw: Raw) -> None:
        self._types = raw[:, _AT_TYPE]
        self._known: dict[frozenset[int], _Flags] = {}
        self._bits: dict[frozenset[int], pa.Buffer | None] = {}

    def having(self, types: frozenset[int]) -> _Flags:
        """The rows that are of these types."""
        if types not in self._known:
            table = np.zeros(256, np.bool_)
            table[list(types)] = True
            table |= types == EVERY_TYPE
            self._known[types] = table[self._types]
        return self._known[types]

    def bits(self, types: frozenset[int]) -> pa.Buffer | None:
        """The same as Arrow keeps it."""
        if types not in self._bits:
            self._bits[types] = _bits(self.having(types))
        return self._bits[types]


def typed(raw: Raw, columns: Iterable[Column] = COLUMNS) -> list[pa.Array]:
    """These columns of receipts; those of :data:`SCHEMA`, unless told otherwise."""
    types = Types(raw)
    return [_arrow(column, raw, types) for column in columns]


def numbered(column: Column, raw: Raw) -> pa.DictionaryArray:
    """A column of digits that every receipt has, of receipts sorted by it: as numbers of those that there are, so that
    no text is made of each row, and whoever writes them need not look for what is alike."""
    values = np.ndarray(len(raw), np.uint64, raw, column.at, raw.strides[:1])
    new = np.append(True, values[1:] != values[:-1])[: len(raw)]
    distinct = typed(raw[new], [column])
    return pa.DictionaryArray.from_arrays(pa.array(np.cumsum(new, dtype=np.int32) - np.int32(1)), *distinct)


def _arrow(column: Column, raw: Raw, types: Types) -> pa.Array:
    has = types.having(column.types)
    values, there = column.read(raw, has)
    bits = types.bits(column.types) if there is has else _bits(there)
    count = len(raw)
    if column.name in _IDS:
        digits = DIGITS[values]
        offsets = np.arange(count + 1, dtype=np.int32) * (digits.shape[1] * digits.itemsize)
        return pa.Array.from_buffers(pa.string(), count, [bits, pa.py_buffer(offsets), pa.py_buffer(digits)])
    native = np.ascontiguousarray(values.astype(values.dtype.newbyteorder("="), copy=False))
    return pa.Array.from_buffers(column.type, count, [bits, pa.py_buffer(native)])


def _bits(there: _Flags) -> pa.Buffer | None:
    """Where values are, as Arrow keeps it; ``None``: everywhere."""
    return None if there.all() else pa.py_buffer(np.packbits(there, bitorder="little"))
