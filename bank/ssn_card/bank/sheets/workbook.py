# SPDX-License-Identifier: Apache-2.0
"""A sheet of an XLSX workbook. What is hidden, merged, wrong or not computed is told, never taken for a value."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from ssn_card.protocol.errors import Text

from .cells import CellValue, HeaderScore, TableLayout, TableRemark, TableRow, shown
from .errors import (
    TableChanged,
    TableEmpty,
    TableHeaderMissing,
    TableSheetUnclear,
    TableSheetUnknown,
    WorkbookRefused,
)
from .header import LEAST_NAMES, ROWS_LOOKED_AT, FoundHeader, best_header
from .scan import SheetScan, scanned

_SHEET: Final = Text("sheet '{sheet}'", "lembar '{sheet}'")
_LEFT_OUT: Final = Text("sheets left out: {sheets}", "lembar yang tidak dibaca: {sheets}")
_HIDDEN_SHEETS: Final = Text("hidden sheets, left out: {sheets}", "lembar tersembunyi, tidak dibaca: {sheets}")
_HIDDEN_ROWS: Final = Text(
    "{count} hidden rows below the header were taken too", "{count} baris tersembunyi di bawah judul ikut dibaca"
)
_HEADED: Final = Text("header in row {row}", "judul kolom di baris {row}")
_UNREADABLE: Final = Text("it cannot be read", "tidak dapat dibaca")


class WorkbookTable:
    """One sheet of a workbook."""

    def __init__(self, path: Path, layout: TableLayout, score: HeaderScore) -> None:
        """Look through the workbook, and guess what ``layout`` leaves open.

        Raises ``TableUnreadable``, ``TableEmpty``, ``TableHeaderMissing``, ``TableSheetUnknown``,
        ``TableSheetUnclear``, ``WorkbookRefused``.
        """
        self.path = path
        self.told: list[TableRemark] = []
        scans = scanned(path)
        self.sha256 = self._digest()
        self._scan, found = self._choose(scans, layout, score)
        self.sheet = self._scan.name
        self.header, self.header_row = found.names, found.row
        self._tell(scans, layout)

    def rows(self) -> Iterator[TableRow]:
        """All rows below the header. Raises :class:`TableChanged`, :class:`WorkbookRefused`."""
        if self._digest() != self.sha256:
            raise TableChanged(self.path.name)
        with closing(self._workbook()) as workbook:
            for number, cells in _numbered(workbook.get_sheet_by_name(self.sheet)):
                if number > self.header_row:
                    yield TableRow(number, tuple(map(_cell, cells)), self._scan.faults.get(number, {}))

    def _workbook(self) -> CalamineWorkbook:
        try:
            return CalamineWorkbook.from_path(str(self.path))
        except (CalamineError, OSError):
            raise WorkbookRefused(self.path.name, _UNREADABLE) from None

    def _digest(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def _choose(
        self, scans: Sequence[SheetScan], layout: TableLayout, score: HeaderScore
    ) -> tuple[SheetScan, FoundHeader]:
        offered = [scan for scan in scans if not scan.hidden] if layout.sheet is None else self._named(scans, layout)
        if not any(scan.last_row for scan in offered):
            raise TableEmpty(self.path.name)
        with closing(self._workbook()) as workbook:
            found = [(scan, self._header(workbook, scan, layout, score)) for scan in offered if scan.last_row]
        best = max((header.score for _, header in found if header), default=-1)
        fitting = [(scan, header) for scan, header in found if header and header.score == best]
        if not fitting:
            why = Text("none of the first {count} fits", "tidak ada yang cocok dari {count} baris pertama")
            raise TableHeaderMissing(self.path.name, why.filled(count=ROWS_LOOKED_AT))
        if len(fitting) > 1:
            raise TableSheetUnclear(self.path.name, ", ".join(scan.name for scan, _ in fitting))
        return fitting[0]

    def _named(self, scans: Sequence[SheetScan], layout: TableLayout) -> list[SheetScan]:
        named = [scan for scan in scans if scan.name == layout.sheet]
        if not named:
            raise TableSheetUnknown(self.path.name, str(layout.sheet), ", ".join(scan.name for scan in scans))
        return named

    def _header(
        self, workbook: CalamineWorkbook, scan: SheetScan, layout: TableLayout, score: HeaderScore
    ) -> FoundHeader | None:
        rows = _numbered(workbook.get_sheet_by_name(scan.name))
        texts = ((number, [shown(_cell(cell)) for cell in cells]) for number, cells in rows)
        if layout.header_row is not None:
            return best_header((row for row in texts if row[0] == layout.header_row), score, 0)
        return best_header(islice(texts, ROWS_LOOKED_AT), score, LEAST_NAMES)

    def _tell(self, scans: Sequence[SheetScan], layout: TableLayout) -> None:
        others = [scan.name for scan in scans if scan is not self._scan and not scan.hidden and scan.last_row]
        hidden = [scan.name for scan in scans if scan is not self._scan and scan.hidden]
        if others and layout.sheet is None:
            self.told.append(TableRemark("sheet", self.sheet, _SHEET.filled(sheet=self.sheet)))
        if others:
            self.told.append(TableRemark("sheets-left-out", len(others), _LEFT_OUT.filled(sheets=", ".join(others))))
        if hidden:
            self.told.append(TableRemark("hidden-sheets", len(hidden), _HIDDEN_SHEETS.filled(sheets=", ".join(hidden))))
        if layout.header_row is None and self.header_row != 1:
            self.told.append(TableRemark("header-row", self.header_row, _HEADED.filled(row=self.header_row)))
        below = sum(self.header_row < row <= self._scan.last_row for row in self._scan.hidden_rows)
        if below:
            self.told.append(TableRemark("hidden-rows", below, _HIDDEN_ROWS.filled(count=below)))


def _numbered(sheet: CalamineSheet) -> Iterator[tuple[int, list[Any]]]:
    """Rows with their numbers, from 1; cells from column A on (the loader begins at the first column in use)."""
    if sheet.start is None:
        return
    before: list[Any] = [""] * sheet.start[1]
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        yield number, before + cells


def _cell(value: Any) -> CellValue:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int):
        return float(value)
    if isinstance(value, dt.time | dt.timedelta):
        return str(value)
    kept: CellValue = value
    return kept
