# SPDX-License-Identifier: Apache-2.0
"""``reconcile``: the tables made in the books' connection, held against each other, and what they come to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

import duckdb

from ssn_card.protocol.errors import Text

from ..books.tables import TABLES, DataKind
from .cards import CARD_ACCOUNTS, CLAIMS
from .errors import NothingToReconcile
from .identities import require_identities
from .programme import PROGRAMME_ACCOUNTS
from .shops import SHOP_ACCOUNTS, SHOP_DAYS
from .spells import SPELLS, TIPS
from .steps import DOUBTED, ENTITLEMENTS, STEPS
from .unplaced import ENDS, GAPS, OUTLOOK, STATED

#: The tables that stay, in the order in which people read them.
RESULTS: Final = (
    "programme_accounts",
    "shop_accounts",
    "shop_days",
    "card_accounts",
    "unplaced",
    "contradictions",
    "claims",
)
_STEPS = (STEPS, DOUBTED, ENTITLEMENTS, SPELLS, TIPS, GAPS, STATED, OUTLOOK, ENDS)
_ACCOUNTS = (CARD_ACCOUNTS, CLAIMS, SHOP_DAYS, SHOP_ACCOUNTS, PROGRAMME_ACCOUNTS)
_GROUND = ("steps", "doubted", "entitlements", "spells", "tips", "readings", "stated", "outlook", "movements")
#: Side files without which the rest can be told; what then cannot.
_OPTIONAL: Final = {
    "statuses": Text(
        "No readings of cards (statuses.csv): balances were held against nothing, and what lies beyond the last "
        "receipt in hand is not known.",
        "Tidak ada pembacaan kartu (statuses.csv): sisa dana tidak dapat dicocokkan, dan yang terjadi setelah kuitansi "
        "terakhir tidak diketahui.",
    ),
    "budget": Text(
        "No budget (budget.csv): what was disbursed was held against nothing.",
        "Tidak ada pagu (budget.csv): dana yang disalurkan tidak dapat dicocokkan.",
    ),
}
_TYPES = {DataKind.TEXT: "VARCHAR", DataKind.DAY: "DATE", DataKind.MOMENT: "TIMESTAMP"}


@dataclass(frozen=True)
class Totals:
    """Sums over everything, in rupiah; ``budget`` is ``None`` where none was given."""

    budget: int | None
    disbursed: int
    undelivered: int
    spent: int
    refunded: int
    hidden: int
    expired: int
    balance: int
    contradicted: int
    stranded: int
    owed: int
    withheld: int
    disputed: int
    unplaced_least: int
    unplaced_most: int


@dataclass(frozen=True)
class Reconciliation:
    """What the accounts come to. ``identities``: how many sums were added up on two ways; ``newest``: the last day of
    which a receipt speaks; ``overdrawn``: (policy, kecamatan, rupiah) where more was disbursed than the budget has."""

    totals: Totals
    cards: int
    whole: int
    open: int
    contradicting: int
    shops: int
    days: int
    gaps: int
    ends: int
    claims: int
    identities: int
    first: date
    newest: date
    overdrawn: tuple[tuple[int | None, str | None, int], ...]
    remarks: tuple[Text, ...]


def reconcile(connection: duckdb.DuckDBPyConnection, tables: Collection[str]) -> Reconciliation:
    """Make the tables :data:`RESULTS`. ``connection``, ``tables``: those of the books.

    Raises:
        NothingToReconcile: no receipt is in the books.
        AccountsDoNotAddUp: two sums that must be one differ.
    """
    if not connection.execute("SELECT EXISTS (FROM receipts WHERE type IN (1, 2, 4))").fetchall()[0][0]:
        raise NothingToReconcile()
    absent = [name for name in _OPTIONAL if name not in tables]
    for name in absent:
        connection.execute(_empty(name))
    for statement in (*_STEPS, *_ACCOUNTS):
        connection.execute(statement)
    identities = require_identities(connection)
    result = _told(connection, identities, tuple(_OPTIONAL[name] for name in absent))
    for name in (*_GROUND, *absent):
        connection.execute(f"DROP TABLE {name}")
    return result


def _empty(name: str) -> str:
    columns = ", ".join(f"{column.name} {_TYPES.get(column.kind, 'BIGINT')}" for column in TABLES[name].columns)
    return f"CREATE TEMP TABLE {name} ({columns})"


_TOTALS = """
SELECT (SELECT sum(budget) FROM programme_accounts), sum(disbursed), sum(undelivered), sum(spent), sum(refunded),
    sum(hidden), sum(expired), sum(balance), sum(contradicted), sum(stranded),
    (SELECT sum(owed) FROM shop_accounts), (SELECT sum(withheld) FROM shop_accounts),
    (SELECT sum(disputed) FROM shop_accounts), sum(unplaced_least), sum(unplaced_most)
FROM programme_accounts
"""
_COUNTS = """
SELECT count(*), count(*) FILTER (WHERE state = 'whole'), count(*) FILTER (WHERE state = 'open'),
    count(*) FILTER (WHERE state = 'contradicts'),
    (SELECT count(*) FROM shop_accounts), (SELECT count(*) FROM shop_days),
    (SELECT count(*) FROM unplaced WHERE reason <> 'end'), (SELECT count(*) FROM unplaced WHERE reason = 'end'),
    (SELECT count(*) FROM claims)
FROM card_accounts
"""
_OVERDRAWN = "SELECT policy_id, kode_kecamatan, -unused FROM programme_accounts WHERE unused < 0 ORDER BY ALL"


def _told(connection: duckdb.DuckDBPyConnection, identities: int, remarks: tuple[Text, ...]) -> Reconciliation:
    (sums,) = connection.execute(_TOTALS).fetchall()
    (counts,) = connection.execute(_COUNTS).fetchall()
    ((first, newest),) = connection.execute("SELECT min(day), max(day) FROM steps").fetchall()
    budget, *others = sums
    return Reconciliation(
        Totals(budget, *(other or 0 for other in others)),
        *counts,
        identities,
        first,
        newest,
        tuple(connection.execute(_OVERDRAWN).fetchall()),
        remarks,
    )
