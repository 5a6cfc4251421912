# SPDX-License-Identifier: Apache-2.0
"""How the workbook of exceptions looks: what was found wrong is red, what may be changed white, the rest locked, grey.

Every cell is text, so that no spreadsheet rounds a number or computes a name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, BinaryIO, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from ssn_card.bank.people.exceptions import OpenLine

from .remedies import remedy_of
from .source import COLUMNS

SHEET: Final = "Pengecualian"
MARK: Final = "ambil lagi / take again"
IDS: Final = ("ssn_import", "ssn_line", "ssn_row")  #: hidden: import, line, MAC
_BEFORE: Final = (MARK, "baris / line", "alasan", "reason", "perbaikan", "remedy")
HEADER: Final = (*_BEFORE, *COLUMNS, *IDS)
_FIRST: Final = 3  #: row of the first exception
_TITLE: Final = (
    "Perbaiki sel putih dan merah, simpan, lalu: ssn perso import BERKAS. Hanya baris yang diperbaiki diambil; tanda x "
    "di kolom pertama mengambil baris apa adanya. / Correct white and red cells, save, then: ssn perso import FILE. "
    "Only corrected rows are taken; an x in the first column takes a row as it is."
)
_WIDTHS: Final = {
    **dict(zip(_BEFORE, (9, 8, 30, 30, 34, 34), strict=True)),
    **dict(zip(COLUMNS, (19, 19, 30, 15, 14, 17, 20, 22, 7, 13), strict=True)),
}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_LINE_HEIGHT: Final = 15  #: points
_GREY, _RED = (PatternFill("solid", start_color=colour) for colour in ("FFEEEEEE", "FFFFD9D6"))


def write_sheet(file: BinaryIO, lines: Sequence[OpenLine], tags: Sequence[str]) -> None:
    """The workbook. ``tags``: of each line, by which it is known again."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = SHEET
    _head(sheet)
    for row, (one, tag) in enumerate(zip(lines, tags, strict=True), start=_FIRST):
        _row(sheet, row, one, tag)
    last = len(lines) + _FIRST - 1
    sheet.freeze_panes = f"C{_FIRST}"
    sheet.auto_filter.ref = f"A{_FIRST - 1}:{get_column_letter(len(HEADER))}{last}"
    for name in ("nik", "no_kk"):
        letter = get_column_letter(HEADER.index(name) + 1)
        sheet.add_data_validation(_sixteen_digits(f"{letter}{_FIRST}:{letter}{last}"))
    sheet.protection.sheet = True  # without a password: against accidents
    for allowed in ("autoFilter", "sort", "formatColumns", "formatRows"):
        setattr(sheet.protection, allowed, False)  # False: not forbidden
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    book.save(file)


def _head(sheet: Any) -> None:
    _put(sheet, 1, 1, _TITLE, fill=_GREY, bold=True)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(_BEFORE))
    sheet.row_dimensions[1].height = 4 * _LINE_HEIGHT
    for column, name in enumerate(HEADER, start=1):
        _put(sheet, _FIRST - 1, column, name, fill=_GREY, bold=True)
        dimension = sheet.column_dimensions[get_column_letter(column)]
        dimension.width = _WIDTHS.get(name, 12)
        dimension.hidden = name in IDS


def _row(sheet: Any, row: int, one: OpenLine, tag: str) -> None:
    remedy, said = remedy_of(one.reason.code), one.reason.text
    told = (str(one.line), said.id, said.en, remedy.id, remedy.en)
    cells = dict(zip(COLUMNS, (*one.cells, *[""] * len(COLUMNS)), strict=False))
    ids = (str(one.import_id), str(one.line), tag)
    for column, value in enumerate(("", *told, *cells.values(), *ids), start=1):
        name = HEADER[column - 1]
        locked = name in IDS or (name in _BEFORE and name != MARK)
        fill = _GREY if locked else _RED if name == one.reason.field else None
        _put(sheet, row, column, value, fill=fill, locked=locked)
    lines = max(-(-len(text) // (_WIDTHS[name] - 4)) for name, text in zip(_BEFORE[1:], told, strict=True))
    sheet.row_dimensions[row].height = max(lines, 2) * _LINE_HEIGHT


def _put(
    sheet: Any, row: int, column: int, value: str, *, fill: Any = None, bold: bool = False, locked: bool = True
) -> None:
    cell = sheet.cell(row, column)
    cell.value = value
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = value.startswith(_FORMULA)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    cell.protection = Protection(locked=locked)
    if bold:
        cell.font = Font(bold=True)
    if fill is not None:
        cell.fill = fill


def _sixteen_digits(cells: str) -> Any:
    check = DataValidation(
        type="textLength",
        operator="equal",
        formula1="16",
        showErrorMessage=True,
        errorStyle="warning",
        errorTitle="16",
        error="16 angka / 16 digits",
    )
    check.add(cells)
    return check
