# SPDX-License-Identifier: Apache-2.0
"""Rows as they lie in a temporary file, one behind the other, and their order: card, number, content, place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ssn_card.protocol.layouts import RECEIPT

from .octets import valid
from .rows import SIZE, Raw, Rows

#: ``text``: bytes of the basket's text and one more, 0 where there is none.
RECORD = np.dtype(
    [("raw", np.uint8, SIZE), ("line", np.int64), ("file", np.int32), ("text", np.uint32), ("goods", np.uint8)],
    align=True,
)

_OPAQUE = np.dtype(f"V{RECORD.itemsize}")

SERIAL = slice(RECEIPT.offset("serial"), RECEIPT.offset("serial") + 8)
_SEQ = slice(RECEIPT.offset("seq"), RECEIPT.offset("seq") + 4)
_DIGIT = 16  #: bits that are sorted at once
_KEY = 8 + 4 + SIZE + 4 + 8  #: bytes of a key

Records = NDArray[np.void]


class Held(NamedTuple):
    """Records, and the texts of their baskets; ``None`` if there are none, or nobody asked for them."""

    records: Records
    texts: pa.LargeBinaryArray | None = None

    @property
    def nbytes(self) -> int:
        """Bytes in memory."""
        return self.records.nbytes + (self.texts.nbytes if self.texts is not None else 0)

    def taken(self, order: NDArray[np.intp]) -> Held:
        """The rows at these places."""
        records = self.records.view(_OPAQUE).take(order).view(RECORD)  # ten times as fast as by fields
        return Held(records, None if self.texts is None else self.texts.take(pa.array(order)))

    def part(self, first: int, end: int) -> Held:
        """The rows from one place to before another."""
        return Held(self.records[first:end], None if self.texts is None else self.texts[first:end])

    def rows(self) -> Rows:
        """As engines take them."""
        records = self.records
        fields = (records[name] for name in ("raw", "file", "line", "goods"))
        return Rows(*map(np.ascontiguousarray, fields))


def fill(records: Records, rows: Rows, texts: pa.Array | None) -> None:
    """Set rows down in as many records."""
    for name, value in rows._asdict().items():
        records[name] = value
    records["text"] = 0 if texts is None else np.where(valid(texts), _lengths(texts) + 1, 0)


def text_bytes(texts: pa.LargeBinaryArray) -> pa.Buffer:
    """All texts behind each other."""
    offsets = _offsets(texts)
    return texts.buffers()[2].slice(offsets[0], offsets[-1] - offsets[0])


def texts_of(records: Records, data: bytes | pa.Buffer) -> pa.LargeBinaryArray:
    """The texts of records, out of all of them behind each other."""
    lengths = np.maximum(records["text"].astype(np.int64) - 1, 0)
    offsets = np.concatenate(([0], np.cumsum(lengths)))
    there = np.packbits(records["text"] > 0, bitorder="little")
    buffers = [pa.py_buffer(there), pa.py_buffer(offsets), pa.py_buffer(data)]
    return pa.Array.from_buffers(pa.large_binary(), len(records), buffers)


def joined(parts: Sequence[Held]) -> Held:
    """Several behind each other, at least one."""
    if len(parts) == 1:
        return parts[0]
    records = np.concatenate([part.records for part in parts])
    if all(part.texts is None for part in parts):
        return Held(records)
    nothing = pa.large_binary()
    texts = (pa.nulls(len(part.records), nothing) if part.texts is None else part.texts for part in parts)
    return Held(records, pa.concat_arrays(list(texts)))


def serials_of(raw: Raw) -> NDArray[np.uint64]:
    """Serials of receipts as numbers."""
    return raw[:, SERIAL].view(">u8")[:, 0].astype(np.uint64)


def cards_apart(raw: Raw) -> NDArray[np.uint64]:
    """Serials of receipts as they lie there: good for telling one card from another, and soonest had."""
    return raw[:, SERIAL].view(np.uint64)[:, 0].copy()


def first_rows(raw: Raw) -> NDArray[np.intp]:
    """Where each card's rows begin, of sorted receipts."""
    card = cards_apart(raw)
    return np.flatnonzero(np.append(True, card[1:] != card[:-1])[: len(raw)])


