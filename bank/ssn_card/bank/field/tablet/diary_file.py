# SPDX-License-Identifier: Apache-2.0
"""The diary as a file: its tables, and whose it is. How it is made, opened and owned: :mod:`ssn_card.storage`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.storage import Kind, OwnedFile

from .. import errors

SCHEMA = """
CREATE TABLE tablet (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    name TEXT NOT NULL,
    told INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE record (
    number INTEGER PRIMARY KEY CHECK (number > 0),
    uid    TEXT NOT NULL UNIQUE,
    sealed BLOB NOT NULL
) STRICT;
CREATE TRIGGER record_stands BEFORE UPDATE ON record BEGIN SELECT RAISE(ABORT, 'a record stands'); END;
CREATE TRIGGER record_stays BEFORE DELETE ON record BEGIN SELECT RAISE(ABORT, 'a record stays'); END;
"""


class DiaryFile(OwnedFile):
    """One open diary. ``told``: number of the newest record that a result has told."""

    kind = Kind(
        application=0x53534E56,  # SSNV
        version=1,
        schema=SCHEMA,
        name=Text("diary", "catatan kunjungan"),
        long_name=Text("tablet's diary", "catatan kunjungan tablet"),
        failed=errors.DiaryError,
        missing=errors.DiaryMissing,
        exists=errors.DiaryError,
        foreign=errors.DiaryNotOurs,
        another_version=errors.DiaryOfAnotherVersion,
        damaged=errors.DiaryDamaged,
        busy=errors.DiaryBusy,
        conflict=errors.DiaryError,
    )

    def __init__(self, path: Path, tablet: str, *, read_only: bool = False) -> None:
        """Opens the file at ``path``, or makes it for that tablet. Raises ``DiaryError`` and its subclasses."""

        def fill(database: sqlite3.Connection) -> None:
            database.execute("INSERT INTO tablet (only, name) VALUES (1, ?)", (tablet,))

        super().__init__(path, read_only=read_only, fill=fill)
