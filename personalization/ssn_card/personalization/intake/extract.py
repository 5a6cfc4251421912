# SPDX-License-Identifier: Apache-2.0
"""A registry extract as a file: encoding, line ends, delimiter, header and quotes, before any row is judged.

:func:`open_extract` walks through the whole file once, so that a file that is broken anywhere is refused before its
first row is given out. Memory stays constant: one line at a time. Every record is one physical line; a quoted line
break, which CSV would allow (RFC 4180 section 2.6), is refused, for it lets one field pass for a row of its own.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ssn_card.bank.sheets.kinds import HEAD, kind_of
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from . import errors
from .source import COLUMNS, Line

DELIMITERS = ",;\t|"
LINE_MAX = 8192  #: bytes, line end included

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

_NUL = Text("the line holds a NUL byte", "baris berisi bita NUL")
_NUL_EVERY_OTHER = Text(
    "every other byte is NUL: the file is UTF-16 without its mark",
    "setiap bita kedua adalah NUL: berkas memakai UTF-16 tanpa tandanya",
)


@dataclass(frozen=True, slots=True)
class Extract:
    """A file whose structure has been found sound."""

    path: Path
    delimiter: str
    columns: tuple[str, ...]  #: :data:`COLUMNS` in the file's order
    header_line: int  #: 2 where a spreadsheet wrote ``sep=;`` above the header, else 1
    line_count: int  #: lines below the header
    sha256: str  #: hex, of the whole file; names the batch in a journal

    @property
    def width(self) -> int:
        """How many fields a line has."""
        return len(self.columns)

    def lines(self) -> Iterator[Line]:
        """All lines below the header. Raises :class:`ChangedExtractError` and whatever the change broke."""
        digest = hashlib.sha256()
        with _opened(self.path) as file:
            for number, text in _decoded(self.path, file, digest):
                if number > self.header_line:
                    fields = _split(self.path, number, text, self.delimiter)
                    yield Line(number, fields, torn=0 if len(fields) == self.width else len(fields))
        if digest.hexdigest() != self.sha256:
            raise errors.ChangedExtractError(
                self.path, Text("the file changed while it was read", "berkas berubah saat sedang dibaca")
            )


def open_extract(path: Path) -> Extract:
    """Check the whole file's structure. Raises a subclass of :class:`~.rows_errors.ExtractError`."""
    digest = hashlib.sha256()
    header: tuple[str, ...] = ()
    delimiter = ""
    header_line = 1
    number = 0
    with _opened(path) as file:
        _refuse_foreign(path, file)
        for number, text in _decoded(path, file, digest):
            if number == 1 and (named := re.fullmatch(r'"?sep=([,;\t|])"?', text, re.IGNORECASE)):
                delimiter = named[1]
                header_line = 2
            elif number == header_line:
                delimiter = delimiter or _delimiter(text)
                header = _header(path, number, _split(path, number, text, delimiter))
            else:
                _split(path, number, text, delimiter)
    if not header:
        raise errors.EmptyExtractError(path, Text("the file is empty", "berkas kosong"))
    if number == header_line:
        raise errors.EmptyExtractError(path, Text("no rows below the header", "tidak ada baris di bawah judul kolom"))
    return Extract(path, delimiter, header, header_line, number - header_line, digest.hexdigest())


def _refuse_foreign(path: Path, file: BinaryIO) -> None:
    """Say what a file is that is no CSV, before its bytes are called a broken line."""
    kind = kind_of(file.read(HEAD))
    file.seek(0)
    if kind is not None:
        text = Text(f"the file is {kind.name.en}, no CSV", f"berkas ini adalah {kind.name.id}, bukan CSV")
        raise errors.ForeignFileError(path, text, remedy=kind.remedy)


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):  # read twice, and a pipe may wait for ever
            raise errors.UnreadableExtractError(
                path,
                Text("this is a pipe or a device, no file", "ini pipa atau perangkat, bukan berkas"),
                remedy=Text("Save the extract to disk first.", "Simpan dahulu berkasnya ke disk."),
            )
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise errors.UnreadableExtractError(
            path,
            Text("the file cannot be read: {why}", "berkas tidak dapat dibaca: {why}").filled(why=system_reason(error)),
        ) from error


