# SPDX-License-Identifier: Apache-2.0
"""Where a store is: a file, or a database on a PostgreSQL server; and how it is connected to."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from ssn_card.protocol.errors import Text

from ..errors import BankStoreUnusable

BUSY_SECONDS: Final = 30  #: that a command waits for another
_PRIVATE = 0o600


def url_of(place: str) -> URL:
    """A path, or ``postgresql://USER@HOST/DATABASE`` (password from ``PGPASSWORD`` or ``~/.pgpass``).

    Raises :class:`BankStoreUnusable`.
    """
    if "://" not in place:
        return URL.create("sqlite", database=str(Path(place).resolve()))
    try:
        url = make_url(place)
    except ArgumentError:
        raise BankStoreUnusable(
            _shown(place), Text("this is no address of a database", "ini bukan alamat basis data")
        ) from None
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite":
        return url
    raise BankStoreUnusable(
        _shown(place), Text("only SQLite and PostgreSQL are known", "hanya SQLite dan PostgreSQL yang dikenal")
    )


def shown(url: URL) -> str:
    """The place without a password, for people."""
    return str(url.database) if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _shown(place: str) -> str:
    return place.rpartition("@")[2]


def connect(url: URL) -> Engine:
    """An engine that lets one writer in: on SQLite the others wait at BEGIN, on PostgreSQL at the store's row."""
    if url.get_backend_name() == "postgresql":
        return create_engine(url, connect_args={"connect_timeout": BUSY_SECONDS}, pool_pre_ping=True)
    engine = create_engine(
        url, connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: Any) -> None:
        for setting in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")

    return engine


def new_file(path: Path) -> None:
    """An empty file that only its owner can read. Raises ``FileExistsError``, ``OSError``."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))
