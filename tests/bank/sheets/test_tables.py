# SPDX-License-Identifier: Apache-2.0
"""Files that others made: every encoding and delimiter, and what a workbook hides, or would do to our memory."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ssn_card.bank.sheets import errors
from ssn_card.bank.sheets.cells import CellFault, FileTable, TableLayout, plain
from ssn_card.bank.sheets.opening import open_table

WANTED = {"nik", "nama", "lahir"}


def score(cells: Any) -> int:
    return len({plain(cell) for cell in cells} & WANTED)


def opened(path: Path, **layout: Any) -> FileTable:
    return open_table(path, score, TableLayout(**layout))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[bytes | str], Path]:
    def write(content: bytes | str) -> Path:
        path = tmp_path / "list.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


@pytest.fixture
def book(tmp_path: Path) -> Callable[[Callable[[Any], None]], Path]:
    """Makes a workbook, whose sheet ``Data`` a function fills."""

    def make(fill: Callable[[Any], None]) -> Path:
        made = openpyxl.Workbook()
        sheet = made.active
        assert sheet is not None
        sheet.title = "Data"
        sheet.append(["NIK", "Nama", "Lahir"])
        fill(made)
        path = tmp_path / "list.xlsx"
        made.save(path)
        return path

    return make


TEXT = "DAFTAR PENERIMA\n\nNIK{0}Nama{0}Lahir\n1{0}Ma’ruf é{0}2\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_any_encoding_delimiter_and_line_end(
    written: Callable[[bytes], Path], encoding: str, ends: str, delimiter: str
) -> None:
    table = opened(written(TEXT.format(delimiter).replace("\n", ends).encode(encoding)))
    assert [(row.number, row.cells) for row in table.rows()] == [(4, ("1", "Ma’ruf é", "2"))]
    told = {one.what: one.value for one in table.told}
    assert told["header-row"] == 3
    assert told.get("delimiter", ",") == delimiter
    assert ("encoding" in told) == (not encoding.startswith("utf-8"))


def test_what_is_known_is_not_told(written: Callable[[str], Path]) -> None:
    table = opened(written(TEXT.format(";")), delimiter=";", header_row=3, encoding="utf-8")
    assert table.told == []


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", errors.TableEmpty),
        (b"a,b\n1,2\n", errors.TableHeaderMissing),
        (b'NIK,Nama\n1,"x\n', errors.TableLineBroken),
        (b"NIK,Nama\n1,\0\n", errors.TableLineBroken),
        (b"NIK,Nama\n1," + b"x" * 9000 + b"\n", errors.TableLineBroken),
        (b"NIK,Nama\n1,\x81\xff\n", errors.TableEncoding),
        (b"%PDF-1.7 NIK,Nama\n", errors.TableForeign),
        (b"PK\x03\x04xl/ no zip", errors.WorkbookRefused),
    ],
)
def test_what_is_no_table_is_named(
    written: Callable[[bytes], Path], content: bytes, error: type[errors.TableFileError]
) -> None:
    with pytest.raises(error) as raised:
        list(opened(written(content)).rows())
    assert raised.value.text.id
    assert raised.value.remedy.en


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(errors.TableUnreadable):
            opened(path)


def test_a_file_that_changes_while_it_is_read(written: Callable[[str], Path]) -> None:
    path = written(TEXT.format(","))
    rows = opened(path).rows()
    path.write_text(TEXT.format(",") + "2,x,3\n")
    with pytest.raises(errors.TableChanged):
        list(rows)


def test_a_workbooks_cells(book: Callable[..., Path]) -> None:
    def fill(made: Any) -> None:
        made["Data"].append([6472017105639001, "Ma’ruf", dt.date(1963, 5, 31)])
        made["Data"].append(["'647", True, dt.datetime(1963, 5, 31, 12)])

    rows = list(opened(book(fill)).rows())
    assert rows[0].cells == (6472017105639001.0, "Ma’ruf", dt.date(1963, 5, 31))
    assert rows[1].cells == ("'647", "TRUE", dt.datetime(1963, 5, 31, 12))


def test_what_a_cell_does_not_hold_is_a_fault(book: Callable[..., Path]) -> None:
    def fill(made: Any) -> None:
        sheet = made["Data"]
        sheet.append(["=A1", "#REF!", "x"])
        sheet.append(["1", "m", None])
        sheet.append(["2", None, None])
        sheet.merge_cells("B3:C4")

    rows = list(opened(book(fill)).rows())
    assert [row.faults for row in rows] == [
        {0: CellFault.UNCOMPUTED, 1: CellFault.ERROR},
        {2: CellFault.MERGED},
        {1: CellFault.MERGED, 2: CellFault.MERGED},
    ]


def test_hidden_sheets_and_rows_are_told(book: Callable[..., Path]) -> None:
    def fill(made: Any) -> None:
        sheet = made["Data"]
        sheet.append(["1", "a", "b"])
        sheet.append(["2", "a", "b"])
        sheet.row_dimensions[2].hidden = True
        made.create_sheet("Rekap").append(["Total"])
        secret = made.create_sheet("Lama")
        secret.append(["NIK", "Nama", "Lahir"])
        secret.sheet_state = "hidden"

    table = opened(book(fill))
    assert len(list(table.rows())) == 2
    assert {one.what: one.value for one in table.told} == {
        "sheet": "Data",
        "sheets-left-out": 1,
        "hidden-sheets": 1,
        "hidden-rows": 1,
    }


def test_two_sheets_that_fit_are_not_chosen_between(book: Callable[..., Path]) -> None:
    def fill(made: Any) -> None:
        made["Data"].append(["1", "a", "b"])
        made.copy_worksheet(made["Data"])

    path = book(fill)
    with pytest.raises(errors.TableSheetUnclear):
        opened(path)
    assert len(list(opened(path, sheet="Data Copy").rows())) == 1
    with pytest.raises(errors.TableSheetUnknown):
        opened(path, sheet="Nope")


def test_an_empty_workbook(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "x.xlsx")
    with pytest.raises(errors.TableEmpty):
        opened(tmp_path / "x.xlsx")


def _replaced(path: Path, part: str, content: bytes) -> Path:
    """A copy in which one part holds something else."""
    out = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for one in old.infolist():
            new.writestr(one.filename, content if one.filename == part else old.read(one))
        if part not in old.namelist():
            new.writestr(part, content)
    path.write_bytes(out.getvalue())
    return path


SHEET = "xl/worksheets/sheet1.xml"
HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/vbaProject.bin", b"x"),
        (SHEET, HEAD + b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'),
        (SHEET, HEAD + b'<row r="1"><c r="A1"><v>1</v></c><c r="ZZ1"><v>1</v></c></row></sheetData></worksheet>'),
        (SHEET, b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>'),
        (SHEET, HEAD + b"<row>"),
        ("xl/workbook.xml", b"<no"),
        ("xl/_rels/workbook.xml.rels", b"<Relationships/>"),
    ],
)
def test_workbooks_that_are_refused(book: Callable[..., Path], part: str, content: bytes) -> None:
    path = _replaced(book(lambda made: made["Data"].append(["1", "a", "b"])), part, content)
    with pytest.raises(errors.WorkbookRefused):
        list(opened(path).rows())


_LIMITED = """
import resource, sys
from pathlib import Path
from ssn_card.bank.sheets.errors import WorkbookRefused
from ssn_card.bank.sheets.opening import open_table
import ssn_card.bank.sheets.workbook
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    open_table(Path(sys.argv[1]), lambda cells: 2)
except WorkbookRefused as refused:
    print(refused.code, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


@pytest.mark.parametrize("blanks", [300 << 20, 100 << 20])
def test_a_bomb_takes_no_memory(book: Callable[..., Path], blanks: int) -> None:
    """A megabyte that unpacks to hundreds; one within the bounds that then is no sheet."""
    path = _replaced(book(lambda made: None), SHEET, HEAD + b" " * blanks)
    assert path.stat().st_size < 2 << 20
    ran = subprocess.run([sys.executable, "-c", _LIMITED, str(path)], capture_output=True, text=True, check=True)
    code, grown = ran.stdout.split()
    assert code == "workbook-refused"
    assert int(grown) < 40 << 10  # KB


def test_a_part_that_is_larger_than_it_says(book: Callable[..., Path]) -> None:
    path = book(lambda made: made["Data"].append(["1", "a", "b"]))
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    path.write_bytes(raw.replace(size.to_bytes(4, "little"), (size - 9).to_bytes(4, "little")))
    with pytest.raises(errors.WorkbookRefused):
        opened(path)


def test_repr_shows_no_cell(written: Callable[[str], Path]) -> None:
    (row,) = opened(written("NIK,Nama\n1,Rahasia\n")).rows()
    assert "Rahasia" not in repr(row)
