# SPDX-License-Identifier: Apache-2.0
"""Tables for people. At any width an amount, a date, a serial and a file name stay in one piece.

A table that would have to break one of them becomes a block of ``name value`` pairs for each row.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.table import Table
from rich.text import Text as Styled

from ssn_card.protocol.errors import Text, default_language

Cell = str | Styled
_GAP = 2  #: blanks between two columns, and before what belongs to the line above


def facts(title: Text | None, rows: Iterable[tuple[Text, Cell]], language: str | None = None) -> RenderableType:
    """Names and values under a title, in the reader's language; a value that is too long goes below its name."""
    named = [(_said(name, language), _cell(value)) for name, value in rows]
    return _titled(title, _Facts(named), language)


def table(
    title: Text | None,
    columns: Iterable[tuple[Text, str]],
    rows: Iterable[Iterable[Cell]],
    language: str | None = None,
) -> RenderableType:
    """A table with a head under a title.

    ``columns``: a name and ``"left"`` for words, which may wrap between two; ``"right"`` for figures, or ``"whole"``
    for a serial, a date, whatever is to be copied or compared: these two never wrap.
    """
    listed = [_Column(_said(name, language), side) for name, side in columns]
    return _titled(title, _Grid(listed, [[_cell(cell) for cell in row] for row in rows]), language)


def sentence(text: Text, style: str = "", language: str | None = None) -> Styled:
    """A sentence in the reader's language, never broken and without markup: ``[red]`` may be part of a path."""
    return Styled(_said(text, language), style=style, no_wrap=True, overflow="ignore")


def _titled(title: Text | None, body: RenderableType, language: str | None) -> RenderableType:
    return body if title is None else Group(sentence(title, language=language), body)


def _said(text: Text, language: str | None) -> str:
    return text.in_language(language or default_language())


def _cell(value: Cell) -> Styled:
    return value if isinstance(value, Styled) else Styled(value)


@dataclass(frozen=True)
class _Column:
    name: str
    side: str

    @property
    def wraps(self) -> bool:
        return self.side == "left"


class _Facts:
    """Two columns without a head."""

    def __init__(self, rows: Sequence[tuple[str, Styled]]) -> None:
        self._rows = rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        names = max((cell_len(name) for name, _ in self._rows), default=0) + _GAP
        for name, value in self._rows:
            room = options.max_width - names
            below = _longest_word(value.plain) > room
            first = Styled(name if below else name.ljust(names + len(name) - cell_len(name)), style="dim")
            lines = _wrapped(value, options.max_width - _GAP if below else room)
            if below:
                yield _line(first)
                yield from (_line(Styled(" " * _GAP) + line) for line in lines)
                continue
            yield _line(first + lines[0])
            yield from (_line(Styled(" " * names) + line) for line in lines[1:])


class _Grid:
    """Rows under a head, or blocks where they do not fit."""

    def __init__(self, columns: Sequence[_Column], rows: Sequence[Sequence[Styled]]) -> None:
        self._columns = columns
        self._rows = rows

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        widths = self._widths(options.max_width)
        if widths is None:
            for row in self._rows:
                yield from self._block(row, options.max_width)
        else:
            yield self._table(widths)

    def _widths(self, width: int) -> list[int] | None:
        """Of each column; ``None`` where something would have to be broken."""
        narrow, wide = [], []
        for place, column in enumerate(self._columns):
            cells = [row[place].plain for row in self._rows]
            longest = max((cell_len(cell) for cell in cells), default=0)
            least = max((_longest_word(cell) for cell in cells), default=0) if column.wraps else longest
            narrow.append(max(least, _longest_word(column.name)))
            wide.append(max(longest, _longest_word(column.name)))
        left = width - sum(narrow) - _GAP * (len(narrow) - 1)
        if left < 0:
            return None
        for place, column in enumerate(self._columns):
            if column.wraps:
                more = min(wide[place] - narrow[place], left)
                narrow[place] += more
                left -= more
        return narrow

    def _table(self, widths: Sequence[int]) -> Table:
        result = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
        for column, width in zip(self._columns, widths, strict=True):
            result.add_column(
                column.name, justify="right" if column.side == "right" else "left", width=width, overflow="fold"
            )
        for row in self._rows:
            result.add_row(*row)
        return result

    def _block(self, row: Sequence[Styled], width: int) -> Iterator[Styled]:
        """``card 5353…  when 2025-01-02  amount Rp600.000``, wrapped between two pairs."""
        line = Styled()
        for column, cell in zip(self._columns, row, strict=True):
            if not cell.plain:
                continue
            pair = Styled(f"{column.name} ", style="dim") + cell if column.name else cell
            if line.plain.strip() and cell_len(line.plain) + _GAP + cell_len(pair.plain) > width:
                yield _line(line)
                line = Styled(" " * _GAP)
            elif line.plain:
                line.append(" " * _GAP)
            first, *rest = _wrapped(pair, width - 2 * _GAP) if column.wraps else [pair]
            line += first
            for one in rest:
                yield _line(line)
                line = Styled(" " * 2 * _GAP) + one
        yield _line(line)


def _line(text: Styled) -> Styled:
    text.no_wrap, text.overflow = True, "ignore"
    return text


def _wrapped(text: Styled, width: int) -> list[Styled]:
    """The text in lines of that width, broken between words only; a longer word stands out."""
    lines = textwrap.wrap(text.plain, max(width, 1), break_long_words=False, break_on_hyphens=False)
    if len(lines) < 2:
        return [text]
    styled, start = [], 0
    for line in lines:
        start = text.plain.index(line, start)
        styled.append(text[start : start + len(line)])
        start += len(line)
    return styled


def _longest_word(text: str) -> int:
    return max((cell_len(word) for word in text.split()), default=0)
