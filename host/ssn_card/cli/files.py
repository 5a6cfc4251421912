# SPDX-License-Identifier: Apache-2.0
"""Small files that people give, checked line by line, and files for them, written whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

from ssn_card.protocol.errors import Text
from ssn_card.storage import whole_file

from .errors import BadArgument, BadFile

SERIAL = 8  #: bytes
_GROUPS = "-"  #: between groups of digits, as in the hand-over list

_Value = TypeVar("_Value")


def serial_of(text: str, where: str) -> bytes:
    """A card serial from 16 hexadecimal digits, perhaps in groups. Raises :class:`BadArgument` at ``where``."""
    serial = hexadecimal(text.replace(_GROUPS, ""), SERIAL)
    if serial is None:
        raise BadArgument(
            Text(
                f"A card serial is {2 * SERIAL} hexadecimal digits.",
                f"Nomor seri kartu {2 * SERIAL} digit heksadesimal.",
            ),
            where=where,
        )
    return serial


def date_given(text: str, where: str) -> dt.date:
    """A day as ISO 8601 writes it. Raises :class:`BadArgument` at ``where``."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadArgument(
            Text("This is no date.", "Ini bukan tanggal."),
            where=where,
            remedy=Text("Write it as 2025-10-31.", "Tulis seperti 2025-10-31."),
        ) from None


def hexadecimal(text: object, size: int) -> bytes | None:
    """``size`` bytes from hexadecimal digits without blanks, else ``None``."""
    if not isinstance(text, str) or len(text) != 2 * size:
        return None
    try:
        data = bytes.fromhex(text)
    except ValueError:
        return None
    return data if len(data) == size else None


def read_serials(path: Path) -> list[bytes]:
    """Card serials, one in each line in hexadecimal; blank lines and those after ``#`` are skipped.

    Raises :class:`BadFile`: unreadable, no serial, or a serial twice; names the line.
    """
    seen: dict[bytes, int] = {}
    for number, line in text_lines(path):
        text = line.split("#", 1)[0].strip()
        if not text:
            continue
        serial = hexadecimal(text.replace(_GROUPS, ""), SERIAL)
        if serial is None:
            raise BadFile(
                Text(
                    "This is no card serial (16 hexadecimal digits).", "Ini bukan nomor seri (16 digit heksadesimal)."
                ),
                where=f"{path}:{number} serial",
            )
        if serial in seen:
            raise BadFile(
                Text(
                    f"The serial stands in line {seen[serial]} already.",
                    f"Nomor seri sudah ada di baris {seen[serial]}.",
                ),
                where=f"{path}:{number} serial",
            )
        seen[serial] = number
    if not seen:
        raise BadFile(Text("The file names no card.", "Berkas tidak menyebut kartu."), where=str(path))
    return list(seen)


def json_lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a JSON Lines file, each with its place ``file:line``. Raises :class:`BadFile`."""
    for number, line in text_lines(path):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict):
            raise BadFile(Text("The line is no JSON object.", "Baris bukan objek JSON."), where=f"{path}:{number} json")
        yield f"{path}:{number}", data


def member(place: str, name: str, value: _Value | None) -> _Value:
    """``value``, or :class:`BadFile` at ``file:line name`` if it is ``None``: missing or of the wrong form."""
    if value is None:
        raise BadFile(
            Text(f"{name} is missing or of the wrong form.", f"{name} tidak ada atau bentuknya salah."),
            where=f"{place} {name}",
        )
    return value


def whole(value: object) -> int | None:
    """A whole number from 0, else ``None``; ``true`` is none."""
    return value if type(value) is int and value >= 0 else None


def text_lines(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 file, counted from 1. Raises :class:`BadFile`."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield from enumerate(file, start=1)
    except (OSError, UnicodeDecodeError) as error:
        raise BadFile.unusable(path, error) from None


@contextmanager
def output_file(path: Path) -> Iterator[IO[str]]:
    """A text file, whole or not at all (:func:`~ssn_card.storage.whole_file`). Raises :class:`BadFile`."""
    try:
        with whole_file(path) as raw:
            file = io.TextIOWrapper(raw, encoding="utf-8")
            yield file
            file.detach()  # which flushes it
    except OSError as error:
        raise BadFile.unusable(path, error) from None
