# SPDX-License-Identifier: Apache-2.0
"""The programme's side of a report, asked of the books set-wise: one pass over the sales, the rest from its sums."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from ssn_card.paper.foreign import shown

from .data import HourSold, Kecamatan, MonthSpent, PolicyMoney, SalesTotals, ShopTold, Unplaced

#: Sales by shop, month, hour and kecamatan: some ten thousand rows, however many sales.
_CUBE = """
CREATE OR REPLACE TEMP TABLE report_sales AS
SELECT s.id_ewarong, CAST(date_trunc('month', s.day) AS DATE) AS month, hour(s.at) AS hour,
    coalesce(s.kode_kecamatan, '') AS kode_kecamatan, count(*) AS sales, CAST(sum(s.amount) AS BIGINT) AS spent,
    count_if(CAST(s.at AS TIME) < h.buka OR CAST(s.at AS TIME) > h.tutup) AS outside
FROM sales s LEFT JOIN shops h USING (id_ewarong) GROUP BY ALL
"""
_TOTALS = """
SELECT (SELECT count(*) FROM receipts), (SELECT count(DISTINCT serial) FROM receipts),
    count(DISTINCT id_ewarong), coalesce(sum(sales), 0), coalesce(sum(spent), 0),
    (SELECT count(*) FROM cancels), (SELECT coalesce(sum(amount), 0) FROM cancels), (SELECT count(*) FROM overrides)
FROM report_sales
"""
_PERIOD = "SELECT min(day), max(day) FROM receipts"
_FAMILIES = "SELECT kode_kecamatan, count(DISTINCT family) FROM cards GROUP BY ALL ORDER BY ALL"
_NAMES = """
SELECT kode_kecamatan, min(kecamatan) FROM shops GROUP BY ALL
UNION ALL SELECT kode_kemendagri, kecamatan FROM regions
"""
_MONTHS = """
SELECT month, kode_kecamatan, CAST(sum(sales) AS BIGINT), CAST(sum(spent) AS BIGINT)
FROM report_sales GROUP BY ALL ORDER BY ALL
"""
_HOURS = "SELECT {who}, hour, CAST(sum(sales) AS BIGINT) FROM report_sales {where} GROUP BY ALL ORDER BY ALL"
_SHOPS = """
WITH sold AS (
    SELECT id_ewarong, sum(sales) AS sales, sum(spent) AS spent, sum(outside) AS outside
    FROM report_sales GROUP BY ALL),
held AS (SELECT id_ewarong, count(DISTINCT serial) AS cards FROM sales GROUP BY ALL)
SELECT id_ewarong, h.nama, h.kecamatan, h.kelurahan, left(CAST(h.buka AS VARCHAR), 5),
    left(CAST(h.tutup AS VARCHAR), 5),
    CAST(coalesce(s.sales, 0) AS BIGINT), CAST(coalesce(s.spent, 0) AS BIGINT), coalesce(c.cards, 0),
    CAST(coalesce(s.outside, 0) AS BIGINT), CAST(coalesce(a.owed, 0) AS BIGINT)
FROM shops h FULL JOIN sold s USING (id_ewarong) LEFT JOIN held c USING (id_ewarong)
    LEFT JOIN shop_accounts a USING (id_ewarong)
ORDER BY id_ewarong
"""
_MONEY = """
SELECT policy_id, coalesce(kode_kecamatan, ''), families_reached, budget, disbursed, undelivered, spent, refunded,
    hidden, expired, balance, contradicted, unused
FROM programme_accounts ORDER BY policy_id NULLS LAST, kode_kecamatan NULLS LAST
"""
_UNPLACED = """
SELECT coalesce(c.kode_kecamatan, ''), count(DISTINCT u.serial), count(*), CAST(sum(u.least) AS BIGINT),
    CAST(sum(u.most) AS BIGINT)
FROM unplaced u LEFT JOIN cards c USING (serial) GROUP BY ALL ORDER BY ALL
"""


@dataclass(frozen=True)
class ProgrammeTold:
    """What the parts of :class:`~.data.ReportData` of these names hold."""

    first_on: date
    last_on: date
    totals: SalesTotals
    kecamatan: tuple[Kecamatan, ...]
    months: tuple[MonthSpent, ...]
    money: tuple[PolicyMoney, ...]
    unplaced: tuple[Unplaced, ...]
    shops: tuple[ShopTold, ...]
    hours: tuple[HourSold, ...]


def ask_programme(
    books: duckdb.DuckDBPyConnection, visited: Collection[str], in_full: Collection[str]
) -> ProgrammeTold:
    """Everything about months, places and shops. ``visited``, ``in_full``: shops to be visited, and to be told in full.

    The connection has the books' tables and those of the reconciliation.
    """
    books.execute(_CUBE)
    first, last = _one(books, _PERIOD)
    return ProgrammeTold(
        first,
        last,
        SalesTotals(*map(int, _one(books, _TOTALS))),
        tuple(_kecamatan(books)),
        tuple(MonthSpent(*row) for row in _all(books, _MONTHS)),
        tuple(PolicyMoney(*row) for row in _all(books, _MONEY)),
        tuple(Unplaced(*row) for row in _all(books, _UNPLACED)),
        tuple(_shop(row, visited) for row in _all(books, _SHOPS)),
        tuple(_hours(books, in_full)),
    )


def names_of_kecamatan(books: duckdb.DuckDBPyConnection) -> Mapping[str, str]:
    """Of each code; the offices' own list before what shops say."""
    return {code: shown(name) for code, name in _all(books, _NAMES)}


def _kecamatan(books: duckdb.DuckDBPyConnection) -> Iterator[Kecamatan]:
    names = names_of_kecamatan(books)
    for code, families in _all(books, _FAMILIES):
        yield Kecamatan(code, names.get(code, shown(code)), families)


def _shop(row: tuple[Any, ...], visited: Collection[str]) -> ShopTold:
    words, figures = row[:6], row[6:]
    return ShopTold(*(*map(shown, words), *figures, words[0] in visited))


def _hours(books: duckdb.DuckDBPyConnection, shops: Collection[str]) -> Iterator[HourSold]:
    for row in _all(books, _HOURS.format(who="''", where="")):
        yield HourSold(*row)
    chosen = "WHERE list_contains($shops, id_ewarong)"
    for row in _all(books, _HOURS.format(who="id_ewarong", where=chosen), {"shops": sorted(shops)}):
        yield HourSold(*row)


def _all(books: duckdb.DuckDBPyConnection, query: str, given: Mapping[str, Any] | None = None) -> list[tuple[Any, ...]]:
    return books.execute(query, given or {}).fetchall()


def _one(books: duckdb.DuckDBPyConnection, query: str) -> tuple[Any, ...]:
    return books.execute(query).fetchone() or ()
