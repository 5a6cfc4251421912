# SPDX-License-Identifier: Apache-2.0
"""An open store."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Self

from sqlalchemy import Engine, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.crypto import SecretKey, macs_equal

from ..errors import BankStoreExists, BankStoreNotFound, BankStoreSecretMismatch
from ..sealing import FieldSealer
from . import place
from .failures import told
from .tables import Base
from .tables.accounts import StoreRow
from .work import SignedIn, StoreWork, utc

_CHECK: Final = b"SSN bank store check"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Bank(Closing):
    """A store with its secret; a context manager. Any number of processes, one of which writes at a time."""

    def __init__(self, engine: Engine, secret: SecretKey, clock: Callable[[], dt.datetime]) -> None:
        """For :meth:`open` and :meth:`create`."""
        self._engine = engine
        self._secret = secret
        self._clock = clock
        self.sealer = FieldSealer(secret)

    @classmethod
    def create(cls, where: str, secret: SecretKey, clock: Callable[[], dt.datetime] = _now) -> Self:
        """A new, empty store. Raises ``BankStoreExists``, ``BankStoreUnusable``."""
        url = place.url_of(where)
        if url.get_backend_name() == "sqlite":
            try:
                place.new_file(Path(str(url.database)))
            except FileExistsError:
                raise BankStoreExists(place.shown(url)) from None
        bank = cls(place.connect(url), secret, clock)
        with told(url), bank._engine.begin() as connection:
            Base.metadata.create_all(connection, checkfirst=False)
        with told(url), Session(bank._engine) as session, session.begin():
            check = secret.cmac(_CHECK)
            session.add(StoreRow(one=1, id=str(uuid.uuid4()), created_at=utc(clock()), secret_check=check))
        return bank

    @classmethod
    def open(cls, where: str, secret: SecretKey, clock: Callable[[], dt.datetime] = _now) -> Self:
        """A store that is there.

        Raises ``BankStoreNotFound``, ``BankStoreNotOurs``, ``BankStoreOfAnotherVersion``, ``BankStoreSecretMismatch``,
        ``BankStoreUnusable``.
        """
        url = place.url_of(where)
        if url.get_backend_name() == "sqlite" and not Path(str(url.database)).exists():
            raise BankStoreNotFound(place.shown(url))
        bank = cls(place.connect(url), secret, clock)
        with told(url), Session(bank._engine) as session:
            check = session.scalars(select(StoreRow.secret_check)).one()
        if not macs_equal(check, secret.cmac(_CHECK)):
            raise BankStoreSecretMismatch(place.shown(url))
        return bank

    @property
    def url(self) -> URL:
        """Where it is."""
        return self._engine.url

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

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A look at the store as it is. Raises ``BankStoreUnusable``."""
        with told(self.url), Session(self._engine) as session:
            yield session
            with suppress(DBAPIError):
                session.rollback()
