# SPDX-License-Identifier: Apache-2.0
"""A file, whatever its kind, as a table."""

from __future__ import annotations

from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from .cells import FileTable, HeaderScore, TableLayout
from .delimited import DelimitedTable
from .errors import TableForeign, TableUnreadable
from .kinds import HEAD, XLSX, kind_of


def open_table(path: Path, score: HeaderScore, layout: TableLayout | None = None) -> FileTable:
    """A CSV file or a workbook (XLSX).

    Args:
        score: how many of the names that are looked for stand in a row.
        layout: what is known beforehand; the rest is guessed, and told.

    Raises a subclass of ``TableFileError``.
    """
    layout = layout or TableLayout()
    try:
        with path.open("rb") as file:
            kind = kind_of(file.read(HEAD))
    except OSError as error:
        raise TableUnreadable(path.name, system_reason(error)) from None
    if kind is XLSX:
        from .workbook import WorkbookTable  # calamine is loaded where there is a workbook

        return WorkbookTable(path, layout, score)
    if kind is not None:
        raise TableForeign(path.name, Text(kind.name.en, kind.name.id), kind.remedy)
    return DelimitedTable(path, layout, score)
