# SPDX-License-Identifier: Apache-2.0
"""Triggers that let rows be added and nothing else. Who owns the database can drop them: the log's chain shows it."""

from __future__ import annotations

from collections.abc import Iterator

_SQLITE = """
CREATE TRIGGER {table}_no_{change} BEFORE {change} ON {table}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_POSTGRESQL_FUNCTION = """
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION append_only()
"""


def first_triggers(dialect: str, tables: tuple[str, ...]) -> Iterator[str]:
    """Statements for a database that has none yet; ``dialect``: SQLAlchemy's name of it."""
    if dialect == "postgresql":
        yield _POSTGRESQL_FUNCTION
        yield from (_POSTGRESQL.format(table=table) for table in tables)
    else:
        yield from (_SQLITE.format(table=table, change=change) for table in tables for change in ("UPDATE", "DELETE"))
