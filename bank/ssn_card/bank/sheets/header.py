# SPDX-License-Identifier: Apache-2.0
"""The header: the row near the top that names most of what is looked for. Titles above it are left out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from .cells import HeaderScore

#: Headers over a NIK and over a family's number, as :func:`.cells.plain` writes them.
NIK_NAMES: Final = frozenset(
    {
        *("nik", "nonik", "nomornik", "noktp", "nikktp", "nikpenerima", "nikkpm", "nikkepalakeluarga"),
        "nomorindukkependudukan",
    }
)
FAMILY_NAMES: Final = frozenset(
    {"nokk", "kk", "nkk", "nomorkk", "nokartukeluarga", "nomorkartukeluarga", "kartukeluarga"}
)

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
