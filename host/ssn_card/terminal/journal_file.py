# SPDX-License-Identifier: Apache-2.0
"""The journal as a file: its tables, and whose it is. How it is made, opened and owned: :mod:`ssn_card.storage`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.layouts import MOVEMENT
from ssn_card.storage import Kind, OwnedFile

from . import journal_errors as errors

MAX_TERMINAL_ID = 2**32 - 1

SCHEMA = f"""
CREATE TABLE terminal (
    only        INTEGER PRIMARY KEY CHECK (only = 1),
    terminal_id INTEGER NOT NULL,
    latest      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE TABLE movement (
    terminal_txn INTEGER PRIMARY KEY AUTOINCREMENT,
    reference    TEXT,
    kind         INTEGER NOT NULL,
    serial       BLOB NOT NULL,
    seq          INTEGER NOT NULL CHECK (seq > 0),
    body         BLOB NOT NULL CHECK (length(body) = {MOVEMENT.size}),
    basket       TEXT,
    state        TEXT NOT NULL CHECK (state IN ('in_doubt', 'done', 'void', 'gone')),
    started      TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX one_sale_of_a_reference ON movement (reference, substr(started, 1, 10)) WHERE state <> 'void';
CREATE INDEX movement_in_doubt ON movement (serial) WHERE state = 'in_doubt';
CREATE TABLE receipt (
    serial   BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    mac      BLOB NOT NULL,
    line     TEXT NOT NULL,
    believed INTEGER NOT NULL CHECK (believed IN (0, 1)),
    PRIMARY KEY (serial, seq, mac)
) STRICT;
CREATE TABLE card (serial BLOB PRIMARY KEY, newest INTEGER NOT NULL) STRICT;
CREATE TABLE event (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    moment  TEXT NOT NULL,
    kind    TEXT NOT NULL,
    serial  BLOB,
    details TEXT NOT NULL
) STRICT;
"""  # a WITHOUT ROWID table would lose the order in which receipts came


class JournalFile(OwnedFile):
    """One open journal."""

    kind = Kind(
        application=0x53534E54,  # SSNT
        version=2,
        schema=SCHEMA,
        name=Text("journal", "jurnal"),
        long_name=Text("terminal's journal", "jurnal terminal"),
        failed=errors.JournalError,
        missing=errors.JournalNotFound,
        exists=errors.JournalError,
        foreign=errors.JournalNotOurs,
        another_version=errors.JournalOfAnotherVersion,
        damaged=errors.JournalDamaged,
        busy=errors.JournalBusy,
        conflict=errors.JournalError,
    )

    def __init__(self, path: Path | str, terminal_id: int | None, *, read_only: bool) -> None:
        """Opens the file at ``path``, or makes it where it is missing and ``terminal_id`` is given.

        Raises ``JournalError`` and its subclasses, ``InputError`` for a number that no terminal has.
        """
        _check_number(terminal_id)

        def fill(database: sqlite3.Connection) -> None:
            database.execute("INSERT INTO terminal (only, terminal_id) VALUES (1, ?)", (terminal_id,))

        super().__init__(path, read_only=read_only, fill=None if terminal_id is None else fill)


def _check_number(terminal_id: int | None) -> None:
    if terminal_id is not None and (type(terminal_id) is not int or not 1 <= terminal_id <= MAX_TERMINAL_ID):
        raise InputError(
            Text(
                f"A terminal's number is 1 to {MAX_TERMINAL_ID}, not {terminal_id!r}.",
                f"Nomor terminal adalah 1 sampai {MAX_TERMINAL_ID}, bukan {terminal_id!r}.",
            ),
            where="terminal_id",
        )
