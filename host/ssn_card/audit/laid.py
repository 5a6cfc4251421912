# SPDX-License-Identifier: Apache-2.0
"""Rows that lie in a temporary file, some of which are fetched at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from .records import RECORD, Held, text_bytes, texts_of
from .room import Room


class Laid(NamedTuple):
    """Where rows lie, and the marks between which they can be fetched.

    ``rows``: number of rows before each mark, from 0 to all; ``texts``: bytes of their texts before it, or ``None``.
    """

    at: int
    rows: NDArray[np.int64]
    texts_at: int = 0
    texts: NDArray[np.int64] | None = None

    def between(self, first: int, end: int) -> int:
        """Rows from one mark to another."""
        return int(self.rows[end] - self.rows[first])

    def sizes(self) -> NDArray[np.int64]:
        """Bytes between each mark and the next."""
        rows = np.diff(self.rows) * RECORD.itemsize
        return rows if self.texts is None else rows + np.diff(self.texts)

    def size(self, first: int, end: int) -> int:
        """Bytes from one mark to another."""
        texts = 0 if self.texts is None else int(self.texts[end] - self.texts[first])
        return self.between(first, end) * RECORD.itemsize + texts


def lay(room: Room, held: Held, marks: NDArray[np.int64]) -> Laid:
    """Set rows down. ``marks``: numbers of rows, ascending from 0 to all of them."""
    at = room.append(held.records)
    if held.texts is None:
        return Laid(at, marks)
    lengths = np.maximum(held.records["text"].astype(np.int64) - 1, 0)
    ends = np.concatenate(([0], np.cumsum(lengths)))
    return Laid(at, marks, room.append(text_bytes(held.texts)), ends[marks])


def fetch(room: Room, parts: Sequence[tuple[Laid, int, int]]) -> Held:
    """Rows of several, each from one mark to another, behind each other."""
    records = np.empty(sum(laid.between(first, end) for laid, first, end in parts), RECORD)
    texts: list[pa.LargeBinaryArray] = []
    with_texts = any(laid.texts is not None for laid, _, _ in parts)
    row = 0
    for laid, first, end in parts:
        here = records[row : row + laid.between(first, end)]
        room.fetch(laid.at + int(laid.rows[first]) * RECORD.itemsize, here)
        row += len(here)
        if with_texts:
            texts.append(_texts(room, laid, first, end, here))
    return Held(records, pa.concat_arrays(texts) if texts else None)


def _texts(room: Room, laid: Laid, first: int, end: int, records: NDArray[np.void]) -> pa.LargeBinaryArray:
    if laid.texts is None:
        return pa.nulls(len(records), pa.large_binary())
    data = np.empty(int(laid.texts[end] - laid.texts[first]), np.uint8)
    room.fetch(laid.texts_at + int(laid.texts[first]), data)
    return texts_of(records, data)
