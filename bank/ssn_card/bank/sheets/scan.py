# SPDX-License-Identifier: Apache-2.0
"""A look into a workbook before anything of it is loaded: how large it would be, and what its cells do not say.

The loader keeps a sheet's whole rectangle in memory, so one cell in the last corner of a sheet would take all of it.
Here each part is read once as a stream, with its size and its CRC held to what the archive says, and no DTD.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any, Final
from xml.etree import ElementTree
from xml.parsers import expat

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from .cells import CellFault
from .errors import TableUnreadable, WorkbookRefused

PARTS_MAX: Final = 2_000
BYTES_MAX: Final = 256 << 20  #: of all parts, unpacked
ROWS_MAX: Final = 250_000
COLUMNS_MAX: Final = 256
CELLS_MAX: Final = 10_000_000  #: of a sheet's rectangle
MERGED_MAX: Final = 1_000_000  #: cells in merged areas

_CHUNK: Final = 1 << 20
_REFERENCE: Final = re.compile("([A-Z]{1,3})([0-9]{1,7})")
_RELATION: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

_DAMAGED: Final = Text("it is damaged", "rusak")
_LOCKED: Final = Text("it is locked by a password", "terkunci kata sandi")
_MACROS: Final = Text("it holds macros", "berisi makro")
_LARGE: Final = Text("unpacked it is larger than {max} MB", "setelah dibuka lebih besar dari {max} MB")
_PARTS: Final = Text("it has more than {max} parts", "berisi lebih dari {max} bagian")
_WIDE: Final = Text(
    "sheet '{sheet}' reaches to row {row}, column {column}", "lembar '{sheet}' sampai baris {row}, kolom {column}"
)
_ENTITIES: Final = Text("a part of it declares entities", "ada bagian yang mendeklarasikan entitas")


@dataclass
class SheetScan:
    """What a sheet's own XML tells."""

    name: str
    hidden: bool
    last_row: int = 0
    last_column: int = 0
    hidden_rows: list[int] = field(default_factory=list)
    faults: dict[int, dict[int, CellFault]] = field(default_factory=dict)  #: by row (1-based), then column (0-based)

    def fault(self, row: int, column: int, fault: CellFault) -> None:
        """A cell does not hold what it shows."""
        self.faults.setdefault(row, {})[column] = fault


def scanned(path: Path) -> list[SheetScan]:
    """All sheets of cells, in the workbook's order. Raises :class:`WorkbookRefused`, ``TableUnreadable``."""
    with _refusing(path), zipfile.ZipFile(path) as archive:
        _sound(path, archive)
        return [_sheet(path, archive, name, hidden, part) for name, hidden, part in _sheets(archive)]


@contextmanager
def _refusing(path: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, ElementTree.ParseError, KeyError, EOFError, ValueError):
        raise WorkbookRefused(path.name, _DAMAGED) from None
    except (RuntimeError, NotImplementedError):  # of zipfile: encrypted, or packed in a way of its own
        raise WorkbookRefused(path.name, _LOCKED) from None
    except OSError as error:
        raise TableUnreadable(path.name, system_reason(error)) from None


def _sound(path: Path, archive: zipfile.ZipFile) -> None:
    """Every part but pictures, unpacked once: no more comes than is declared, and its CRC is right."""
    parts = archive.infolist()
    if len(parts) > PARTS_MAX:
        raise WorkbookRefused(path.name, _PARTS.filled(max=PARTS_MAX))
    if any(part.filename.endswith("vbaProject.bin") or "macrosheets" in part.filename for part in parts):
        raise WorkbookRefused(path.name, _MACROS)
    if sum(part.file_size for part in parts) > BYTES_MAX:
        raise WorkbookRefused(path.name, _LARGE.filled(max=BYTES_MAX >> 20))
    for part in parts:
        if not part.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(part) as file:
            if re.search(rb"<!(DOCTYPE|ENTITY)", file.read(_CHUNK)):
                raise WorkbookRefused(path.name, _ENTITIES)
            while file.read(_CHUNK):
                pass


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, bool, str]]:
    """Name, whether hidden, and part of each worksheet."""
    relations = {
        one.get("Id"): one.get("Target", "")
        for one in ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    }
    root = ElementTree.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314
    for sheet in root.iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        target = relations[sheet.get(_RELATION)]
        part = target.lstrip("/") if target.startswith("/") else str(PurePosixPath("xl") / target)
        if "worksheets/" in part:
            yield sheet.get("name", ""), sheet.get("state", "visible") != "visible", part


