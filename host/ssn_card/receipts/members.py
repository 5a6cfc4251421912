# SPDX-License-Identifier: Apache-2.0
"""JSON Lines that banks and terminals hand each other beside receipts: objects, and members of a certain form."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.system import system_reason

_CHECK = Text("Check the path and its permissions.", "Periksa nama berkas dan izinnya.")


@dataclass(frozen=True, slots=True)
class Row:
    """One object of a file; what is wrong with it is raised as ``error`` at ``file:line member``."""

    place: str
    data: Mapping[str, Any]
    error: type[InputError]

    def octets(self, name: str, size: int) -> bytes:
        """``size`` bytes, in hexadecimal."""
        try:
            value = bytes.fromhex(self.data[name])
        except (KeyError, TypeError, ValueError):
            raise self.bad(name) from None
        if len(value) != size:
            raise self.bad(name)
        return value

    def number(self, name: str, least: int, most: int) -> int:
        """A whole number within these bounds."""
        value = self.data.get(name)
        if type(value) is not int or not least <= value <= most:
            raise self.bad(name)
        return value

    def bad(self, name: str) -> InputError:
        """A member that is missing or of the wrong form."""
        return self.error(
            Text(f"{name} is missing or of the wrong form.", f"{name} tidak ada atau bentuknya salah."),
            where=f"{self.place} {name}",
        )


def rows(path: Path, error: type[InputError]) -> Iterator[Row]:
    """The objects of a file, blank lines skipped. Raises ``error`` with the line of what is none."""
    with opened(path, error) as file:
        yield from objects(file, path, error)


@contextmanager
def opened(path: Path, error: type[InputError]) -> Iterator[TextIO]:
    """A file to read. Raises ``error`` where it cannot be opened or, in the block, read."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            yield file
    except (OSError, UnicodeDecodeError) as why:
        raise unusable(path, why, error) from None


def objects(lines: Iterable[str], path: Path, error: type[InputError]) -> Iterator[Row]:
    """:func:`rows` of a file that is open."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield Row(f"{path}:{number}", _object(f"{path}:{number}", line, error), error)


def unusable(path: Path, why: OSError | UnicodeDecodeError, error: type[InputError]) -> InputError:
    """A file that cannot be read or written."""
    text = Text("The file cannot be used: {why}.", "Berkas tidak dapat dipakai: {why}.")
    return error(text.filled(why=system_reason(why)), where=str(path), remedy=_CHECK)


def _object(place: str, line: str, error: type[InputError]) -> Mapping[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise error(Text("The line is no JSON object.", "Baris bukan objek JSON."), where=f"{place} json")
    return data
