# SPDX-License-Identifier: Apache-2.0
"""The journal as a file: making, opening, locking, and transactions that are on the disk when they return."""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

from ssn_card.protocol.crypto import SecretKey, macs_equal
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from . import errors
from .schema import APPLICATION, SCHEMA, VERSION

STATIONS = 0x10000  #: a station's number is the first 2 bytes of its beneficiary numbers
_CHECK = b"SSN station secret check"
_PRIVATE = 0o600


class JournalFile:
    """One open journal. A writer holds the lock file ``<path>.lock`` until :meth:`close` or its end."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        """Raises ``JournalNotFound``, ``JournalBusy``, ``JournalNotOurs``."""
        self.path = path
        self._lock = None if read_only else _locked(path)
        try:
            self._database = _connected(path, read_only)
        except BaseException:
            self._unlock()
            raise

    @classmethod
    def make(cls, path: Path, secret: SecretKey, station: int) -> None:
        """Write an empty journal, whole or not at all. Raises ``JournalExists``, ``JournalError``."""
        if not 0 <= station < STATIONS:
            raise errors.JournalError(Text("A station's number is 0 to 65535.", "Nomor stasiun adalah 0-65535."))
        if path.exists():
            raise _exists(path)
        try:
            # Under another name until it is complete, for an empty file would be taken for a foreign one.
            with tempfile.NamedTemporaryFile(prefix=f".{path.name}.", dir=path.parent) as draft:
                _fill(draft.name, secret, station)
                os.link(draft.name, path)  # unlike a rename, never over another file
        except FileExistsError as error:
            raise _exists(path) from error
        except (OSError, sqlite3.Error) as error:
            raise _failed(path, error) from error

    def check_secret(self, secret: SecretKey) -> None:
        """Raises ``SecretMismatch``."""
        expected: bytes = self.one("SELECT secret_check FROM journal")[0]
        if not macs_equal(secret.cmac(_CHECK), expected):
            raise errors.SecretMismatch(
                Text("This secret does not belong to the journal.", "Rahasia ini bukan milik jurnal."),
                where=str(self.path),
            )

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when the block ends; an inner block joins the outer one.

        Raises ``JournalConflict`` where a rule of the tables would break, ``JournalError`` for disk and file.
        """
        if self._database.in_transaction:
            yield self._database
            return
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
        except sqlite3.IntegrityError as error:
            raise errors.JournalConflict(
                Text("The journal refuses a step: {why}.", "Jurnal menolak langkah: {why}.").filled(
                    why=system_reason(error)
                ),
                where=str(self.path),
            ) from error
        except sqlite3.Error as error:
            raise _failed(self.path, error) from error

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query."""
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _failed(self.path, error) from error

    def one(self, query: str, *values: object) -> sqlite3.Row:
        """The only row of a query that always has one."""
        return self.rows(query, *values)[0]

    def close(self) -> None:
        """Close the database and give the lock back."""
        self._database.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _fill(draft: str, secret: SecretKey, station: int) -> None:
    with closing(sqlite3.connect(draft, isolation_level=None)) as database:
        database.execute("PRAGMA synchronous = EXTRA")
        database.executescript(f"BEGIN; {SCHEMA} COMMIT;")
        database.execute(
            "INSERT INTO journal VALUES (1, ?, ?, 0, ?)", (secrets.token_hex(8), station, secret.cmac(_CHECK))
        )


def _connected(path: Path, read_only: bool) -> sqlite3.Connection:
    if not path.is_file():
        raise errors.JournalNotFound(Text("There is no journal.", "Jurnal tidak ada."), where=str(path))
    try:
        with ExitStack() as unless_ours:
            # An existing file only: SQLite would make an empty one where the name is wrong.
            database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None)
            unless_ours.callback(database.close)
            database.row_factory = sqlite3.Row
            found = [database.execute(f"PRAGMA {name}").fetchone()[0] for name in ("application_id", "user_version")]
            if found != [APPLICATION, VERSION]:
                raise _not_ours(path)
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("PRAGMA busy_timeout = 5000")
            if read_only:
                database.execute("PRAGMA query_only = ON")
            unless_ours.pop_all()
    except sqlite3.Error as error:
        damaged = getattr(error, "sqlite_errorcode", None) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
        raise (_not_ours(path) if damaged else _failed(path, error)) from error
    return database


def _locked(path: Path) -> int:
    """A descriptor that holds the lock. Not on the database itself: closing it would drop SQLite's own locks."""
    if not path.is_file():
        raise errors.JournalNotFound(Text("There is no journal.", "Jurnal tidak ada."), where=str(path))
    try:
        descriptor = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR, _PRIVATE)
    except OSError as error:
        raise _failed(path, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise errors.JournalBusy(
            Text("Another process is writing to the journal.", "Proses lain sedang menulis ke jurnal."),
            where=str(path),
        ) from error
    except OSError as error:
        os.close(descriptor)
        raise _failed(path, error) from error
    return descriptor


def _exists(path: Path) -> errors.JournalExists:
    return errors.JournalExists(Text("The file exists already.", "Berkas sudah ada."), where=str(path))


def _not_ours(path: Path) -> errors.JournalNotOurs:
    return errors.JournalNotOurs(
        Text("This is no journal of this version.", "Ini bukan jurnal versi ini."), where=str(path)
    )


def _failed(path: Path, error: Exception) -> errors.JournalError:
    return errors.JournalError(
        Text("The journal cannot be used: {why}.", "Jurnal tidak dapat dipakai: {why}.").filled(
            why=system_reason(error)
        ),
        where=str(path),
    )
