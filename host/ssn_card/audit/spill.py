# SPDX-License-Identifier: Apache-2.0
"""Rows in any order, given back by card and number: buckets by a hash of the serial, in a temporary file, each sorted
by itself. Few rows never reach the disk, and memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ssn_card.protocol.closing import Closing

from .cards import GIANT, Giant
from .laid import Laid, fetch, lay
from .records import RECORD, Held, fill, order_of, serials_of, whole_cards
from .room import Room
from .rows import BATCH, Rows
from .sorter import Sorter
from .sources.batch import Batch

BITS = 11  #: of the hash, that are told apart at once
SLOTS = 1 << BITS
_HASH = 64
_BLOCK = 12 << 20  #: bytes that are held before they are set down
_GROUP = GIANT * RECORD.itemsize  #: bytes that are sorted at once
_ROWS = _BLOCK // RECORD.itemsize


def slots_of(serial: NDArray[np.uint64], level: int = 0) -> NDArray[np.uint16]:
    """The slot of each serial among :data:`SLOTS`: the first bits of a hash, or later ones. No two serials have one
    hash (it is the finalizer of MurmurHash3), so that at some level any two are told apart."""
    mixed = serial.copy()
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        mixed ^= mixed >> np.uint64(33)
        mixed *= np.uint64(factor)
    mixed ^= mixed >> np.uint64(33)
    shift = max(_HASH - BITS * (level + 1), 0)
    return (mixed >> np.uint64(shift) & np.uint64(SLOTS - 1)).astype(np.uint16)


class Spill(Closing):
    """Takes rows, then gives all of them back, once. A context manager; every method raises :class:`NoRoom`.

    Args:
        level: of the hash; above 0 for what one slot of a level before holds.
    """

    def __init__(self, level: int = 0) -> None:
        self._level = level
        self._records = np.empty(_ROWS, RECORD)
        self._texts: list[pa.LargeBinaryArray] = []
        self._filled = self._text_size = 0
        self._sizes = np.zeros(SLOTS, np.int64)
        self._kept: tuple[Held, NDArray[np.int64]] | None = None  # all, by slots, where it is few
        self._laid: list[Laid] = []
        self._room: Room | None = None
        self.count = 0  #: rows taken

    def add(self, rows: Rows, baskets: pa.Array | None = None) -> None:
        """Take rows, and the texts of their baskets where they are wanted back."""
        first, count = 0, len(rows.line)
        self.count += count
        while first < count:
            end = min(count, first + _ROWS - self._filled)
            texts = None if baskets is None else baskets[first:end].cast(pa.large_binary())
            self._take(rows.part(first, end), texts)
            first = end

    def cards(self) -> Iterator[Batch | Giant]:
        """Sorted rows of whole cards, as many cards as fit at once; the order of cards does not depend on that of the
        rows."""
        self._finish()
        for first, end in self._groups():
            if self._sizes[first] > _GROUP:
                yield from self._of_full_slot(first)
                continue
            for held in self._parts(first, end):  # one, or none
                order = order_of(held.records)
                for begin, stop in whole_cards(serials_of(held.records["raw"])[order], BATCH):
                    yield Batch(held.taken(order[begin:stop]).rows())

    def part(self, number: int, of: int, most: int = _GROUP) -> Iterator[Held]:
        """All rows of one of so many equal parts of the hash's range, unsorted.

        Args:
            number, of: which part, from 0, of how many; it divides :data:`SLOTS`.
            most: bytes at once.
        """
        self._finish()
        width = SLOTS // of
        yield from self._parts(number * width, (number + 1) * width, most)

    def close(self) -> None:
        """Drop everything."""
        if self._room is not None:
            self._room.close()

    def _take(self, rows: Rows, texts: pa.LargeBinaryArray | None) -> None:
        count = len(rows.line)
        fill(self._records[self._filled : self._filled + count], rows, texts)
        if texts is not None:
            self._texts += [pa.nulls(self._filled - sum(map(len, self._texts)), pa.large_binary()), texts]
            self._text_size += texts.nbytes
        self._filled += count
        if self._filled == _ROWS or self._text_size >= _BLOCK:
            self._lay()

    def _by_slots(self) -> tuple[Held, NDArray[np.int64]]:
        """What is held, by slots, and where each begins."""
        records = self._records[: self._filled]
        texts = None
        if self._texts:
            rest = pa.nulls(self._filled - sum(map(len, self._texts)), pa.large_binary())
            texts = pa.concat_arrays([*self._texts, rest])
        slots = slots_of(serials_of(records["raw"]), self._level)
        held = Held(records, texts).taken(np.argsort(slots, kind="stable"))
        marks = np.concatenate(([0], np.cumsum(np.bincount(slots, minlength=SLOTS))))
        self._filled = self._text_size = 0
        self._texts = []
        return held, marks

    def _lay(self) -> None:
        if self._room is None:
            self._room = Room()
        laid = lay(self._room, *self._by_slots())
        self._sizes += laid.sizes()
        self._laid.append(laid)

    def _finish(self) -> None:
        """The last rows; all of them, if none are on the disk."""
        if self._room is not None and self._filled:
            self._lay()
        elif self._kept is None:
            self._kept = self._by_slots()
            self._sizes += np.diff(self._kept[1]) * RECORD.itemsize

    def _groups(self) -> Iterator[tuple[int, int]]:
        """Slots, one behind the other, that can be sorted together."""
        first = size = 0
        for slot, more in enumerate(self._sizes.tolist()):
            if size and size + more > _GROUP:
                yield first, slot
                size = 0
            if not size:
                first = slot  # without the empty ones before it, so that a full slot is alone
            size += more
        yield first, SLOTS

    def _parts(self, first: int, end: int, most: int = _GROUP) -> Iterator[Held]:
        """The rows of some slots, so many bytes at once."""
        if self._room is None:
            if self._kept is not None:
                held, marks = self._kept
                if marks[end] > marks[first]:
                    yield held.part(marks[first], marks[end])
            return
        chosen: list[tuple[Laid, int, int]] = []
        size = 0
        for laid in self._laid:
            more = laid.size(first, end)
            if not more:
                continue
            if chosen and size + more > most:
                yield fetch(self._room, chosen)
                chosen, size = [], 0
            chosen.append((laid, first, end))
            size += more
        if chosen:
            yield fetch(self._room, chosen)

    def _of_full_slot(self, slot: int) -> Iterator[Batch | Giant]:
        """The rows of a slot that are too many to be sorted together: of one card, or of several."""
        least, most = np.uint64(2**64 - 1), np.uint64(0)
        for held in self._parts(slot, slot + 1):
            here = serials_of(held.records["raw"])
            least, most = min(least, here.min()), max(most, here.max())
        if least == most:
            yield Giant(int(least).to_bytes(8, "big"), self._of_one_card(slot))
            return
        with Spill(self._level + 1) as spill:
            for held in self._parts(slot, slot + 1):
                spill.add(held.rows())
            yield from spill.cards()

    def _of_one_card(self, slot: int) -> Iterator[Batch]:
        with Sorter(_GROUP) as sorter:
            for held in self._parts(slot, slot + 1):
                sorter.add(held)
            for ordered in sorter.sorted():
                for begin in range(0, len(ordered.records), BATCH):
                    yield Batch(ordered.part(begin, begin + BATCH).rows())
