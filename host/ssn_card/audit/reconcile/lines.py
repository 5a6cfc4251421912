# SPDX-License-Identifier: Apache-2.0
"""A table of figures as lines of even letters: a line is set as one piece, where cells are set one by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

#: Letters of a line in ``statement.typ``; with figures beyond all money a line is longer, and broken, not cut.
WIDTH: Final = 85
_APART: Final = 2  #: least space before a figure
_Row = Sequence[str]


class Columns:
    """Where columns end: a name at the left, and figures to the right as wide as any of ``rows``, heads among them."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        figures = zip(*(row[1:] for row in rows), strict=True)
        self._widths = [_APART + max(map(len, column)) for column in figures]
        spare = WIDTH - sum(self._widths) - max(len(row[0]) for row in rows)
        more = max(0, spare // (len(self._widths) + 1))
        self._widths = [width + more for width in self._widths]
        self._first = max(WIDTH - sum(self._widths), max(len(row[0]) for row in rows))

    def line(self, row: _Row) -> str:
        """One row."""
        figures = (text.rjust(width) for text, width in zip(row[1:], self._widths, strict=True))
        return row[0].ljust(self._first) + "".join(figures)
