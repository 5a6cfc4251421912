# SPDX-License-Identifier: Apache-2.0
"""Genuine receipts of a store as tables of the books, and what follows from them.

Of a receipt that was handed in several times one row stays, with its basket if any copy has it. A basket's text is kept
once, in ``baskets``, and its lines in ``basket_lines``; receipts name it by ``basket_id``.
"""

from __future__ import annotations

from collections import defaultdict

import duckdb

from ssn_card.protocol.layouts import RECEIPT_BY_TYPE
from ssn_card.protocol.values import ReceiptType

from ..store import Store
from .errors import BooksDiffer
from .judged import Judged

_FITS = 1  #: Goods.FITS
_TOTALS = ("loaded_total", "expired_total", "policy_id")

_READ = "read_parquet($parts, hive_partitioning = false)"
_BELIEVED = f"""
SELECT * FROM {_READ} one WHERE NOT EXISTS (
    FROM rejected r WHERE (r.file, r.line, r.serial, r.seq) = (one.file, one.line, one.serial, one.seq))
"""
_COPIED = f"CREATE TEMP TABLE copied AS SELECT serial, seq FROM {_READ} GROUP BY ALL HAVING count(*) > 1"
_ONCE = f"""
SELECT * FROM ({{rows}}) ANTI JOIN copied USING (serial, seq) UNION ALL
SELECT * FROM ({{rows}}) SEMI JOIN copied USING (serial, seq)
QUALIFY row_number() OVER (PARTITION BY serial, seq, receipt ORDER BY goods <> {_FITS}, file, line) = 1
"""
_SHOPS = f"""
CREATE TEMP TABLE terminals AS
SELECT terminal_id, format('EW-{{:03d}}', terminal_id) AS id_ewarong
FROM (SELECT DISTINCT terminal_id FROM {_READ} WHERE terminal_id IS NOT NULL)
"""
_BASKETS = f"""
CREATE TABLE baskets AS
SELECT CAST(row_number() OVER (ORDER BY basket) AS INTEGER) AS basket_id, basket
FROM (SELECT DISTINCT basket FROM {_READ} WHERE goods = {_FITS})
"""
_LINES = """
CREATE TABLE basket_lines AS
SELECT basket_id, line->>0 AS code, CAST(line->>1 AS BIGINT) AS quantity, CAST(line->>2 AS BIGINT) AS amount
FROM (SELECT basket_id, unnest(CAST(basket AS JSON[])) AS line FROM baskets)
"""
_RECEIPTS = """
CREATE TABLE receipts AS
SELECT serial, seq, type, "timestamp" AS "at", CAST("timestamp" AS DATE) AS day, month,
    terminal_id, terminal_txn, CAST(amount AS BIGINT) AS amount, categories, companion_id,
    CAST(balance_after AS BIGINT) AS balance_after, CAST(month_spent_after AS BIGINT) AS month_spent_after,
    CAST(granted_total AS BIGINT) AS granted_total, update_seq, pin_state, issued_on,
    id_ewarong, goods, basket_id
FROM ({rows}) LEFT JOIN baskets USING (basket) LEFT JOIN terminals USING (terminal_id)
"""
#: What an update has set stands in its receipt alone, for the columns of a store do not repeat it: big-endian.
_LOADS = """
CREATE TABLE loads AS
SELECT serial, seq, update_seq, issued_on, CAST(granted_total AS BIGINT) AS granted_total,
    {totals}
FROM ({rows}) WHERE type = 4
"""
#: What follows from receipts, in this order. A cancellation takes back the card's receipt before it.
_FOLLOWING = """
CREATE VIEW cancels AS SELECT * EXCLUDE (companion_id, basket_id, issued_on) FROM receipts WHERE type = 2;
CREATE VIEW overrides AS
    SELECT serial, seq, "at", day, month, id_ewarong, amount, companion_id FROM receipts WHERE type = 3;
CREATE TABLE sales AS
    SELECT r.serial, r.seq, r."at", r.day, r.month, r.id_ewarong, r.amount, r.categories, r.basket_id, r.pin_state,
        r.balance_after,
        c.family, c.companion_id, c.kode_kecamatan, c.kelurahan
    FROM receipts r LEFT JOIN cards c USING (serial)
    WHERE r.type = 1 AND NOT EXISTS (FROM cancels k WHERE k.serial = r.serial AND k.seq = r.seq + 1);
CREATE VIEW items AS
    SELECT s.serial, s.seq, s.id_ewarong, s.day, l.code, l.quantity, l.amount
    FROM sales s JOIN basket_lines l USING (basket_id);
"""


def take_receipts(connection: duckdb.DuckDBPyConnection, store: Store, judged: Judged) -> None:
    """Make ``receipts``, ``problems``, and what follows; the side tables are there already.

    Raises:
        BooksDiffer: they are not the receipts that were found genuine.
    """
    parts = {"parts": [str(part.path) for part in store.partitions]}
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(store.names):
        numbers[name].append(number)
    for name, table in (("problems", judged.problems()), ("rejected", judged.rejected(numbers))):
        connection.register("given", table)
        connection.execute(f"CREATE TABLE {name} AS FROM given")
        connection.unregister("given")
    connection.execute(_BASKETS, parts)
    connection.execute(_LINES)
    connection.execute(_SHOPS, parts)
    rows = _BELIEVED if judged.report.rejected else f"FROM {_READ}"
    if judged.report.repeated:
        connection.execute(_COPIED, parts)
        rows = _ONCE.format(rows=rows)
    connection.execute("SET preserve_insertion_order = false")  # nobody needs it here, and it takes time
    connection.execute(_RECEIPTS.format(rows=rows), parts)
    connection.execute(_LOADS.format(rows=rows, totals=",\n    ".join(map(_stated, _TOTALS))), parts)
    connection.execute("RESET preserve_insertion_order")
    connection.execute("DROP TABLE rejected; DROP TABLE terminals; DROP TABLE IF EXISTS copied")
    ((held,),) = connection.execute("SELECT count(*) FROM receipts").fetchall()
    if held != judged.report.genuine:
        raise BooksDiffer(str(store.folder), judged.report.genuine, held)
    connection.execute(_FOLLOWING)


def _stated(name: str) -> str:
    """A number of an update's receipt, as a column."""
    layout = RECEIPT_BY_TYPE[ReceiptType.UPDATE]
    first = layout.offset(name)
    (size,) = (field.size for field in layout.fields if field.name == name)
    return f"CAST('0x' || hex(receipt[{first + 1}:{first + size}]) AS BIGINT) AS {name}"
