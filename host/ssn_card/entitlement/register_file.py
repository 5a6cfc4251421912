# SPDX-License-Identifier: Apache-2.0
"""The register as a file: making, opening, locking, and transactions that are on the disk when they return."""

from __future__ import annotations

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.protocol.layouts import ENTITLEMENT
from ssn_card.protocol.system import system_reason

from .errors import RegisterBusy, RegisterError, RegisterExists, RegisterNotFound, RegisterNotOurs

APPLICATION = 0x53534E52  #: PRAGMA application_id, "SSNR"
VERSION = 1  #: PRAGMA user_version

SCHEMA = f"""
PRAGMA application_id = {APPLICATION};
PRAGMA user_version = {VERSION};

-- A file of updates. What it holds is known from the rows of its updates, so it can be written again.
CREATE TABLE issue (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    out TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    issued_at TEXT NOT NULL,
    written INTEGER NOT NULL DEFAULT 0 CHECK (written IN (0, 1))
) STRICT;

-- An entitlement that was issued, or (without issue, version and MAC) one that a card itself has stated.
CREATE TABLE entitlement (
    serial BLOB NOT NULL CHECK (length(serial) = 8),
    update_seq INTEGER NOT NULL CHECK (update_seq BETWEEN 1 AND 2147483647),
    body BLOB NOT NULL CHECK (length(body) = {ENTITLEMENT.size}),
    issue INTEGER REFERENCES issue (id),
    line INTEGER,
    key_version INTEGER,
    mac BLOB CHECK (length(mac) = 8),
    PRIMARY KEY (serial, update_seq),
    CHECK ((issue IS NULL) = (mac IS NULL) AND (issue IS NULL) = (key_version IS NULL)
        AND (issue IS NULL) = (line IS NULL))
) STRICT;

CREATE UNIQUE INDEX lines_of_a_file ON entitlement (issue, line) WHERE issue IS NOT NULL;
CREATE INDEX files_by_name ON issue (out);

-- The newest update that a receipt, or the card itself, has shown to be on the card.
CREATE TABLE confirmed (
    serial BLOB PRIMARY KEY CHECK (length(serial) = 8),
    update_seq INTEGER NOT NULL CHECK (update_seq BETWEEN 1 AND 2147483647)
) STRICT;

-- Cards that a station has declared lost; never forgotten.
CREATE TABLE lost (
    serial BLOB PRIMARY KEY CHECK (length(serial) = 8),
    beneficiary_id BLOB NOT NULL CHECK (length(beneficiary_id) = 8),
    told_at TEXT NOT NULL
) STRICT;
"""


class RegisterFile:
    """One open register. A writer holds the lock file ``<path>.lock`` until :meth:`close` or its end."""

    def __init__(self, path: Path, *, read_only: bool) -> None:
        """Raises ``RegisterNotFound``, ``RegisterBusy``, ``RegisterNotOurs``, ``RegisterError``."""
        self.path = path
        if not path.is_file():
            raise RegisterNotFound(
                Text("There is no register of updates.", "Register pembaruan tidak ada."), where=str(path)
            )
        self._lock = None if read_only else _locked(path)
        try:
            self._database = _connected(path, read_only)
        except BaseException:
            self._unlock()
            raise

    @classmethod
    def make(cls, path: Path) -> None:
        """Write an empty register, whole or not at all. Raises ``RegisterExists``, ``RegisterError``."""
        # Under another name until it is complete, for an empty file would be taken for a foreign one.
        draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
        try:
            database = sqlite3.connect(draft, isolation_level=None)
            try:
                database.execute("PRAGMA synchronous = EXTRA")
                database.executescript(f"BEGIN; {SCHEMA} COMMIT;")
            finally:
                database.close()
            os.link(draft, path)  # unlike a rename, never over another file
        except FileExistsError:
            raise RegisterExists(Text("The file exists already.", "Berkas sudah ada."), where=str(path)) from None
        except (OSError, sqlite3.Error) as error:
            raise _failed(path, error) from error
        finally:
            draft.unlink(missing_ok=True)

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when the block ends. Raises ``RegisterError``."""
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield self._database
                self._database.execute("COMMIT")
            except BaseException:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")
                raise
        except sqlite3.Error as error:
            raise _failed(self.path, error) from error

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        """All rows of a query. Raises ``RegisterError``."""
        try:
            return self._database.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _failed(self.path, error) from error

    def close(self) -> None:
        """Close the database and give the lock back."""
        self._database.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def _connected(path: Path, read_only: bool) -> sqlite3.Connection:
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
    except sqlite3.OperationalError as error:  # the file may well be ours, and cannot be reached
        raise _failed(path, error) from error
    except sqlite3.DatabaseError:
        raise _not_ours(path) from None
    return database


def _locked(path: Path) -> int:
    """A descriptor that holds the lock. Not on the database itself: closing it would drop SQLite's own locks."""
    try:
        descriptor = os.open(path.with_name(path.name + ".lock"), os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise _failed(path, error) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise RegisterBusy(
            Text("Another process is issuing updates.", "Proses lain sedang menerbitkan pembaruan."), where=str(path)
        ) from None
    except OSError as error:
        os.close(descriptor)
        raise _failed(path, error) from error
    return descriptor


def _not_ours(path: Path) -> RegisterNotOurs:
    return RegisterNotOurs(
        Text("This is no register of updates of this version.", "Ini bukan register pembaruan versi ini."),
        where=str(path),
    )


def _failed(path: Path, error: Exception) -> RegisterError:
    return RegisterError(
        Text("The register cannot be used: {why}.", "Register tidak dapat dipakai: {why}.").filled(
            why=system_reason(error)
        ),
        where=str(path),
    )
