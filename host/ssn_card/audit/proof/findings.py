# SPDX-License-Identifier: Apache-2.0
"""Findings in a file for other programs, by its name Parquet, CSV or JSON Lines; and the hash that stands for them.

A finding has one canonical form: its members as ``ssn receipts verify --json`` names them, in JSON, in ASCII without
white space, members by the alphabet, ended by a line feed. The order is canonical too: by the name of the file (those
of no file first), by line, then by these bytes. So one set of findings is one text, whoever found them, in whatever
order, by however many workers. SHA-256 of that text stands for them in an attestation. A file of JSON Lines is that
very text, so ``sha256sum`` gives its hash; the others hold the same rows in the same order.

Findings are sorted on the disk, so memory does not grow with them. The file has its name once it is whole, or never.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.system import system_reason
from ssn_card.receipts import Finding
from ssn_card.storage import whole_file

from .errors import FindingsNotWritten
from .formats import canonical, format_of, rows_of

_BATCH = 1000  #: rows set down together
_SETTINGS = (
    "PRAGMA journal_mode=OFF",  # nothing outlives the process, so nothing is rolled back or synced
    "PRAGMA synchronous=OFF",
    "PRAGMA temp_store=FILE",  # the sorter's runs too
    "PRAGMA cache_size=-8192",  # KiB
    "CREATE TABLE found (file BLOB, line INTEGER, text BLOB)",
)


class Ledger(Closing):
    """Every finding and note, in whatever order they come. A context manager. Raises :class:`FindingsNotWritten`.

    Its text may be asked for as often as one likes, and again after more findings.
    """

    def __init__(self) -> None:
        self.count = 0
        self._new: list[tuple[bytes, int, bytes]] = []
        with _room():
            self._database = sqlite3.connect("")  # a temporary file without a name
            for statement in _SETTINGS:
                self._database.execute(statement)

    def add(self, finding: Finding) -> None:
        """Set down a finding. One thread at a time."""
        row = finding.as_dict()
        if finding.file is not None:
            row["file"] = plain(finding.file)
        self.count += 1
        self._new.append(((row["file"] or "").encode(), finding.line, canonical(row)))
        if len(self._new) == _BATCH:
            self._set_down()

    def lines(self) -> Iterator[bytes]:
        """The canonical text, line by line."""
        self._set_down()
        with _room():
            for (text,) in self._database.execute("SELECT text FROM found ORDER BY file, line, text"):
                yield text

    def sha256(self) -> str:
        """The hash of the canonical text, hexadecimal."""
        digest = hashlib.sha256()
        for line in self.lines():
            digest.update(line)
        return digest.hexdigest()

    def close(self) -> None:
        """Drop everything."""
        self._database.close()

    def _set_down(self) -> None:
        with _room():
            self._database.executemany("INSERT INTO found VALUES (?, ?, ?)", self._new)
        self._new.clear()


@contextmanager
def recording(path: Path | None) -> Iterator[Ledger]:
    """A ledger that is written to ``path`` when the block ends well: whole, or not at all; ``None``: nowhere.

    That it can be written, and its format, is looked at before the block begins: what comes may take hours.

    Raises:
        UnknownFindingsFormat: by the name.
        FindingsNotWritten: no permission, no room.
    """
    with Ledger() as ledger:
        if path is None:
            yield ledger
            return
        write, body = format_of(path).write, None
        try:
            with whole_file(path) as stream:
                try:
                    yield ledger
                except BaseException as error:
                    body = error
                    raise
                write(stream, ledger.lines())
        except OSError as error:
            if error is body:
                raise
            raise FindingsNotWritten(system_reason(error), str(path)) from None


def check_findings(path: Path) -> tuple[int, str]:
    """Number of findings in a file and their hash, from what stands in it, in its order.

    Raises:
        FindingsUnreadable: it cannot be read, or holds something else.
        UnknownFindingsFormat: by the name.
    """
    count, digest = 0, hashlib.sha256()
    for row in rows_of(path):
        count += 1
        digest.update(canonical(row))
    return count, digest.hexdigest()


def plain(name: str) -> str:
    """A file's name as text: of a byte that is none, its number."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


@contextmanager
def _room() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise FindingsNotWritten(system_reason(error), None) from None
