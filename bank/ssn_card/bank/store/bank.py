# SPDX-License-Identifier: Apache-2.0
"""An open store."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from sqlalchemy import Connection, Engine, select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.crypto import SecretKey, macs_equal
from ssn_card.protocol.system import system_reason

from ..errors import BackupNotWritten, BankStoreNotOurs, BankStoreSecretMismatch
from ..known import store_check
from ..moments import utc
from ..sealing import FieldSealer
from . import place, schema
from .backup import BackupContent, write_backup
from .failures import told
from .making import fresh
from .tables.accounts import StoreRow
from .work import SignedIn, StoreWork


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def require_ours(connection: Connection, secret: SecretKey) -> None:
    """Raises ``BankStoreNotOurs``, ``BankStoreSecretMismatch``."""
    where = place.shown(connection.engine.url)
    kept = connection.scalar(select(StoreRow.secret_check))
    if kept is None:
        raise BankStoreNotOurs(where)
    if not macs_equal(kept, store_check(secret)):
        raise BankStoreSecretMismatch(where)


class Bank(Closing):
    """A store with its secret; a context manager. Any number of processes, one of which writes at a time."""

    def __init__(self, engine: Engine, secret: SecretKey, clock: Callable[[], dt.datetime]) -> None:
        """For :meth:`open` and :meth:`create`."""
        self._engine = engine
        self._secret = secret
        self._clock = clock
        self.sealer = FieldSealer(secret)

    @classmethod
    def create(
        cls,
        where: str,
        secret: SecretKey,
        clock: Callable[[], dt.datetime] = _now,
        founder: SignedIn | None = None,
        first: Callable[[StoreWork], None] | None = None,
    ) -> Self:
        """A new store: a file, or in a database that is there and empty.

        ``first``: what the founder does in it at once, in the same transaction.

        Raises ``BankStoreExists``, ``BankStoreNotFound``, ``BankStoreUnusable``.
        """
        url = place.url_of(where)
        row = StoreRow(one=1, id=str(uuid.uuid4()), created_at=utc(clock()), secret_check=store_check(secret))
        with fresh(url) as connection, Session(connection) as session:
            schema.bring_to(connection)
            session.add(row)
            session.flush()
            if founder is not None and first is not None:
                first(StoreWork(session, founder, utc(clock()), secret, FieldSealer(secret)))
        return cls(place.connect(url), secret, clock)

    @classmethod
    def open(cls, where: str, secret: SecretKey, clock: Callable[[], dt.datetime] = _now) -> Self:
        """A store that is there.

        Raises ``BankStoreNotFound``, ``BankStoreNotOurs``, ``BankStoreOfAnotherVersion``, ``BankStoreSecretMismatch``,
        ``BankStoreUnusable``.
        """
        url = place.url_of(where)
        engine = place.connect_existing(url)
        with told(url), engine.connect() as connection:
            require_ours(connection, secret)
            schema.require_newest(connection)
        return cls(engine, secret, clock)

    @property
    def url(self) -> URL:
        """Where it is."""
        return self._engine.url

    def now(self) -> dt.datetime:
        """By the store's clock, UTC."""
        return self._clock().astimezone(dt.UTC)

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def work(self, actor: SignedIn) -> Iterator[StoreWork]:
        """One transaction, whole or not at all; no other writer is in the store meanwhile.

        Raises ``BankStoreBusy``, ``BankStoreUnusable``.
        """
        with (
            told(self.url),
            self._engine.connect().execution_options(writing=True) as connection,
            Session(connection, expire_on_commit=False) as session,
            session.begin(),
        ):
            session.scalars(select(StoreRow).with_for_update()).one()
            yield StoreWork(session, actor, utc(self._clock()), self._secret, self.sealer)

    def backup(self, path: Path) -> BackupContent:
        """All rows as they are at one moment, in a new encrypted file. Raises ``BackupNotWritten``."""
        with self.reading() as session:
            try:
                return write_backup(session.connection(), path, self._secret, self.now())
            except OSError as error:
                raise BackupNotWritten(str(path), system_reason(error)) from None

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A look at the store as it is at one moment. Raises ``BankStoreUnusable``."""
        engine = self._engine
        if place.is_server(self.url):  # in a file every look is one
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with told(self.url), Session(engine) as session:
            yield session