def order_of(records: Records) -> NDArray[np.intp]:
    """Places of records by serial, number, bytes, file and line."""
    if not len(records):
        return np.zeros(0, np.intp)
    serial, seq = serials_of(records["raw"]), records["raw"][:, _SEQ].view(">u4")[:, 0].astype(np.uint64)
    order = _by_digits(_by_digits(np.arange(len(records)), seq), serial - serial.min())
    serial, seq = serial[order], seq[order]
    alike = (serial[1:] == serial[:-1]) & (seq[1:] == seq[:-1])
    return _with_twins_in_order(records, order, alike) if alike.any() else order


def _by_digits(order: NDArray[np.intp], key: NDArray[np.uint64]) -> NDArray[np.intp]:
    """Places by a key, and those that are alike in it in the order that there was: by its digits of 16 bits, of which
    numpy sorts any number at five times the speed of what they stand for."""
    for shift in range(0, int(key.max()).bit_length(), _DIGIT):
        digit = (key >> np.uint64(shift)).astype(np.uint16)
        order = order[digit[order].argsort(kind="stable")]
    return order


def keys_of(records: Records) -> NDArray[np.bytes_]:
    """What :func:`order_of` sorts by, each as one string of bytes that compares alike."""
    keys = np.empty((len(records), _KEY), np.uint8)
    raw = records["raw"]
    parts = (raw[:, SERIAL], raw[:, _SEQ], raw, _big(records["file"]), _big(records["line"]))
    np.concatenate(parts, axis=1, out=keys)
    return keys.view(f"S{_KEY}")[:, 0]


def _big(values: NDArray[np.signedinteger[Any]]) -> NDArray[np.uint8]:
    octets = np.ascontiguousarray(values.astype(values.dtype.newbyteorder(">")))
    return octets.view(np.uint8).reshape(len(values), -1)


def whole_cards(serial: NDArray[np.uint64], most: int) -> Iterator[tuple[int, int]]:
    """Cuts sorted rows between cards, into parts of at most so many rows; a card with more is a part by itself."""
    ends = np.append(np.flatnonzero(np.diff(serial)) + 1, len(serial))
    begin = 0
    while begin < len(serial):
        fits = int(np.searchsorted(ends, begin + most, "right")) - 1
        end = int(ends[fits]) if fits >= 0 else begin
        if end <= begin:
            end = int(ends[np.searchsorted(ends, begin, "right")])
        yield begin, end
        begin = end


def _with_twins_in_order(records: Records, order: NDArray[np.intp], alike: NDArray[np.bool_]) -> NDArray[np.intp]:
    """The same order, with those of one card and number, each alike to the next, by bytes, file and line."""
    joins = np.concatenate(([False], alike, [False]))
    places = np.flatnonzero(joins[1:] | joins[:-1])
    group = np.cumsum(~joins[:-1])[places].astype(np.uint64)
    as_came = order[places]  # nearly all are copies that came in the order of their files and lines
    twins = records.view(_OPAQUE).take(as_came).view(RECORD)
    words, file, line = twins["raw"].view(np.uint64), twins["file"], twins["line"]
    amiss = (file[1:] < file[:-1]) | ((file[1:] == file[:-1]) & (line[1:] < line[:-1]))
    amiss |= (words[1:] != words[:-1]).any(axis=1)
    amiss &= group[1:] == group[:-1]
    if amiss.any():
        these = np.flatnonzero(np.isin(group, group[1:][amiss]))
        octets = np.ascontiguousarray(twins["raw"][these]).view(">u8").astype(np.uint64)
        by = np.lexsort((line[these], file[these], *octets.T[::-1], group[these]))
        as_came[these] = as_came[these][by]
    order[places] = as_came
    return order


def _offsets(texts: pa.Array) -> NDArray[np.int64]:
    return np.frombuffer(texts.buffers()[1], np.int64, len(texts) + 1, texts.offset * 8)


def _lengths(texts: pa.Array) -> NDArray[np.int64]:
    return np.diff(_offsets(texts))
