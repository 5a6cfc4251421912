# SPDX-License-Identifier: Apache-2.0
"""Fields of many receipts as columns, by the names that they have in the layouts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.layouts import RECEIPT, RECEIPT_BY_TYPE
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts.account import BEGINNING

from ..rows import Raw

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Places = NDArray[np.intp]

DEBIT, CANCEL, OVERRIDE, UPDATE = map(int, ReceiptType)  #: plain numbers, which numpy compares faster

_WORD = 8  #: bytes
_BITS = 8 * _WORD
_WORDS = RECEIPT.size // _WORD
#: Offset and size; a name that several types have lies in the same bytes of each, but for one, which no rule reads.
_WHERE = {
    field.name: (layout.offset(field.name), field.size)
    for layout in RECEIPT_BY_TYPE.values()
    for field in layout.fields
    if field.size <= _WORD and field.name != "reserved"
}
_TIMESTAMP = _WHERE["timestamp"][0]
_WHERE |= {"day": (_TIMESTAMP, 3), "month_of_day": (_TIMESTAMP, 2)}


class Fields:
    """Columns of ``n`` receipts, int64 (n + 1,), big-endian numbers all; of 8 bytes, the number less 2^64 from 2^63 on.

    Row -1 is what stands before a card's first receipt. What a type does not have reads as what lies there.
    """

    def __init__(self, words: NDArray[np.uint64]) -> None:
        self._words = words
        self._columns: dict[str, Ints] = {}
        self._read: dict[tuple[int, int], Ints] = {}

    @classmethod
    def of(cls, raw: Raw) -> Self:
        """Of receipts, uint8 (n, 88), contiguous."""
        words = np.empty((_WORDS, len(raw) + 1), np.uint64)
        words[:, :-1] = raw.view(">u8").T
        words[:, -1] = np.frombuffer(BEGINNING.newest.raw, ">u8")
        return cls(words)

    def taken(self, rows: Places) -> Fields:
        """Of these rows alone."""
        return Fields(self._words.take(np.append(rows, -1), axis=1))

    def __len__(self) -> int:
        return len(self._words[0]) - 1

    def __call__(self, name: str) -> Ints:
        """A field, or one of ``day`` and ``month_of_day`` (of the timestamp), ``spent_total`` and ``moved``."""
        column = self._columns.get(name)
        if column is None:
            made = _MADE.get(name)
            column = self._columns[name] = self.at(*_WHERE[name]) if made is None else made(self)
        return column

    def at(self, offset: int, size: int) -> Ints:
        """The number in these bytes, at most 8."""
        column = self._read.get((offset, size))
        if column is None:
            column = self._read[offset, size] = self._number(offset, size)
        return column

    def _number(self, offset: int, size: int) -> Ints:
        word, at = divmod(offset, _WORD)
        behind = 8 * (_WORD - at - size)  # bits of the word that stand behind it, or less 0: that it has in the next
        if behind >= 0:
            value = self._words[word] >> np.uint64(behind)
        else:
            value = self._words[word] << np.uint64(-behind) | self._words[word + 1] >> np.uint64(_BITS + behind)
        if size < _WORD:
            value &= np.uint64((1 << 8 * size) - 1)
        values: Ints = value.view(np.int64)
        return values


def _moved(fields: Fields) -> Ints:
    kind = fields("type")
    signs = (kind == DEBIT).astype(np.int64) - (kind == CANCEL)
    values: Ints = fields("amount") * signs
    return values


#: As the properties of :class:`ssn_card.receipts.Receipt`.
_MADE: Mapping[str, Callable[[Fields], Ints]] = {
    "moved": _moved,
    "spent_total": lambda fields: fields("granted_total") - fields("balance_after"),
}


def places(which: Bools) -> Places | slice:
    """Where to look for what concerns these rows: of most rows all are looked at, which is faster."""
    return np.flatnonzero(which) if 2 * np.count_nonzero(which) < len(which) else slice(len(which))


class At(NamedTuple):
    """Some of the rows, or with a slice a run of them: a field of each."""

    fields: Fields
    rows: Places | slice

    def __call__(self, name: str) -> Ints:
        return self._of(self.fields(name))

    def at(self, offset: int, size: int) -> Ints:
        """The number in these bytes, of each."""
        return self._of(self.fields.at(offset, size))

    def _of(self, column: Ints) -> Ints:
        return column[self.rows] if isinstance(self.rows, slice) else column.take(self.rows)
