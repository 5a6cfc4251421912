# SPDX-License-Identifier: Apache-2.0
"""The steps of opening an owned file: is it ours, may this process own it, can it be relied on.

POSIX drops all of a process's locks on a file when the process closes *any* descriptor of it. SQLite knows that, and
shares descriptors; code that opens such a file past SQLite takes the locks of the connection that has it open. Another
process then takes the write-ahead log for forgotten and deletes it, with what is written to it later
(https://sqlite.org/howtocorrupt.html section 2.2). So a file that is open here is not opened in any other way.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import threading
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from ssn_card.protocol.system import system_error

from .kind import Kind, primary_code

PRIVATE = 0o600
_MAGIC = b"SQLite format 3\x00"
_VERSION_AT, _APPLICATION_AT, _READ = 60, 68, 72  #: https://sqlite.org/fileformat2.html section 1.3

_SETTINGS = ("PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON")
_FOR_READING = ("PRAGMA query_only = ON",)
#: A file that cannot be written says so now, not in a sale; to begin is not enough for SQLite to look.
_FOR_WRITING = ("PRAGMA journal_mode = WAL", "BEGIN IMMEDIATE", "CREATE TABLE can_be_written (yes)", "ROLLBACK")
_CHECK = "PRAGMA quick_check(1)"
#: The lock file is never written.
_LOCK = ("PRAGMA busy_timeout = 0", "PRAGMA journal_mode = OFF", "BEGIN IMMEDIATE")
#: Of a connection: transactions are begun by name, and any thread may call.
CONNECTION: dict[str, Any] = {"isolation_level": None, "check_same_thread": False}

#: Device and inode of each file that this process has open.
_open_here: Counter[tuple[int, int]] = Counter()
_guard = threading.RLock()


def is_ours(path: Path, kind: Kind) -> bool:
    """Whether there is such a file. Raises the kind's error for one that is not ours, or cannot be looked at."""
    with _guard:
        try:
            found = path.stat()
            if (found.st_dev, found.st_ino) in _open_here:
                return True
            if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
                raise kind.is_foreign(path)
            with path.open("rb") as file:
                head = file.read(_READ)
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError as error:
            raise kind.failure(path, error) from None

    def number(at: int) -> int:
        return int.from_bytes(head[at : at + 4], "big")

    if not head.startswith(_MAGIC) or number(_APPLICATION_AT) != kind.application:
        raise kind.is_foreign(path)
    if number(_VERSION_AT) != kind.version:
        raise kind.is_of_version(path, number(_VERSION_AT))
    return True


def own(held: ExitStack, path: Path, kind: Kind) -> None:
    """Own the file until ``held`` closes, or the process ends in whatever way. Raises the kind's ``busy``.

    Who has begun to write to ``<path>.lock`` is the owner: SQLite's locks work on every system, between threads, and
    are not inherited by a child. Readers of it are let be: of two who ask at the same moment each is one, in the way of
    the other, and neither would become the owner.
    """
    place = path.with_name(f"{path.name}.lock")
    with _guard, ExitStack() as unless_ours:
        try:
            with suppress(FileExistsError):
                os.close(os.open(place, os.O_CREAT | os.O_EXCL | os.O_RDWR, PRIVATE))
            if place.is_dir():  # SQLite would only say that it cannot open it
                raise system_error(errno.EISDIR)
            lock = sqlite3.connect(place, **CONNECTION)
            unless_ours.callback(lock.close)
            for statement in _LOCK:
                lock.execute(statement)
        except (OSError, sqlite3.Error) as error:
            busy = primary_code(error) == sqlite3.SQLITE_BUSY
            raise (kind.is_busy(path) if busy else kind.failure(path, error)) from None
        held.push(unless_ours.pop_all())


def connect(held: ExitStack, path: Path, kind: Kind, *, read_only: bool) -> sqlite3.Connection:
    """The file's database until ``held`` closes; it can be read, and written unless ``read_only``."""
    try:
        database = _connected(held, path)
        for statement in (*_SETTINGS, *(_FOR_READING if read_only else _FOR_WRITING)):
            database.execute(statement)
        sound = database.execute(_CHECK).fetchone()[0] == "ok"
    except (OSError, sqlite3.Error) as error:
        raise kind.failure(path, error) from None
    if not sound:
        raise kind.is_damaged(path)
    return database


def _connected(held: ExitStack, path: Path) -> sqlite3.Connection:
    with _guard:
        found = path.stat()
        place = (found.st_dev, found.st_ino)
        # An existing file only: SQLite would make an empty one where the name is wrong.
        uri = f"{path.resolve().as_uri()}?mode=rw"
        database: sqlite3.Connection = sqlite3.connect(uri, uri=True, **CONNECTION)
        _open_here[place] += 1
        held.callback(_close, database, place)
    return database


def _close(database: sqlite3.Connection, place: tuple[int, int]) -> None:
    with _guard:
        database.close()
        _open_here[place] -= 1
        if not _open_here[place]:
            del _open_here[place]
