# SPDX-License-Identifier: Apache-2.0
"""A table of whatever form as lines of an extract: columns found, dates and genders rewritten, totals left out.

What cannot be rewritten stays as it is, so that the judge says what is wrong with it; nothing is accepted here.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ssn_card.bank.sheets.cells import (
    CellFault,
    CellValue,
    FileTable,
    TableRemark,
    TableRow,
    is_blank,
    is_total,
    plain,
    shown,
)
from ssn_card.bank.sheets.errors import TableEmpty, TableHeaderMissing
from ssn_card.bank.sheets.opening import open_table
from ssn_card.programme import Regions, load_regions
from ssn_card.protocol.errors import Text

from . import dates
from .columns import NEEDED, column_of, score_by
from .profile import DatesPart, FilePart, GenderPart, IntakeProfile
from .reasons import Rule, WorkbookFault, cell_rule
from .source import COLUMNS, Line

SAMPLE: Final = 2_000  #: rows that dates are guessed from
_NUMBERS: Final = ("nik", "no_kk")
_OPTIONAL: Final = ("desil", "pendamping")
_LEAST_CELLS: Final = 3  #: of a row that has no number of a person and is still no footer
_DIGITS: Final = 10
_GENDERS: Final = {
    **dict.fromkeys(("l", "lk", "laki", "lakilaki", "pria", "m", "male", "1"), "L"),
    **dict.fromkeys(("p", "pr", "perempuan", "wanita", "w", "f", "female", "2"), "P"),
}

_COLUMNS: Final = Text("columns: {found}", "kolom: {found}")
_UNUSED: Final = Text("columns not used: {names}", "kolom yang tidak dipakai: {names}")
_TOTALS: Final = Text("{count} rows of totals at the end left out", "{count} baris jumlah di akhir tidak dibaca")
_BLANKS: Final = Text("{count} blank rows at the end left out", "{count} baris kosong di akhir tidak dibaca")
_DATED: Final = Text("dates are written {formats}", "tanggal ditulis {formats}")
_SERIALS: Final = Text(
    "dates stand as a spreadsheet's day numbers", "tanggal tersimpan sebagai nomor hari lembar kerja"
)
_GENDERED: Final = Text("gender is written {words}", "jenis kelamin ditulis {words}")
_BY_NAME: Final = Text("kode_kecamatan is taken from kecamatan", "kode_kecamatan diambil dari kecamatan")
_BY_CODE: Final = Text("kecamatan is taken from kode_kecamatan", "kecamatan diambil dari kode_kecamatan")


class MappedTable:
    """A file as a source of lines; ``told`` says what was guessed of it, ``profile`` is that as a profile."""

    columns = COLUMNS

    def __init__(self, path: Path, profile: IntakeProfile | None = None, regions: Regions | None = None) -> None:
        """Look through the whole file once. Raises a subclass of ``TableFileError``."""
        given = profile or IntakeProfile()
        self._table: FileTable = open_table(path, score_by(given.columns), given.layout)
        self._given = given
        self._regions = regions or load_regions()
        self._codes = {region.kecamatan.casefold(): code for code, region in self._regions.by_code.items()}
        self._places = self._found()
        self.told: list[TableRemark] = list(self._table.told)
        seen = _Seen(self._places)
        for row in self._table.rows():
            seen.row(row)
        if not seen.count:
            raise TableEmpty(path.name)
        self._last = seen.last
        self.line_count = seen.count
        self._formats = given.dates.formats or dates.guessed(seen.dated)
        self._genders = {plain(word): name for name in ("L", "P") for word in getattr(given.gender, name)} or _GENDERS
        self._tell(seen)

    @property
    def path(self) -> Path:
        return self._table.path

    @property
    def sha256(self) -> str:
        return self._table.sha256

    @property
    def width(self) -> int:
        return sum(1 for name in self._table.header if name) or len(self._table.header)

    @property
    def profile(self) -> IntakeProfile:
        """What was given or guessed, by which a file of the same sender is read in the same way."""
        table, named = self._table, {}
        for column, index in self._places.items():
            named[column] = self._given.columns.get(column) or (table.header[index],)
        part = FilePart(
            sheet=getattr(table, "sheet", None),
            header_row=table.header_row,
            delimiter=getattr(table, "delimiter", None),
            encoding=getattr(table, "encoding", None),
        )
        words = {name: tuple(word for word in self._genders if self._genders[word] == name) for name in ("L", "P")}
        return IntakeProfile(
            name=self._given.name,
            file=part,
            columns=named,
            constants=self._given.constants,
            dates=DatesPart(formats=self._formats),
            gender=GenderPart(**words),
        )

    def lines(self) -> Iterator[Line]:
        """All rows of persons, in order. Raises what reading the table raises."""
        return (line for _, line in self.pairs())

    @property
    def header(self) -> tuple[str, ...]:
        """Of all columns of the file."""
        return self._table.header

    def pairs(self) -> Iterator[tuple[TableRow, Line]]:
        """The same with the rows as they stand in the file."""
        for row in self._table.rows():
            if row.number > self._last:
                return
            yield row, self._line(row)

    def _found(self) -> dict[str, int]:
        places: dict[str, int] = {}
        for index, name in enumerate(self._table.header):
            column = column_of(name, self._given.columns)
            if column in places:
                why = Text(f"column {column} stands there twice", f"kolom {column} tertulis dua kali")
                raise TableHeaderMissing(f"{self._table.path.name}:{self._table.header_row} {column}", why)
            if column is not None and column not in self._given.constants:
                places[column] = index
        known = {*places, *self._given.constants}
        missing = [column for column in NEEDED if column not in known]
        missing += [] if {"kecamatan", "kode_kecamatan"} & known else ["kecamatan"]
        if missing:
            names = ", ".join(missing)
            why = Text(f"columns are missing: {names}", f"kolom tidak ada: {names}")
            raise TableHeaderMissing(f"{self._table.path.name}:{self._table.header_row} {missing[0]}", why)
        return places

    def _tell(self, seen: _Seen) -> None:
        table, given, tell = self._table, self._given, self.told.append
        renamed = [
            f"{table.header[index]} = {column}"
            for column, index in self._places.items()
            if column not in given.columns and table.header[index] != column
        ]
        if renamed:
            tell(TableRemark("columns", len(renamed), _COLUMNS.filled(found=", ".join(renamed))))
        used = set(self._places.values())
        unused = [name for index, name in enumerate(table.header) if name and index not in used]
        if unused:
            tell(TableRemark("columns-unused", len(unused), _UNUSED.filled(names=", ".join(unused))))
        if not given.dates.formats and self._formats not in ((), (dates.ISO,)):
            formats = ", ".join(self._formats)
            tell(TableRemark("date-format", formats, _DATED.filled(formats=formats)))
        if seen.serials:
            tell(TableRemark("date-serials", seen.serials, _SERIALS))
        words = [word for word in seen.genders if word not in ("L", "P", "l", "p") and plain(word) in self._genders]
        if words and not (given.gender.L or given.gender.P):
            tell(TableRemark("gender", len(words), _GENDERED.filled(words=", ".join(sorted(words)))))
        self._tell_derived()
        if seen.totals:
            tell(TableRemark("totals-left-out", seen.totals, _TOTALS.filled(count=seen.totals)))
        if seen.blanks:
            tell(TableRemark("blanks-left-out", seen.blanks, _BLANKS.filled(count=seen.blanks)))

    def _tell_derived(self) -> None:
        known = {*self._places, *self._given.constants}
        if "kode_kecamatan" not in known:
            self.told.append(TableRemark("derived", "kode_kecamatan", _BY_NAME))
        if "kecamatan" not in known:
            self.told.append(TableRemark("derived", "kecamatan", _BY_CODE))

    def _line(self, row: TableRow) -> Line:
        filled = _filled(row)
        if is_blank(row):
            return Line(row.number, ("",) * len(COLUMNS))
        torn = filled if self._torn(row, filled) else 0
        texts: dict[str, str] = dict.fromkeys(COLUMNS, "") | self._given.constants
        faults: dict[str, Rule] = {}
        for column, index in self._places.items():
            cell = row.cells[index] if index < len(row.cells) else ""
            texts[column] = self._text(column, cell)
            if (fault := _fault(column, cell, row.faults.get(index))) is not None:
                faults[column] = cell_rule(column, fault)
        self._derive(texts)
        return Line(row.number, tuple(texts[column] for column in COLUMNS), torn, faults)

    def _torn(self, row: TableRow, filled: int) -> bool:
        """Whether cells at the end are missing that no row can do without, or there are more than columns."""
        if filled > len(self._table.header):
            return True
        ends = filled if len(row.cells) >= len(self._table.header) else len(row.cells)
        workbook = hasattr(self._table, "sheet")
        needed = [index for column, index in self._places.items() if column not in _OPTIONAL]
        if not workbook:
            return len(row.cells) < len(self._table.header)
        return any(index >= ends for index in needed)

    def _text(self, column: str, cell: CellValue) -> str:
        if column == "tanggal_lahir":
            return self._date(cell)
        text = shown(cell)
        return self._genders.get(plain(text), text) if column == "jenis_kelamin" else text

    def _date(self, cell: CellValue) -> str:
        if isinstance(cell, float) and (day := dates.of_serial(cell)) is not None:
            return day.isoformat()
        text = shown(cell)
        plain_text = text.strip().removeprefix("'")
        for form in self._formats:
            if (day := dates.parsed(plain_text, form)) is not None:
                return day.isoformat()
        return text

    def _derive(self, texts: dict[str, str]) -> None:
        known = {*self._places, *self._given.constants}
        if "kode_kecamatan" not in known:
            texts["kode_kecamatan"] = self._codes.get(texts["kecamatan"].strip().casefold(), "")
        elif "kecamatan" not in known:
            region = self._regions.by_code.get(texts["kode_kecamatan"].strip())
            texts["kecamatan"] = region.kecamatan if region else ""


@dataclass
class _Seen:
    """What the first walk through a table has found."""

    places: Mapping[str, int]
    count: int = 0  #: rows down to the last one of a person
    last: int = 0  #: its number
    totals: int = 0  #: rows after it that are no persons
    blanks: int = 0
    serials: int = 0
    dated: list[tuple[str, str]] = field(default_factory=list, repr=False)
    genders: Counter[str] = field(default_factory=Counter, repr=False)

    def row(self, row: TableRow) -> None:
        if is_blank(row):
            self.blanks += 1
            return
        if not self._person(row):
            self.totals += 1
            return
        self.count += 1 + self.totals + self.blanks  # what stands between rows of persons is judged with them
        self.totals = self.blanks = 0
        self.last = row.number
        self._sample(row)

    def _person(self, row: TableRow) -> bool:
        texts = [shown(cell).strip() for cell in row.cells]
        for column in _NUMBERS:
            if len(re.sub("[^0-9]", "", _at(texts, self.places.get(column)))) >= _DIGITS:
                return True
        said = [text for text in texts if text]
        return len(said) + len(row.faults) >= _LEAST_CELLS and not is_total(row)

    def _sample(self, row: TableRow) -> None:
        birth = self.places.get("tanggal_lahir")
        if birth is not None and birth < len(row.cells) and isinstance(row.cells[birth], float):
            self.serials += dates.of_serial(float(row.cells[birth])) is not None  # type: ignore[arg-type]
        if self.count > SAMPLE:
            return
        texts = [shown(cell).strip() for cell in row.cells]
        self.dated.append((_at(texts, birth).removeprefix("'"), _at(texts, self.places.get("nik"))))
        self.genders[_at(texts, self.places.get("jenis_kelamin"))] += 1


def _at(texts: Sequence[str], index: int | None) -> str:
    return "" if index is None or index >= len(texts) else texts[index]


def _filled(row: TableRow) -> int:
    """How many cells there are up to the last that holds something."""
    last = max((index for index, cell in enumerate(row.cells) if not isinstance(cell, str) or cell.strip()), default=-1)
    return max(last, *row.faults, -1) + 1 if row.faults else last + 1


def _fault(column: str, cell: CellValue, fault: CellFault | None) -> WorkbookFault | None:
    if fault is not None:
        return WorkbookFault[fault.name]
    if column in _NUMBERS and isinstance(cell, float | dt.date):
        return WorkbookFault.NUMBER
    return None
