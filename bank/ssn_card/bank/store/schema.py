# SPDX-License-Identifier: Apache-2.0
"""The tables' version: made, read, brought up to date. Alembic is imported only for what changes something."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, column, inspect, select, table

from ..errors import BankStoreExists, BankStoreNotOurs, BankStoreOfAnotherVersion
from . import migrations, place

if TYPE_CHECKING:
    from alembic.config import Config

#: Tables to which rows are only added.
APPEND_ONLY: Final = ("card_move", "decision", "delivered", "log", "person_version")
REVISIONS: Final = Path(migrations.__file__).parent  #: where Alembic finds them
VERSIONS: Final = "alembic_version"  #: the table that has the version


def require_empty(connection: Connection) -> None:
    """Raises ``BankStoreExists`` where there is any table."""
    if inspect(connection).get_table_names():
        raise BankStoreExists(place.shown(connection.engine.url))


def version_of(connection: Connection) -> str:
    """Of the tables that are there. Raises ``BankStoreNotOurs``."""
    found = connection.scalar(select(column("version_num")).select_from(table(VERSIONS)))
    if found is None:
        raise BankStoreNotOurs(place.shown(connection.engine.url))
    return str(found)


def require_newest(connection: Connection) -> None:
    """Raises ``BankStoreOfAnotherVersion``, ``BankStoreNotOurs``."""
    if (found := version_of(connection)) != migrations.NEWEST:
        raise BankStoreOfAnotherVersion(place.shown(connection.engine.url), found, migrations.NEWEST)


def require_known(connection: Connection, version: str) -> None:
    """Raises ``BankStoreOfAnotherVersion`` where this program has no such revision."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(config_of(connection))
    if version not in {revision.revision for revision in script.walk_revisions()}:
        raise BankStoreOfAnotherVersion(place.shown(connection.engine.url), version, migrations.NEWEST)


def bring_to(connection: Connection, version: str | None = None) -> None:
    """Run the revisions up to one, or all, from none or from an earlier one, within the connection's transaction.

    Raises ``BankStoreOfAnotherVersion`` where this program does not know the one that is there, or that is asked for.
    """
    from alembic import command

    version = version or migrations.NEWEST
    require_known(connection, version)
    if inspect(connection).has_table(VERSIONS):
        require_known(connection, version_of(connection))
    command.upgrade(config_of(connection), version)


def require_references(connection: Connection) -> None:
    """After a change with SQLite's checks off. Raises ``BankStoreNotOurs`` where a row refers to none."""
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise BankStoreNotOurs(place.shown(connection.engine.url))


def config_of(connection: Connection) -> Config:
    """Alembic's, for this connection."""
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("file_template", "r%%(rev)s_%%(slug)s")
    config.set_main_option("script_location", str(REVISIONS).replace("%", "%%"))
    return config
