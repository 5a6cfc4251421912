# SPDX-License-Identifier: Apache-2.0
"""Sorted rows cut between cards, and the card that is too large to be judged at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .records import SERIAL, serials_of
from .rows import Rows
from .sources.batch import Batch, no_rows

GIANT = 75_000  #: rows of one card that are judged at once; no card lives so long


class Giant(NamedTuple):
    """A card with more rows than that: it is forged, or this is an attack.

    ``parts``: its rows, sorted, at most :data:`ssn_card.audit.rows.BATCH` at once. They must be taken before what comes
    after the card, and in the thread that takes that.
    """

    serial: bytes
    parts: Iterator[Batch]


class _Batches:
    """Batches, of which rows can be put back."""

    def __init__(self, batches: Iterator[Batch]) -> None:
        self._batches = batches
        self._back: list[Batch] = []

    def __iter__(self) -> Iterator[Batch]:
        return self

    def __next__(self) -> Batch:
        return self._back.pop() if self._back else next(self._batches)

    def put_back(self, rows: Rows) -> None:
        self._back.append(Batch(rows))

    def may_go_on(self, card: np.uint64) -> bool:
        """Whether what comes next may begin with this card."""
        batch = next(self, None)
        if batch is None:
            return False
        self._back.append(batch)
        return not len(batch.rows.line) or bool(serials_of(batch.rows.raw[:1])[0] == card)


def by_cards(batches: Iterator[Batch]) -> Iterator[Batch | Giant]:
    """Sorted batches, with every card whole; only a last card that may go on is carried over to the next."""
    source = _Batches(batches)
    carried: list[Rows] = []
    for batch in source:
        if batch.unreadable or batch.others:
            yield batch._replace(rows=no_rows(), baskets=None, cards=None)
        if not len(batch.rows.line):
            continue
        if not carried and not source.may_go_on(serials_of(batch.rows.raw[-1:])[0]):
            yield Batch(batch.rows, cards=batch.cards)
            continue
        whole, carried = _sorted_out(batch.rows, carried, source)
        yield from map(Batch, whole)
        if sum(len(one.line) for one in carried) > GIANT:
            parts = _whole(carried, source)
            yield Giant(carried[0].raw[0, SERIAL].tobytes(), parts)
            for _ in parts:  # whatever was not taken
                pass
            carried = []
    if carried:
        yield Batch(_joined(carried))


def _sorted_out(rows: Rows, carried: list[Rows], source: _Batches) -> tuple[list[Rows], list[Rows]]:
    """Rows of whole cards, and what is to be carried over; ``carried``: what was, of one card."""
    count, last = len(rows.line), serials_of(rows.raw[-1:])[0]
    head = _leading(serials_of(rows.raw), serials_of(carried[0].raw)[0]) if carried else 0
    if head == count:
        return [], [*carried, rows]
    whole = [_joined([*carried, rows.part(0, head)])] if carried else []
    tail = count - _leading(serials_of(rows.raw)[::-1], last) if source.may_go_on(last) else count
    if tail > head:
        whole.append(rows.part(head, tail))
    return whole, [rows.part(tail, count)] if tail < count else []


def _whole(carried: Sequence[Rows], source: _Batches) -> Iterator[Batch]:
    """A card of which these rows are known, to its end."""
    yield from map(Batch, carried)
    (known,) = serials_of(carried[0].raw[:1])
    for batch in source:
        head = _leading(serials_of(batch.rows.raw), known)
        yield batch._replace(rows=batch.rows.part(0, head), baskets=None, cards=None)
        if head < len(batch.rows.line):
            source.put_back(batch.rows.part(head, len(batch.rows.line)))
            return


def _leading(serial: NDArray[np.uint64], value: np.uint64) -> int:
    """How many of the first rows are of one card."""
    others = serial != value
    return int(np.argmax(others)) if others.any() else len(serial)


def _joined(parts: Sequence[Rows]) -> Rows:
    return parts[0] if len(parts) == 1 else Rows(*map(np.concatenate, zip(*parts, strict=True)))
