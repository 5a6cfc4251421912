# SPDX-License-Identifier: Apache-2.0
"""The revisions make what the tables declare, and some rows are only ever added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import IntegrityError
from tests.bank.store.rows import fill

from ssn_card.bank.store import migrations, schema
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.place import connect, url_of
from ssn_card.bank.store.tables import Base


@pytest.fixture
def revised(kind: str, empty_place: Callable[[str], str]) -> Engine:
    """A database that the revisions made."""
    engine = connect(url_of(empty_place(kind)))
    with engine.begin() as connection:
        schema.bring_to(connection)
    return engine


def test_revisions_and_declaration_agree(revised: Engine, kind: str, empty_place: Callable[[str], str]) -> None:
    declared = connect(url_of(empty_place(kind)))
    Base.metadata.create_all(declared)
    with revised.connect() as one, declared.connect() as other:
        assert compare_metadata(MigrationContext.configure(one), Base.metadata) == []
        assert _shape(one) == _shape(other)


def _shape(connection: Connection) -> dict[str, Any]:
    """What Alembic does not compare: rules and indexes too."""
    looked = inspect(connection)
    return {
        table: (
            sorted((one["name"], str(one["type"]), one["nullable"]) for one in looked.get_columns(table)),
            looked.get_pk_constraint(table)["constrained_columns"],
            sorted((one["name"], one["sqltext"]) for one in looked.get_check_constraints(table)),
            sorted(map(_index, looked.get_indexes(table))),
            sorted(str(one) for one in looked.get_foreign_keys(table)),
            sorted(str(one) for one in looked.get_unique_constraints(table)),
        )
        for table in looked.get_table_names()
        if table != schema.VERSIONS
    }


def _index(found: Any) -> str:
    options = {name: str(value) for name, value in found["dialect_options"].items()}
    return f"{found['name']} {found['column_names']} {found['unique']} {options}"


def test_the_newest_is_the_newest(revised: Engine) -> None:
    with revised.connect() as connection:
        assert ScriptDirectory.from_config(schema.config_of(connection)).get_current_head() == migrations.NEWEST
        schema.require_newest(connection)


@pytest.mark.parametrize("change", ["UPDATE {} SET {} = NULL", "DELETE FROM {}"])
def test_rows_that_are_only_added(bank: Bank, change: str) -> None:
    with bank._engine.begin() as connection:
        fill(connection, 2)  # on SQLite each row that would change is asked for
    for table in schema.APPEND_ONLY:
        with bank._engine.connect() as connection, pytest.raises(IntegrityError, match="append-only"):
            connection.execute(text(change.format(table, list(Base.metadata.tables[table].columns)[-1].name)))


def test_a_truncated_log(bank: Bank) -> None:
    if bank.url.get_backend_name() == "sqlite":
        return  # which has no TRUNCATE
    with pytest.raises(IntegrityError, match="append-only"), bank._engine.begin() as connection:
        connection.execute(text("TRUNCATE log"))
