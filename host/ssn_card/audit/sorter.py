# SPDX-License-Identifier: Apache-2.0
"""Rows in any order, given back sorted, however many there are: in sorted runs on the disk, cut at the same keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.closing import Closing

from .laid import Laid, fetch, lay
from .records import Held, joined, keys_of, order_of
from .room import Room

_EVERY = 512  #: rows of a run between two keys that are remembered of it


class _Run(NamedTuple):
    """A sorted run, marked every so many rows; ``keys``: of the rows at the marks, but for the end."""

    laid: Laid
    keys: NDArray[np.bytes_]


class Sorter(Closing):
    """Takes rows, then gives them back by :func:`order_of`, in parts. Raises :class:`NoRoom`.

    Args:
        limit: bytes that are sorted at once.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._held: list[Held] = []
        self._size = 0
        self._runs: list[_Run] = []
        self._room: Room | None = None
        self.count = 0  #: rows taken

    def add(self, held: Held) -> None:
        """Take rows."""
        if not len(held.records):
            return
        self.count += len(held.records)
        self._held.append(held)
        self._size += held.nbytes
        if self._size >= self._limit:
            self._set_down()

    def sorted(self) -> Iterator[Held]:
        """All rows, once."""
        if self._room is None:
            if self._held:
                yield self._sort()
            return
        if self._held:
            self._set_down()
        yield from self._merged(self._room)

    def close(self) -> None:
        """Drop what is left."""
        if self._room is not None:
            self._room.close()

    def _sort(self) -> Held:
        held = joined(self._held)
        self._held, self._size = [], 0
        return held.taken(order_of(held.records))

    def _set_down(self) -> None:
        held = self._sort()
        if self._room is None:
            self._room = Room()
        marks = np.append(np.arange(0, len(held.records), _EVERY), len(held.records))
        self._runs.append(_Run(lay(self._room, held, marks), keys_of(held.records[::_EVERY])))

    def _merged(self, room: Room) -> Iterator[Held]:
        """The runs up to one key, then up to the next: what was read of a run beyond it waits for the next."""
        done = [0] * len(self._runs)
        rest: list[Held] = []
        for bound in (*self._bounds(), None):
            upto = [len(one.keys) if bound is None else int(np.searchsorted(one.keys, bound)) for one in self._runs]
            parts = [(one.laid, first, end) for one, first, end in zip(self._runs, done, upto, strict=True)]
            done = upto
            held = joined([*rest, fetch(room, parts)])
            held = held.taken(order_of(held.records))
            cut = len(held.records)
            if bound is not None:
                cut = int(np.searchsorted(keys_of(held.records), bound))
            yield held.part(0, cut)
            rest = [held.part(cut, len(held.records))]

    def _bounds(self) -> NDArray[np.bytes_]:
        """Keys between which there is about as much as may be sorted at once."""
        keys = np.sort(np.concatenate([one.keys for one in self._runs]))
        size = sum(one.laid.size(0, len(one.keys)) for one in self._runs)
        at_once = self._limit * len(keys) // max(size, 1) - len(self._runs)
        return keys[:: max(at_once, 1)][1:]
