# SPDX-License-Identifier: Apache-2.0
"""JSON Lines by the thousand. What :func:`ssn_card.receipts.parse_line` says of a line is what it means; the lines that
:func:`ssn_card.receipts.line_of` writes, and no others, are taken apart here without it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ssn_card.receipts import Basket, Receipt, line_of, parse_line
from ssn_card.receipts.findings import Finding
from ssn_card.receipts.sources import Advance

from ..octets import from_hex
from ..rows import SIZE, Rows
from .baskets import Baskets, shared_baskets
from .batch import HEX_DIGITS, Batch, no_receipt, no_rows
from .lines import Lines, lines_of


def _form() -> tuple[bytes, bytes, bytes, bytes]:
    """What stands in our lines before the digits; behind them, without a basket; before a basket, and behind it."""
    receipt, basket = Receipt(bytes(SIZE)), Basket.of(("BERAS", 1, 1))
    before, behind = line_of(receipt).encode("ascii").split(receipt.raw.hex().encode("ascii"))
    whole = line_of(receipt, basket).encode("ascii")
    goods, end = whole[len(before) + HEX_DIGITS :].split(basket.as_json().encode("ascii"))
    return before, behind, goods, end


_BEFORE, _BEHIND, _GOODS, _END = _form()
_DIGITS_END = len(_BEFORE) + HEX_DIGITS
_BASKET = _DIGITS_END + len(_GOODS)
_NEWLINE, _RETURN = b"\n\r"

_Flags = NDArray[np.bool_]
_Places = NDArray[np.int64]


def read_jsonl(name: str, number: int, head: bytes, file: IO[bytes], advance: Advance | None) -> Iterator[Batch]:
    """The lines of one source; blank ones are skipped.

    Args:
        name, number: of the source.
        head: what has been read of it.
        file: the rest.

    Raises:
        OSError: it cannot be read.
    """
    for lines in lines_of(head, file, advance):
        if lines.too_long:
            yield Batch(no_rows(), [no_receipt(name, lines.first, "length")])
        else:
            yield _batch(name, number, lines)


def _batch(name: str, number: int, lines: Lines) -> Batch:
    baskets = shared_baskets()
    baskets.begin()
    found = _Found(lines)
    found.take_ours(baskets)
    unreadable = found.take_others(name, baskets)
    return found.batch(number, unreadable, baskets)


class _Found:
    """What stands in some lines; arrays by line, of which ``is_row`` says where they hold."""

    def __init__(self, lines: Lines) -> None:
        count = len(lines.starts)
        self._lines = lines
        self._bytes = np.frombuffer(lines.data, np.uint8)
        self._ours = np.zeros(count, np.bool_)
        self._is_row = np.zeros(count, np.bool_)
        self._raw = np.empty((count, SIZE), np.uint8)
        self._basket = np.zeros(count, np.int32)
        self._texts: list[bytes | None] | None = None

    def take_ours(self, baskets: Baskets) -> None:
        """Lines in our own form."""
        lines, ends = self._lines, self._without_newline()
        there = np.flatnonzero(ends - lines.starts >= _DIGITS_END + len(_BEHIND))
        there = there[self._stands(lines.starts[there], _BEFORE)]
        behind = lines.starts[there] + _DIGITS_END
        bare = (ends[there] == behind + len(_BEHIND)) & self._stands(behind, _BEHIND)
        goods = ends[there] > behind + len(_GOODS) + len(_END)
        goods[goods] = self._stands(behind[goods], _GOODS) & self._stands(ends[there[goods]] - len(_END), _END)
        raw, readable = from_hex(self._window(lines.starts[there] + len(_BEFORE), HEX_DIGITS))
        readable &= bare | goods
        goods &= readable
        self._raw[there[readable]] = raw[readable]
        self._ours[there[readable]] = True
        self._read_goods(there[goods], ends, baskets)
        self._is_row |= self._ours

    def _read_goods(self, places: _Places, ends: _Places, baskets: Baskets) -> None:
        if not len(places):
            return
        data, canonical = self._lines.data, baskets.canonical
        begins, stops = self._lines.starts[places] + _BASKET, ends[places] - len(_END)
        texts = [data[begin:stop] for begin, stop in zip(begins.tolist(), stops.tolist(), strict=True)]
        numbers = [canonical(text) for text in texts]
        where = places.tolist()
        for line, text, found in zip(where, texts, numbers, strict=True):
            if found is None:
                self._ours[line] = False
            else:
                self._set_text(line, text)
        self._basket[places] = [found or 0 for found in numbers]

    def take_others(self, name: str, baskets: Baskets) -> list[Finding]:
        """Lines in any other form, by the judge's own reading."""
        lines, unreadable = self._lines, []
        for place in np.flatnonzero(~self._ours).tolist():
            text = lines.text(place)
            if not text.strip():
                continue
            line = parse_line(lines.first + place, text, name)
            if line.receipt is None:
                unreadable.append(no_receipt(name, line.number, line.fault or "json"))
                continue
            self._is_row[place] = True
            self._raw[place] = np.frombuffer(line.receipt.raw, np.uint8)
            self._basket[place] = baskets.of(line.basket, unreadable=line.fault is not None)
            if line.basket is not None:
                self._set_text(place, line.basket.as_json().encode("ascii"))
            elif line.fault is not None:
                self._set_text(place, json.dumps(json.loads(text)["basket"]).encode("ascii"))
        return unreadable

    def batch(self, number: int, unreadable: list[Finding], baskets: Baskets) -> Batch:
        """All of it together."""
        rows = self._is_row
        raw = self._raw if rows.all() else self._raw[rows]
        count = len(raw)
        goods = baskets.goods(raw, self._basket[rows])
        texts = None if self._texts is None else pa.array(self._texts, pa.binary()).filter(pa.array(rows))
        lines = self._lines.numbers()[rows]
        return Batch(Rows(raw, np.full(count, number, np.int32), lines, goods), unreadable, (), texts)

    def _set_text(self, line: int, text: bytes) -> None:
        if self._texts is None:
            self._texts = [None] * len(self._is_row)
        self._texts[line] = text

    def _without_newline(self) -> _Places:
        """Ends of lines, before ``\\n`` or ``\\r\\n``."""
        ends = self._lines.ends.copy()
        for end in (_NEWLINE, _RETURN):
            last = np.maximum(ends - 1, self._lines.starts)
            ends -= (self._bytes[last] == end) & (ends > self._lines.starts)
        return ends

    def _window(self, starts: _Places, size: int) -> NDArray[np.uint8]:
        """``size`` bytes from each of these places, (n, size) contiguous."""
        if len(self._bytes) < size:
            return np.empty((0, size), np.uint8)
        anywhere = np.ndarray((len(self._bytes) - size + 1,), f"V{size}", self._lines.data, 0, (1,))
        return anywhere[starts].view(np.uint8).reshape(-1, size)

    def _stands(self, starts: _Places, text: bytes) -> _Flags:
        """Whether a text stands there."""
        return np.asarray((self._window(starts, len(text)) == np.frombuffer(text, np.uint8)).all(axis=1))
