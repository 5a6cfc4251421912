# SPDX-License-Identifier: Apache-2.0
"""The journal as a file: making, opening, owning it, and transactions that are on the disk when they return.

One process owns a journal, from opening to closing, by an exclusive lock on ``<path>.lock``; it ends with the process,
however that ends. Readers need no lock. Within the process any thread may call, one at a time. A file that is not ours
is told by its first bytes, before SQLite opens it, and is left as it is.
"""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.layouts import MOVEMENT
from ssn_card.protocol.system import system_reason

from . import journal_errors as errors

APPLICATION = 0x53534E54  #: PRAGMA application_id, "SSNT"
VERSION = 2  #: PRAGMA user_version
MAX_TERMINAL_ID = 2**32 - 1

SCHEMA = f"""
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};
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

MEMORY = ":memory:"
_MAGIC = b"SQLite format 3\x00"
_HEADER, _VERSION_AT, _APPLICATION_AT = 100, 60, 68  #: https://sqlite.org/fileformat2.html section 1.3
_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


class JournalFile:
    """One open journal."""

    def __init__(self, path: Path | str, terminal_id: int | None, *, read_only: bool) -> None:
        """Opens the file at ``path``, or makes it where it is missing and ``terminal_id`` is given.

        Raises ``JournalError`` and its subclasses, ``InputError`` for a number that no terminal has.
        """
        _check_number(terminal_id)
        self.path = str(path)
        self._guard = threading.RLock()
        self._process = os.getpid()
        self._lock: sqlite3.Connection | None = None
        try:
            self._database = self._opened(Path(path), terminal_id, read_only)
        except BaseException:
            self._unlock()
            raise

    def _opened(self, path: Path, terminal_id: int | None, read_only: bool) -> sqlite3.Connection:
        if str(path) == MEMORY and terminal_id is not None:
            return _filled(sqlite3.connect(MEMORY, isolation_level=None, check_same_thread=False), terminal_id)
        if path.exists():
            _check_header(path)
        elif terminal_id is None or read_only:
            raise errors.JournalNotFound(Text("There is no journal.", "Jurnal tidak ada."), where=self.path)
        if not read_only:
            self._lock = _locked(path)
            if terminal_id is not None and not path.exists():
                _make(path, terminal_id)
        return _connected(path, read_only)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when the block ends. Raises ``JournalError``."""
        with self._usable() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise

    def rows(self, query: str, *values: object) -> list[Any]:
        """All rows of a query. Raises ``JournalError``."""
        with self._usable() as database:
            return database.execute(query, values).fetchall()

    def close(self) -> None:
        """Close the database and let another process in; twice is allowed."""
        with self._guard:
            self._database.close()
            self._unlock()

    @contextmanager
    def _usable(self) -> Iterator[sqlite3.Connection]:
        """The database for one thread. SQLite must not be used by a child process that inherited it."""
        if os.getpid() != self._process:
            raise errors.JournalBusy(
                Text("The journal belongs to the parent process.", "Jurnal ini milik proses induk."),
                where=self.path,
                remedy=Text("Open the journal behind the fork.", "Buka jurnal sesudah fork."),
            )
        with self._guard:
            try:
                yield self._database
            except sqlite3.Error as error:
                raise _failed(self.path, error) from None

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def _check_number(terminal_id: int | None) -> None:
    if terminal_id is not None and (type(terminal_id) is not int or not 1 <= terminal_id <= MAX_TERMINAL_ID):
        raise InputError(
            Text(
                f"A terminal's number is 1 to {MAX_TERMINAL_ID}, not {terminal_id!r}.",
                f"Nomor terminal adalah 1 sampai {MAX_TERMINAL_ID}, bukan {terminal_id!r}.",
            ),
            where="terminal_id",
        )


def _filled(database: sqlite3.Connection, terminal_id: int) -> sqlite3.Connection:
    """An empty database with the tables and their owner, all or nothing."""
    database.executescript(f"BEGIN; {SCHEMA}")
    database.execute("INSERT INTO terminal (only, terminal_id) VALUES (1, ?)", (terminal_id,))
    database.execute("COMMIT")
    return database


def _make(path: Path, terminal_id: int) -> None:
    """Under another name until it is complete, so that no moment leaves an empty file. The lock is ours."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with closing(sqlite3.connect(draft, isolation_level=None)) as database:
            database.execute("PRAGMA synchronous = EXTRA")
            _filled(database, terminal_id)
        draft.rename(path)
    except (OSError, sqlite3.Error) as error:
        raise _failed(str(path), error) from None
    finally:
        draft.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """The new name outlives a power cut too, where the system lets us say so."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _check_header(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(_HEADER)
    except OSError as error:
        raise _failed(str(path), error) from None

    def number(at: int) -> int:
        return int.from_bytes(head[at : at + 4], "big")

    if len(head) < _HEADER or not head.startswith(_MAGIC) or number(_APPLICATION_AT) != APPLICATION:
        raise errors.JournalNotOurs(
            Text("The file is no terminal's journal.", "Berkas ini bukan jurnal terminal."), where=str(path)
        )
    if number(_VERSION_AT) != VERSION:
        raise errors.JournalOfAnotherVersion(
            Text(
                f"The journal has version {number(_VERSION_AT)}, this program knows {VERSION}.",
                f"Jurnal ini versi {number(_VERSION_AT)}, program ini mengenal versi {VERSION}.",
            ),
            where=str(path),
        )


def _locked(path: Path) -> sqlite3.Connection:
    """Who has begun an exclusive transaction on the lock file owns the journal. SQLite's locks work on every system."""
    try:
        lock = sqlite3.connect(f"{path}.lock", timeout=0, isolation_level=None, check_same_thread=False)
        lock.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        if _reason(error) == sqlite3.SQLITE_BUSY:
            raise errors.JournalBusy(
                Text("The journal is open already, here or in another process.", "Jurnal sudah dibuka proses lain."),
                where=str(path),
            ) from None
        raise _failed(str(path), error) from None
    return lock


def _connected(path: Path, read_only: bool) -> sqlite3.Connection:
    try:
        # An existing file only: SQLite would make an empty one where the name is wrong.
        uri = f"{path.resolve().as_uri()}?mode=rw"
        with ExitStack() as unless_sound:
            database = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False)
            unless_sound.callback(database.close)
            if read_only:
                database.execute("PRAGMA query_only = ON")
            else:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = FULL")
                # A file that cannot be written says so now, not in a sale; to begin is not enough for SQLite to look.
                database.execute("BEGIN IMMEDIATE")
                database.execute("UPDATE terminal SET terminal_id = terminal_id")
                database.execute("ROLLBACK")
            if database.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise _damaged(str(path))
            unless_sound.pop_all()
    except sqlite3.Error as error:
        raise _failed(str(path), error) from None
    return database


def _reason(error: sqlite3.Error) -> int:
    """SQLite's primary result code, 0 where the module itself complains."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def _failed(path: str, error: OSError | sqlite3.Error) -> errors.JournalError:
    if isinstance(error, sqlite3.Error) and _reason(error) in _DAMAGED:
        return _damaged(path)
    return errors.JournalError(
        Text("The journal cannot be used: {why}.", "Jurnal tidak dapat dipakai: {why}.").filled(
            why=system_reason(error)
        ),
        where=path,
    )


def _damaged(path: str) -> errors.JournalDamaged:
    return errors.JournalDamaged(Text("The journal is damaged.", "Jurnal rusak."), where=path)
