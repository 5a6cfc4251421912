# SPDX-License-Identifier: Apache-2.0
"""Receipts set down on the disk and given back by card and number, so that millions need no memory.

A temporary SQLite database without a name: it vanishes with the process, whatever becomes of that, and no other user
can read it. Small sets never reach the disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.system import system_reason

from .errors import NoRoom
from .receipt import Receipt

_SETTINGS = (
    "PRAGMA journal_mode=OFF",  # nothing outlives the process, so nothing is rolled back or synced
    "PRAGMA synchronous=OFF",
    "PRAGMA temp_store=FILE",  # the sorter's runs too
    "PRAGMA cache_size=-32768",  # KiB
    "CREATE TABLE genuine (serial BLOB, seq INTEGER, raw BLOB, file INTEGER, line INTEGER, basket INTEGER)",
    "CREATE TABLE suspect (raw BLOB, file INTEGER, line INTEGER)",
)
_OTHERS = ", ".join("?" * 255)  #: every other value of a byte
_BATCH = 1000  #: rows written together


class Row(NamedTuple):
    """A genuine receipt where it stands; ``file`` is the number of the file, ``basket`` whether its line has one."""

    raw: bytes
    file: int
    line: int
    basket: bool


class Spool(Closing):
    """Holds genuine and suspect receipts. A context manager. Every method raises :class:`NoRoom`."""

    def __init__(self) -> None:
        self._genuine: list[tuple[bytes, int, bytes, int, int, bool]] = []
        self._suspect: list[tuple[bytes, int, int]] = []
        self.kept = 0  #: genuine receipts, copies too
        self.suspected = 0
        with _room():
            self._db = sqlite3.connect("")  # one transaction, which nothing commits
            for statement in _SETTINGS:
                self._db.execute(statement)

    def keep(self, receipt: Receipt, file: int, line: int, basket: bool) -> None:
        """Set down a genuine receipt."""
        self.kept += 1
        self._genuine.append((receipt.serial, receipt.seq, receipt.raw, file, line, basket))
        if len(self._genuine) == _BATCH:
            self._write()

    def suspect(self, receipt: Receipt, file: int, line: int) -> None:
        """Set down one whose MAC is wrong, or cannot be checked."""
        self.suspected += 1
        self._suspect.append((receipt.raw, file, line))
        if len(self._suspect) == _BATCH:
            self._write()

    def sorted(self) -> Iterator[Row]:
        """Genuine receipts by card, number and content; copies in the order of their files and lines."""
        self._write()
        with _room():
            # The unary plus keeps an index out: reading in its order would jump about in the table.
            yield from map(
                Row._make,
                self._db.execute("SELECT raw, file, line, basket FROM genuine ORDER BY +serial, seq, raw, file, line"),
            )

    def suspects(self) -> Iterator[tuple[bytes, int, int]]:
        """Suspect receipts with file and line, in the order in which they came."""
        self._write()
        with _room():
            yield from self._db.execute("SELECT raw, file, line FROM suspect ORDER BY rowid")

    def find(self, serial: bytes, seq: int) -> Receipt | None:
        """A genuine receipt of this card and number."""
        rows = self._look("SELECT raw FROM genuine WHERE serial = ? AND seq = ? LIMIT 1", serial, seq)
        return Receipt(rows[0]) if rows else None

    def alike(self, serial: bytes) -> Iterator[bytes]:
        """Serials of genuine receipts that differ from this one in one byte."""
        for place, kept in enumerate(serial):
            others = (serial[:place] + bytes((value,)) + serial[place + 1 :] for value in range(256) if value != kept)
            yield from self._look(f"SELECT DISTINCT serial FROM genuine WHERE serial IN ({_OTHERS})", *others)  # noqa: S608 fixed text

    def close(self) -> None:
        """Drop everything."""
        self._db.close()

    def _write(self) -> None:
        if not self._genuine and not self._suspect:
            return
        with _room():
            self._db.executemany("INSERT INTO genuine VALUES (?, ?, ?, ?, ?, ?)", self._genuine)
            self._db.executemany("INSERT INTO suspect VALUES (?, ?, ?)", self._suspect)
        self._genuine.clear()
        self._suspect.clear()

    def _look(self, query: str, *arguments: object) -> list[bytes]:
        self._write()
        with _room():
            self._db.execute("CREATE INDEX IF NOT EXISTS by_number ON genuine (serial, seq)")
            return [value for (value,) in self._db.execute(query, arguments)]


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise NoRoom(system_reason(error)) from None
