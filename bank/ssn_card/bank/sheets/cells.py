# SPDX-License-Identifier: Apache-2.0
"""What a row holds, and what was guessed of a file."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from ssn_card.protocol.errors import Text

#: Of CSV always text; of a workbook also a number, or a date where the cell is formatted as one. Empty is ``""``.
CellValue = str | float | dt.date

#: How many of the names that are looked for a row holds; by it the header is found.
HeaderScore = Callable[[Sequence[str]], int]


class CellFault(StrEnum):
    """Why what a cell shows is not what it holds."""

    UNCOMPUTED = "uncomputed"  #: a formula that no program has computed
    ERROR = "error"  #: #REF! and the like
    MERGED = "merged"  #: part of a merged area, whose value stands in its first cell


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a file: its number there, 1-based, and its cells. ``repr`` shows none of them."""

    number: int
    cells: tuple[CellValue, ...] = field(repr=False)
    faults: Mapping[int, CellFault] = field(default_factory=dict)  #: by 0-based column


@dataclass(frozen=True, slots=True)
class TableRemark:
    """Something that was guessed or left out, which a person should know of. No personal data."""

    what: str  #: delimiter, encoding, sheet, header-row, …
    value: str | int
    text: Text

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {"what": self.what, "value": self.value, "en": self.text.en, "id": self.text.id}


@dataclass(frozen=True, slots=True)
class TableLayout:
    """What is known of a file beforehand; what is ``None`` is guessed."""

    sheet: str | None = None
    header_row: int | None = None  #: 1-based
    delimiter: str | None = None
    encoding: str | None = None


class FileTable(Protocol):
    """A file as a table."""

    path: Path
    sha256: str  #: hex, of the file
    header: tuple[str, ...]  #: of the columns, as written
    header_row: int
    told: list[TableRemark]

    def rows(self) -> Iterator[TableRow]:
        """All rows below the header, blank ones and totals too. May be asked for again."""


def shown(cell: CellValue) -> str:
    """A cell as text: a whole number without a point, a date as ISO 8601."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(int(cell)) if cell.is_integer() else repr(cell)


_TOTAL = re.compile("(sub|grand)?(jumlah|total)|rekap.*|mengetahui|keterangan|catatan|sum")


def is_total(row: TableRow) -> bool:
    """Whether a cell says that the row is about others."""
    return any(isinstance(cell, str) and _TOTAL.fullmatch(plain(cell)) for cell in row.cells)


def plain(words: str) -> str:
    """Letters and digits only, small."""
    return "".join(letter for letter in words.casefold() if letter.isalnum())


def is_blank(row: TableRow) -> bool:
    """Whether nothing stands in it."""
    return not row.faults and not any(cell.strip() if isinstance(cell, str) else True for cell in row.cells)
