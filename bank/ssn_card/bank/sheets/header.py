# SPDX-License-Identifier: Apache-2.0
"""The header: the row near the top that names most of what is looked for. Titles above it are left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from .cells import HeaderScore

ROWS_LOOKED_AT: Final = 30
LEAST_NAMES: Final = 2  #: that a header must hold; a title may hold one by chance


class FoundHeader(NamedTuple):
    """Where a header stands, and how many of the wanted names it has."""

    row: int  #: 1-based
    names: tuple[str, ...]
    score: int


def best_header(rows: Iterable[tuple[int, Sequence[str]]], score: HeaderScore, least: int) -> FoundHeader | None:
    """The first of the best rows; ``None`` where none has ``least`` of the wanted names."""
    found: FoundHeader | None = None
    for number, cells in rows:
        names = tuple(cell.strip() for cell in cells)
        points = score(names)
        if points >= least and (found is None or points > found.score):
            found = FoundHeader(number, names, points)
    return found