def _sheet(path: Path, archive: zipfile.ZipFile, name: str, hidden: bool, part: str) -> SheetScan:
    scan = SheetScan(name, hidden)
    parser = expat.ParserCreate()
    reader = _SheetReader(scan, parser)
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            parser.Parse(chunk, False)
            _fits(path, scan)
        parser.Parse(b"", True)
    reader.close()
    _fits(path, scan)
    return scan


def _fits(path: Path, scan: SheetScan) -> None:
    rows, columns = scan.last_row, scan.last_column
    if rows > ROWS_MAX or columns > COLUMNS_MAX or rows * columns > CELLS_MAX:
        raise WorkbookRefused(path.name, _WIDE.filled(sheet=scan.name, row=rows, column=columns))


class _SheetReader:
    """Follows the elements of a worksheet: row, c, f, v, is, mergeCell. A cell is done when the next one begins."""

    def __init__(self, scan: SheetScan, parser: expat.XMLParserType) -> None:
        self._scan = scan
        self._parser = parser
        self._row = 0
        self._column = -1
        self._element = ""
        self._merged_cells = 0
        self._formula = self._value = self._error = False
        self._handlers = {
            "c": self._cell,
            "f": self._formula_begins,
            "is": self._value_begins,
            "mergeCell": self._merged,
            "row": self._row_begins,
            "v": self._value_begins,
        }
        parser.StartElementHandler = self._start

    def close(self) -> None:
        """The last cell is done too."""
        self._done()

    def _start(self, name: str, attributes: dict[str, Any]) -> None:
        if ":" in name:
            name = name.rpartition(":")[2]
        self._element = name
        handler = self._handlers.get(name)
        if handler is not None:
            handler(attributes)

    def _done(self) -> None:
        scan = self._scan
        if self._error:
            scan.fault(self._row, self._column, CellFault.ERROR)
        if self._formula:
            self._parser.CharacterDataHandler = None
            if not self._value and not self._error:
                scan.fault(self._row, self._column, CellFault.UNCOMPUTED)
        if self._value or self._formula:
            scan.last_row = max(scan.last_row, self._row)
            scan.last_column = max(scan.last_column, self._column + 1)
        self._formula = self._value = self._error = False

    def _row_begins(self, attributes: dict[str, Any]) -> None:
        self._done()
        self._row = int(attributes.get("r", self._row + 1))
        self._column = -1
        if attributes.get("hidden") in ("1", "true") and len(self._scan.hidden_rows) < ROWS_MAX:
            self._scan.hidden_rows.append(self._row)

    def _cell(self, attributes: dict[str, Any]) -> None:
        self._done()
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            self._column, self._row = column_of(letters), int(reference[len(letters) :])
        self._error = attributes.get("t") == "e"

    def _value_begins(self, _: dict[str, Any]) -> None:
        if not self._formula:
            self._value = True

    def _formula_begins(self, _: dict[str, Any]) -> None:
        self._formula = True
        self._parser.CharacterDataHandler = self._text  # a formula's value may be there and empty

    def _text(self, text: str) -> None:
        if self._element == "v" and text.strip():
            self._value = True

    def _merged(self, attributes: dict[str, Any]) -> None:
        self._done()
        first, _, last = attributes.get("ref", "").partition(":")
        begin, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
        if begin is None or end is None:
            return
        top, left = int(begin[2]), column_of(begin[1])
        rows = range(top, min(int(end[2]), self._scan.last_row) + 1)
        columns = range(left, min(column_of(end[1]), COLUMNS_MAX) + 1)
        self._merged_cells += len(rows) * len(columns)
        if self._merged_cells > MERGED_MAX:
            raise ValueError  # no sheet that people made
        for row in rows:
            for column in columns:
                if (row, column) != (top, left):
                    self._scan.fault(row, column, CellFault.MERGED)


@lru_cache(1024)
def column_of(letters: str) -> int:
    """0-based place of column ``"A"``, ``"AB"``."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1