def _decoded(path: Path, file: BinaryIO, digest: hashlib._Hash) -> Iterator[tuple[int, str]]:
    """Number and text of each physical line, without byte order mark and line end."""
    number = 0
    while raw := file.readline(LINE_MAX + 1):
        number += 1
        digest.update(raw)
        if number == 1:
            if raw.startswith(_UTF16_MARKS):
                raise errors.EncodingError(path, Text("the file is UTF-16", "berkas memakai UTF-16"), number)
            while raw.startswith(_UTF8_MARK):  # once more for each program that added its own
                raw = raw.removeprefix(_UTF8_MARK)
        body = raw.removesuffix(b"\n").removesuffix(b"\r")
        if b"\0" in body:
            raise errors.NulByteError(path, _NUL_EVERY_OTHER if _like_utf16(body) else _NUL, number)
        if b"\r" in body:
            raise errors.LineError(
                path, Text("a carriage return stands inside the line", "ada tanda CR di tengah baris"), number
            )
        if len(raw) > LINE_MAX:
            raise errors.LineError(
                path,
                Text("the line is longer than {max} bytes", "baris lebih panjang dari {max} bita").filled(max=LINE_MAX),
                number,
            )
        # Not by a caught UnicodeDecodeError: that would keep the row in the new error's context.
        text = body.decode("utf-8", errors="replace")
        if text.encode("utf-8") != body:
            raise errors.EncodingError(path, Text("the line is not UTF-8", "baris bukan UTF-8"), number)
        yield number, text


def _like_utf16(body: bytes) -> bool:
    return len(body) > 2 and (not any(body[::2]) or not any(body[1::2]))


def _split(path: Path, number: int, text: str, delimiter: str) -> tuple[str, ...]:
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise errors.QuotingError(
            path,
            Text(
                "a quote is not closed on this line, or not doubled",
                "tanda kutip tidak ditutup pada baris ini, atau tidak digandakan",
            ),
            number,
        ) from error
    return tuple(rows[0])  # an empty line is one row without cells


def _delimiter(header: str) -> str:
    """The delimiter that finds most of our columns in the header; a comma where none finds any."""

    def found(delimiter: str) -> int:
        names = {_plain(name) for name in header.replace('"', "").split(delimiter)}
        return len(names & set(COLUMNS))

    return max(DELIMITERS, key=found)


def _plain(name: str) -> str:
    return name.strip().casefold()


def _header(path: Path, number: int, names: tuple[str, ...]) -> tuple[str, ...]:
    columns = tuple(_plain(name) for name in names)
    expected = ", ".join(COLUMNS)
    if not set(columns) & set(COLUMNS):
        raise errors.NoHeaderError(
            path,
            Text(
                "the first line names no known column; expected: {expected}",
                "baris pertama tidak memuat nama kolom; seharusnya: {expected}",
            ).filled(expected=expected),
            number,
        )
    for index, column in enumerate(columns):
        if column in COLUMNS and column in columns[:index]:
            raise errors.DuplicateColumnError(
                path,
                Text(
                    "column {column} stands there twice; expected: {expected}",
                    "kolom {column} tertulis dua kali; seharusnya: {expected}",
                ).filled(column=column, expected=expected),
                number,
                column,
            )
    missing = [column for column in COLUMNS if column not in columns]
    unknown = [_shown(name, place) for place, name in enumerate(columns, start=1) if name not in COLUMNS]
    if missing:
        raise errors.MissingColumnError(
            path,
            Text(
                "column {missing} is missing (not known: {unknown}); expected: {expected}",
                "kolom {missing} tidak ada (tidak dikenal: {unknown}); seharusnya: {expected}",
            ).filled(missing=", ".join(missing), unknown=", ".join(unknown) or "-", expected=expected),
            number,
            missing[0],
        )
    if unknown:
        raise errors.UnknownColumnError(
            path,
            Text(
                "column {unknown} is not known; expected: {expected}",
                "kolom {unknown} tidak dikenal; seharusnya: {expected}",
            ).filled(unknown=", ".join(unknown), expected=expected),
            number,
            unknown[0],
        )
    return columns


def _shown(name: str, place: int) -> str:
    """A column's name if it looks like one, else its place: a damaged header may hold a family's data."""
    return name if re.fullmatch(r"[a-z]+(_[a-z]+)*", name) else f"#{place}"
