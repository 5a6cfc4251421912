# SPDX-License-Identifier: Apache-2.0
"""Side files into the books: every value judged by its column's kind, every reference by what it refers to.

What is wrong is told by file, line and field, the first in the file first. A file that may be absent and is, is no
table; whoever needs it says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import duckdb

from ssn_card.programme.errors import place
from ssn_card.protocol.errors import Text

from .csvfile import LINE, read_texts
from .errors import SideFileContradicts, SideFileKeyTwice, SideFileMissing, SideFileStranger, SideFileValue
from .tables import TABLES, DataColumn, DataKind, DataTable

_NUMBER = "[0-9]{1,15}"
#: What the text of a kind looks like; and its type in the books.
_FORMS = {
    DataKind.TEXT: (r"\S(.*\S)?", "VARCHAR"),
    DataKind.NUMBER: (_NUMBER, "BIGINT"),
    DataKind.RUPIAH: (_NUMBER, "BIGINT"),
    DataKind.QUANTITY: (r"[0-9]{1,12}(\.[0-9]{1,3})?", "DECIMAL(18,3)"),
    DataKind.DAY: (r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "DATE"),
    DataKind.MOMENT: (r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?", "TIMESTAMP"),
    DataKind.HOUR: (r"[0-9]{2}:[0-9]{2}(:[0-9]{2})?", "TIME"),
}
_WHAT = {
    DataKind.TEXT: Text("not as it is written", "penulisannya tidak benar"),
    DataKind.NUMBER: Text("no whole number", "bukan bilangan bulat"),
    DataKind.RUPIAH: Text("no amount in whole rupiah", "bukan jumlah rupiah bulat"),
    DataKind.QUANTITY: Text("no quantity of at most three decimals", "bukan jumlah dengan paling banyak tiga desimal"),
    DataKind.DAY: Text("no day as 2026-01-31", "bukan tanggal seperti 2026-01-31"),
    DataKind.MOMENT: Text("no moment as 2026-01-31T09:30:00", "bukan waktu seperti 2026-01-31T09:30:00"),
    DataKind.HOUR: Text("no time of day as 08:00", "bukan jam seperti 08:00"),
}
#: What two rows must not say of one matter: the rows ``a`` and ``b``, the field, and what is wrong.
_CONTRADICTIONS = {
    "prices": (
        "a.code = b.code AND a.kode_kecamatan IS NOT DISTINCT FROM b.kode_kecamatan AND a.line < b.line "
        "AND a.valid_from <= b.valid_until AND b.valid_from <= a.valid_until",
        "valid_from",
        Text("it states another price for days of line {other}", "menyebut harga lain untuk hari pada baris {other}"),
    ),
}
#: What a row must not say by itself: when, the field, and what is wrong.
_IMPOSSIBLE = {
    "prices": ("valid_until < valid_from", "valid_until", Text("it ends before it begins", "berakhir sebelum mulai")),
    "shops": ("tutup <= buka", "tutup", Text("it closes before it opens", "tutup sebelum buka")),
}


def read_side_files(connection: duckdb.DuckDBPyConnection, folder: Path, *, personal: bool = False) -> frozenset[str]:
    """Make a table of each side file that is there; ``staples``, ``regions`` and ``policies`` are there already.

    ``personal``: of those with names of people too. Returns the names of those read.

    Raises:
        SideFileUnusable: or one of its kinds, for the first thing that is wrong.
    """
    there = frozenset(
        name for name, table in TABLES.items() if table.personal <= personal and (folder / table.file).exists()
    )
    for table in TABLES.values():
        if table.name in there:
            _take(connection, folder / table.file, table)
        elif table.needed:
            raise SideFileMissing(where=str(folder / table.file))
    for name in TABLES:
        if name in there:
            _refer(connection, folder / TABLES[name].file, TABLES[name], there)
            connection.execute(f"ALTER TABLE {name} DROP COLUMN {LINE}")
    return there


def _take(connection: duckdb.DuckDBPyConnection, path: Path, table: DataTable) -> None:
    typed = ", ".join(f"CAST({_value(one)} AS {_FORMS[one.kind][1]}) AS {one.name}" for one in table.columns)
    for number, texts in enumerate(read_texts(path, [column.name for column in table.columns])):
        connection.register("texts", texts)
        try:
            _judge_values(connection, path, table)
            into = f"INSERT INTO {table.name}" if number else f"CREATE TABLE {table.name} AS"
            connection.execute(f"{into} SELECT {typed}, {LINE} FROM texts")
        finally:
            connection.unregister("texts")
    _judge_keys(connection, path, table)
    _judge_rows(connection, path, table)


def _value(column: DataColumn) -> str:
    return f"nullif({column.name}, '')"


def _judge_values(connection: duckdb.DuckDBPyConnection, path: Path, table: DataTable) -> None:
    asked = ", ".join(f"min({LINE}) FILTER (WHERE {_wrong(column)})" for column in table.columns)
    found = _row(connection, f"SELECT {asked} FROM texts")
    wrong = [(line, column) for line, column in zip(found, table.columns, strict=True) if line is not None]
    if not wrong:
        return
    line, column = min(wrong, key=lambda one: one[0])
    (value,) = _row(connection, f"SELECT {column.name} FROM texts WHERE {LINE} = {line}")
    why = Text("it is empty", "kosong")
    if value:
        why = Text("{value!r} is {what}", "{value!r}: {what}").filled(value=value, what=_WHAT[column.kind])
    raise SideFileValue(place(path, line, column.name), why)


def _wrong(column: DataColumn) -> str:
    form, kind = _FORMS[column.kind]
    form = column.pattern or form
    right = f"regexp_full_match({column.name}, '{form}')"
    if kind in ("DATE", "TIMESTAMP", "TIME"):
        right += f" AND TRY_CAST({_value(column)} AS {kind}) IS NOT NULL"
    return f"NOT ({right})" + (f" AND {column.name} <> ''" if column.nullable else "")


def _judge_keys(connection: duckdb.DuckDBPyConnection, path: Path, table: DataTable) -> None:
    key = ", ".join(table.key)
    twice = _row(
        connection,
        f"SELECT max({LINE}), min({LINE}) FROM {table.name} GROUP BY {key} HAVING count(*) > 1 ORDER BY 1 LIMIT 1",
    )
    if twice:
        why = Text("the same {key} as in line {other}", "{key} sama dengan baris {other}")
        raise SideFileKeyTwice(place(path, twice[0], table.key[0]), why.filled(key=key, other=twice[1]))


def _judge_rows(connection: duckdb.DuckDBPyConnection, path: Path, table: DataTable) -> None:
    if table.name in _IMPOSSIBLE:
        when, field, why = _IMPOSSIBLE[table.name]
        found = _row(connection, f"SELECT min({LINE}) FROM {table.name} WHERE {when}")
        if found[0] is not None:
            raise SideFileContradicts(place(path, found[0], field), why)
    if table.name in _CONTRADICTIONS:
        when, field, why = _CONTRADICTIONS[table.name]
        found = _row(
            connection,
            f"SELECT b.{LINE}, a.{LINE} FROM {table.name} a JOIN {table.name} b ON {when} ORDER BY ALL LIMIT 1",
        )
        if found:
            raise SideFileContradicts(place(path, found[0], field), why.filled(other=found[1]))


def _refer(connection: duckdb.DuckDBPyConnection, path: Path, table: DataTable, there: Collection[str]) -> None:
    for column, other, field in _references(table, there):
        found = _row(
            connection,
            f"SELECT {LINE}, {column.name} FROM {table.name} WHERE {column.name} IS NOT NULL "
            f"AND {column.name} NOT IN (SELECT {field} FROM {other}) ORDER BY {LINE} LIMIT 1",
        )
        if found:
            why = Text("{value} is not among the {other}", "{value} tidak ada di {other}")
            raise SideFileStranger(place(path, found[0], column.name), why.filled(value=found[1], other=other))


def _references(table: DataTable, there: Collection[str]) -> Iterator[tuple[DataColumn, str, str]]:
    for column in table.columns:
        other, _, field = column.of.partition(".")
        if other and (other in there or other not in TABLES):
            yield column, other, field


def _row(connection: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    """The one row of an answer, or nothing; fetched whole, for a connection has one answer at a time."""
    rows = connection.execute(query).fetchall()
    return rows[0] if rows else ()
