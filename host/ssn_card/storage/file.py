# SPDX-License-Identifier: Apache-2.0
"""One open file: making it, owning it, and transactions that are on the disk when they return.

One process owns a file, from opening to closing; readers need no lock. Within the process any thread may call, one at a
time.
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any, ClassVar

from .kind import Kind
from .opening import CONNECTION, PRIVATE, connect, is_ours, own
from .syncs import DiskSyncs
from .whole import name_new, new_draft, sync_folder

MEMORY = ":memory:"  #: instead of a path: a trial that leaves nothing

Fill = Callable[[sqlite3.Connection], object]  #: writes the first rows of a new file


class OwnedFile:
    """One open file of a kind. The errors that its methods raise are the kind's own."""

    kind: ClassVar[Kind]

    def __init__(self, path: Path | str, *, read_only: bool = False, fill: Fill | None = None) -> None:
        """Opens the file; with ``fill``, one that is missing is made first, and ``:memory:`` is allowed."""
        self.path = Path(path)
        self._guard = threading.RLock()
        self._process = os.getpid()
        self.syncs = DiskSyncs()  #: transactions
        with ExitStack() as held:
            self._database = self._opened(held, read_only, fill)
            self._database.row_factory = sqlite3.Row
            self._let_go = weakref.finalize(self, held.pop_all().close)
        self._let_go.atexit = False  # a child of a fork ends too, and the file is not its own

    def _opened(self, held: ExitStack, read_only: bool, fill: Fill | None) -> sqlite3.Connection:
        if fill is not None and str(self.path) == MEMORY:
            database: sqlite3.Connection = sqlite3.connect(MEMORY, **CONNECTION)
            held.callback(database.close)
            self._fill(database, fill)
            return database
        if not is_ours(self.path, self.kind) and (fill is None or read_only):
            raise self.kind.is_missing(self.path)
        if not read_only:
            own(held, self.path, self.kind)
            if fill is not None and not is_ours(self.path, self.kind):  # nobody else can be making it now
                self.write_new(self.path, fill)
        return connect(held, self.path, self.kind, read_only=read_only)

    @classmethod
    def write_new(cls, path: Path, fill: Fill | None = None) -> None:
        """Write an empty file with its tables, whole or not at all, and never over another one."""
        try:
            if path.exists():
                raise cls.kind.is_taken(path)
            # Under another name until it is complete, for an empty file would be taken for a foreign one.
            draft, descriptor = new_draft(path, PRIVATE)
            try:
                os.close(descriptor)
                with closing(sqlite3.connect(draft)) as database:
                    database.execute("PRAGMA synchronous = EXTRA")
                    cls._fill(database, fill)
                name_new(draft, path)
            finally:
                draft.unlink(missing_ok=True)
            sync_folder(path.parent)
        except FileExistsError:
            raise cls.kind.is_taken(path) from None
        except (OSError, sqlite3.Error) as error:
            raise cls.kind.failure(path, error) from None

    @classmethod
    def _fill(cls, database: sqlite3.Connection, fill: Fill | None) -> None:
        """The tables, and what the file begins with: all or nothing."""
        kind = cls.kind
        database.executescript(
            f"BEGIN; PRAGMA application_id = {kind.application}; PRAGMA user_version = {kind.version}; {kind.schema}"
        )
        if fill is not None:
            fill(database)
        database.execute("COMMIT")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when the block ends; an inner block joins the outer one."""
        with self._usable() as database:
            if database.in_transaction:
                yield database
                return
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                began, cpu = time.perf_counter(), time.thread_time()
                database.execute("COMMIT")
                self.syncs.count += 1  # no call: a sale has a budget of them
                self.syncs.seconds += time.perf_counter() - began
                self.syncs.cpu_seconds += time.thread_time() - cpu
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """One state of the file, whatever is written meanwhile."""
        with self._usable() as database:
            if database.in_transaction:
                yield database
                return
            database.execute("BEGIN")
            try:
                yield database
            finally:
                database.execute("ROLLBACK")

    def rows(self, query: str, *values: object) -> list[Any]:
        """All rows of a query, each a ``sqlite3.Row``."""
        with self._usable() as database:
            return database.execute(query, values).fetchall()

    def one(self, query: str, *values: object) -> Any:
        """The only row of a query that always has one."""
        return self.rows(query, *values)[0]

    def close(self) -> None:
        """Close the database and let another process in; twice is allowed. A file that is forgotten closes itself."""
        with self._guard:
            self._let_go()

    @contextmanager
    def _usable(self) -> Iterator[sqlite3.Connection]:
        """The database for one thread. SQLite must not be used by a child process that inherited it."""
        if os.getpid() != self._process:
            raise self.kind.is_inherited(self.path)
        with self._guard:
            try:
                yield self._database
            except sqlite3.Error as error:
                raise self.kind.failure(self.path, error) from None
