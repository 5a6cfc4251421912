# SPDX-License-Identifier: Apache-2.0
"""Rows for every table, made by what the tables declare; nothing in them means anything."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import CheckConstraint, Column, Connection, Table, insert, select

from ssn_card.bank.store.tables import Base

_OURS = ("store", "users", "log")  #: have rows that mean something


def fill(connection: Connection, count: int) -> None:
    """``count`` rows in each table, each of which refers to rows of others, and to the next of its own table."""
    for table in Base.metadata.sorted_tables:
        if table.name not in _OURS:
            _fill(connection, table, count)


def _fill(connection: Connection, table: Table, count: int) -> None:
    rows = [{column.name: _value(connection, column, number) for column in table.columns} for number in range(count)]
    own = [key for key in table.foreign_keys if key.column.table is table]
    for key in own:
        for number, row in enumerate(rows):
            row[key.parent.name] = rows[number + 1][key.column.name] if number + 1 < count else None
    later = [{key.parent.name: row[key.parent.name] for key in own} for row in rows]
    for row in rows:
        row.update(dict.fromkeys(key.parent.name for key in own))
    connection.execute(insert(table), rows)
    for row, references in zip(rows, later, strict=True):
        if references:
            same = (column == row[column.name] for column in table.primary_key.columns)
            connection.execute(table.update().where(*same).values(references))


def _value(connection: Connection, column: Column[Any], number: int) -> Any:
    for key in column.foreign_keys:
        if key.column.table is not column.table:
            found = connection.scalars(select(key.column).order_by(key.column)).all()
            return found[number % len(found)]
    for rule in column.table.constraints:
        if isinstance(rule, CheckConstraint) and str(rule.sqltext).startswith(f"{column.name} IN"):
            allowed = re.findall(r"'([^']*)'", str(rule.sqltext))
            return allowed[number % len(allowed)]
    if column.nullable and number % 3 == 2:
        return None
    length = getattr(column.type, "length", None) or 16
    values = {int: number + 1, bool: bool(number % 2), bytes: number.to_bytes(16, "big"), str: f"{number:0{length}x}"}
    return values[column.type.python_type]
