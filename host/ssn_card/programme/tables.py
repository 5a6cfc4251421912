# SPDX-License-Identifier: Apache-2.0
"""Reading the programme's small CSV tables into pydantic models, with the line and column in every error."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from importlib.resources import as_file, files
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from ssn_card.programme.errors import ProgrammeDataError, place
from ssn_card.programme.reasons import reason_of
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason


class Entry(BaseModel):
    """Base of the programme's models: frozen, unknown fields refused, blanks around text removed."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, populate_by_name=True)


EntryT = TypeVar("EntryT", bound=Entry)


def packaged(name: str) -> Path:
    """Path of a data file shipped in this package, such as ``"regions.csv"``.

    Wheels are installed unpacked, so the path stays valid; a zipped import is not supported.
    """
    with as_file(files("ssn_card.programme") / "data" / name) as path:
        return path


def read_bytes(path: Path) -> bytes:
    """The file's bytes without a UTF-8 byte order mark. Raises :class:`ProgrammeDataError` if it cannot be read."""
    try:
        return path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    except OSError as error:
        raise ProgrammeDataError(
            Text("the file cannot be read: {why}", "berkas tidak dapat dibaca: {why}").filled(why=system_reason(error)),
            where=place(path),
        ) from error


def decode(path: Path, data: bytes) -> str:
    """``data`` as UTF-8 text. Raises :class:`ProgrammeDataError` with the line of the first bad byte."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ProgrammeDataError(
            Text("the file is not UTF-8 text", "berkas bukan teks UTF-8"), where=place(path, line)
        ) from error


def read_table(path: Path, model: type[EntryT], columns: Sequence[str]) -> list[tuple[int, EntryT]]:
    """All rows of a comma-separated file, each with its line; ``columns`` are exactly the model's fields or aliases.

    Raises :class:`ProgrammeDataError` on another header, a row with another number of fields, a value the model
    refuses, or a table without rows.
    """
    reader = csv.reader(decode(path, read_bytes(path)).splitlines(), strict=True)
    try:
        header = next(reader, [])
        if header != list(columns):
            expected, got = ",".join(columns), ",".join(header)
            raise ProgrammeDataError(
                Text("the columns must be {expected}, got {got}", "kolom harus {expected}, bukan {got}").filled(
                    expected=expected, got=got or "-"
                ),
                where=place(path, 1),
            )
        rows = [
            (reader.line_num, _entry(path, reader.line_num, model, columns, row))
            for row in reader
            if any(cell.strip() for cell in row)
        ]
    except csv.Error as error:
        raise ProgrammeDataError(
            Text("not a CSV line: {why}", "bukan baris CSV yang benar").filled(why=error),
            where=place(path, reader.line_num),
        ) from error
    if not rows:
        raise ProgrammeDataError(Text("the table has no rows", "tabel tidak berisi baris"), where=place(path))
    return rows


def refuse_twice(path: Path, field: str, values: Iterable[tuple[int, object]]) -> None:
    """Raise :class:`ProgrammeDataError` if one value stands twice in a column; ``values`` come with their lines."""
    seen: set[object] = set()
    for line, value in values:
        if value in seen:
            raise ProgrammeDataError(
                Text("{value} stands there twice", "{value} tertulis dua kali").filled(value=value),
                where=place(path, line, field),
            )
        seen.add(value)


def model_error(path: Path, line: int | None, error: ValidationError) -> ProgrammeDataError:
    """The first complaint of pydantic as a :class:`ProgrammeDataError` at ``file:line field``."""
    first = error.errors(include_url=False)[0]
    field = ".".join(str(part) for part in first["loc"]) or None
    return ProgrammeDataError(reason_of(first), where=place(path, line, field))


def _entry(path: Path, line: int, model: type[EntryT], columns: Sequence[str], row: Sequence[str]) -> EntryT:
    if len(row) != len(columns):
        raise ProgrammeDataError(
            Text("{got} of {expected} fields", "{got} dari {expected} kolom").filled(
                got=len(row), expected=len(columns)
            ),
            where=place(path, line),
        )
    try:
        return model.model_validate(dict(zip(columns, row, strict=True)))
    except ValidationError as error:
        raise model_error(path, line, error) from error
