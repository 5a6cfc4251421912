# SPDX-License-Identifier: Apache-2.0
"""CSV as spreadsheets and registries write it: any of four delimiters, UTF-8, UTF-16 or Windows-1252.

Memory stays constant: one line at a time. Every row is one physical line; a quoted line break, which CSV would allow
(RFC 4180 section 2.6), is refused, for it lets one field pass for a row of its own.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final, TextIO

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from .cells import HeaderScore, TableLayout, TableRemark, TableRow
from .errors import (
    TableChanged,
    TableEmpty,
    TableEncoding,
    TableHeaderMissing,
    TableLineBroken,
    TableUnreadable,
)
from .header import LEAST_NAMES, ROWS_LOOKED_AT, FoundHeader, best_header

DELIMITERS: Final = ",;\t|"
LINE_MAX: Final = 8192  #: characters, line end included

_CHUNK: Final = 1 << 20
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_NAMED: Final = {",": Text("comma", "koma"), ";": Text("semicolon", "titik koma"), "\t": Text("tab", "tab"),
                 "|": Text("bar", "garis tegak")}  # fmt: skip
_ENCODINGS: Final = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "cp1252": "Windows-1252"}
_DELIMITED: Final = Text("delimiter: {name}", "pemisah: {name}")
_ENCODED: Final = Text("encoding: {name}", "pengodean: {name}")
_HEADED: Final = Text("header in row {row}", "judul kolom di baris {row}")
_SEPARATED: Final = re.compile(r'"?sep=([,;\t|])"?', re.IGNORECASE)


class DelimitedTable:
    """A CSV file."""

    def __init__(self, path: Path, layout: TableLayout, score: HeaderScore) -> None:
        """Read the file once, and guess what ``layout`` leaves open.

        Raises ``TableUnreadable``, ``TableEmpty``, ``TableEncoding``, ``TableLineBroken``, ``TableHeaderMissing``.
        """
        self.path = path
        self.told: list[TableRemark] = []
        self.sha256, guessed = _looked_at(path, layout.encoding)
        self.encoding = layout.encoding or guessed
        found, self.delimiter = self._header(layout, score)
        self.header, self.header_row = found.names, found.row
        if layout.encoding is None and self.encoding not in ("utf-8", "utf-8-sig"):
            name = _ENCODINGS.get(self.encoding, self.encoding.upper())
            self.told.append(TableRemark("encoding", self.encoding, _ENCODED.filled(name=name)))
        if layout.delimiter is None and self.delimiter != ",":
            self.told.append(TableRemark("delimiter", self.delimiter, _DELIMITED.filled(name=_NAMED[self.delimiter])))
        if layout.header_row is None and found.row != 1:
            self.told.append(TableRemark("header-row", found.row, _HEADED.filled(row=found.row)))

    def rows(self) -> Iterator[TableRow]:
        """All rows below the header. Raises :class:`TableChanged`, and what a change broke."""
        for number, line in self._lines():
            if number > self.header_row:
                yield TableRow(number, self._split(number, line, self.delimiter))
        if _hashed(self.path) != self.sha256:
            raise TableChanged(self.path.name)

    def _lines(self) -> Iterator[tuple[int, str]]:
        with _opened(self.path), self.path.open(encoding=self.encoding, newline=None) as file:
            try:
                yield from self._numbered(file)
            except UnicodeError:  # its message and its context would hold the row
                name = _ENCODINGS.get(self.encoding, self.encoding.upper())
                raise TableEncoding(self.path.name, name) from None

    def _numbered(self, file: TextIO) -> Iterator[tuple[int, str]]:
        number = 0
        while line := file.readline(LINE_MAX + 1):
            number += 1
            if len(line) > LINE_MAX:
                raise self._broken(number, Text("longer than {max} characters", "lebih dari {max} karakter"))
            if "\0" in line:
                raise self._broken(number, Text("it holds a NUL", "berisi NUL"))
            yield number, line.rstrip("\n")

    def _header(self, layout: TableLayout, score: HeaderScore) -> tuple[FoundHeader, str]:
        first = list(islice(self._lines(), max(ROWS_LOOKED_AT, layout.header_row or 0)))
        if not first:
            raise TableEmpty(self.path.name)
        if (named := _SEPARATED.fullmatch(first[0][1])) and layout.delimiter is None:
            layout = TableLayout(delimiter=named[1], header_row=layout.header_row)
        rows = first if layout.header_row is None else first[layout.header_row - 1 : layout.header_row]
        least = LEAST_NAMES if layout.header_row is None else 0
        best: tuple[FoundHeader, str] | None = None
        for delimiter in layout.delimiter or DELIMITERS:
            found = best_header(((number, _cells(line, delimiter)) for number, line in rows), score, least)
            if found is not None and (best is None or _fit(found) > _fit(best[0])):
                best = found, delimiter
        if best is None:
            why = Text("none of the first {count} fits", "tidak ada yang cocok dari {count} baris pertama")
            raise TableHeaderMissing(self.path.name, why.filled(count=len(first)))
        return best

    def _split(self, number: int, line: str, delimiter: str) -> tuple[str, ...]:
        try:
            rows = list(csv.reader([line], delimiter=delimiter, strict=True))
        except csv.Error:
            why = Text("a quote is not closed, or not doubled", "tanda kutip tidak ditutup, atau tidak digandakan")
            raise self._broken(number, why) from None
        return tuple(rows[0]) if rows else ()

    def _broken(self, number: int, why: Text) -> TableLineBroken:
        return TableLineBroken(f"{self.path.name}:{number}", why.filled(max=LINE_MAX))


def _fit(found: FoundHeader) -> tuple[int, int]:
    """How well a row is split: "No;NIK" is no name of a column, though its letters are."""
    return found.score, len(found.names)


def _cells(line: str, delimiter: str) -> Sequence[str]:
    """Of a line that may be a title, whose quotes mean nothing."""
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


@contextmanager
def _opened(path: Path) -> Iterator[None]:
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # read twice, and a pipe may wait for ever
            raise TableUnreadable(path.name, Text("a pipe or a device", "pipa atau perangkat"))
        yield
    except OSError as error:
        raise TableUnreadable(path.name, system_reason(error)) from None


def _hashed(path: Path) -> str:
    with _opened(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _looked_at(path: Path, encoding: str | None) -> tuple[str, str]:
    """SHA-256 and encoding; UTF-8 where all of the file is, else Windows-1252. Raises :class:`TableEncoding`."""
    digest, utf8 = hashlib.sha256(), codecs.getincrementaldecoder("utf-8")()
    head, is_utf8, undefined = b"", True, False
    with _opened(path), path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            head = head or chunk[:4096]
            digest.update(chunk)
            undefined = undefined or (not chunk.isascii() and bool(_UNDEFINED.search(chunk)))
            try:
                if is_utf8:
                    utf8.decode(chunk)
            except UnicodeDecodeError:
                is_utf8 = False
        if is_utf8 and utf8.getstate()[0]:
            is_utf8 = False  # ends within a letter
    for mark, name in _MARKS:
        if head.startswith(mark):
            return digest.hexdigest(), name
    if sixteen := _without_mark(head):
        return digest.hexdigest(), sixteen
    if not is_utf8 and undefined and encoding is None:
        raise TableEncoding(path.name, "UTF-8, UTF-16, Windows-1252")
    return digest.hexdigest(), "utf-8" if is_utf8 else "cp1252"


#: Bytes that Windows-1252 gives no letter.
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def _without_mark(head: bytes) -> str | None:
    """UTF-16 of mostly ASCII, which every other byte NUL gives away."""
    even, odd = head[::2], head[1::2]
    if len(odd) > 8 and odd.count(0) > len(odd) * 0.9 and not even.count(0):
        return "utf-16-le"
    return "utf-16-be" if len(even) > 8 and even.count(0) > len(even) * 0.9 and not odd.count(0) else None
