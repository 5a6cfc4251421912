# SPDX-License-Identifier: Apache-2.0
"""Where a store is: a file, or a database on a PostgreSQL server; and how it is connected to."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from ssn_card.protocol.errors import Text

from ..errors import BankStoreNotFound, BankStoreUnusable

BUSY_SECONDS: Final = 30  #: that a command waits for another


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
    if is_server(url):
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite":
        return url
    raise BankStoreUnusable(
        _shown(place), Text("only SQLite and PostgreSQL are known", "hanya SQLite dan PostgreSQL yang dikenal")
    )


def is_server(url: URL) -> bool:
    """Whether it is a database on a server, not a file."""
    return url.get_backend_name() == "postgresql"


def file_of(url: URL) -> Path:
    """The file of a store that is one."""
    return Path(str(url.database))


def shown(url: URL) -> str:
    """The place without a password, for people."""
    return url.render_as_string(hide_password=True) if is_server(url) else str(file_of(url))


def _shown(place: str) -> str:
    return place.rpartition("@")[2]


def connect(url: URL, new: bool = False, changing_tables: bool = False) -> Engine:
    """An engine that lets one writer in: on SQLite the others wait at BEGIN, on PostgreSQL at the store's row.

    ``new``: an empty file. ``changing_tables``: SQLite drops the old one, to which others refer.
    """
    if is_server(url):
        waits = {"connect_timeout": BUSY_SECONDS, "options": f"-c lock_timeout={BUSY_SECONDS}s"}
        return create_engine(url, connect_args=waits, pool_pre_ping=True, hide_parameters=True)
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "isolation_level": None, "check_same_thread": False},
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def _settings(connection: Any, _: Any) -> None:
        # A file keeps its journal mode; one that is not ours is left as it is.
        for setting in (
            *(["journal_mode = WAL"] if new else []),
            "synchronous = FULL",
            f"foreign_keys = {'OFF' if changing_tables else 'ON'}",
        ):
            connection.execute(f"PRAGMA {setting}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writing") else "BEGIN")

    return engine


def connect_existing(url: URL, changing_tables: bool = False) -> Engine:
    """Raises :class:`BankStoreNotFound` where there is no file."""
    if not is_server(url) and not file_of(url).exists():
        raise BankStoreNotFound(shown(url))
    return connect(url, changing_tables=changing_tables)
