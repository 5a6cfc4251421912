# SPDX-License-Identifier: Apache-2.0
"""``reconcile``: the tables made in the books' connection, held against each other, and what they come to."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

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
    """What the accounts come to.

    Args:
        whole: cards of which every number up to the newest known is in hand.
        gaps, ends: places in which money cannot be placed; ``cancels_withheld``: gaps that hide a cancellation.
        claims: what offices say and receipts disprove.
        identities: sums that were added up on two ways.
        spendable_until: last day on which anything that is left can be spent, where the register says so.
        first, newest: days of which receipts speak.
        overdrawn: (policy, kecamatan, rupiah) where more was disbursed than the budget has.
        remarks: what could not be held against anything, and why.
    """

    totals: Totals
    cards: int
    whole: int
    open: int
    contradicting: int
    shops: int
    days: int
    gaps: int
    ends: int
    cancels_withheld: int
    claims: int
    identities: int
    spendable_until: date | None
    first: date
    newest: date
    overdrawn: tuple[tuple[int | None, str | None, int], ...]
    remarks: tuple[Text, ...]

    @property
    def found(self) -> int:
        """How much is not as it should be. Gaps are no fault by themselves: another shop may hold the receipts."""
        return self.contradicting + self.claims + self.cancels_withheld + len(self.overdrawn)


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


#: Columns that are summed up, by table; their names are those of :class:`Totals`.
_SUMMED: Final = {
    "programme_accounts": (
        *("disbursed", "undelivered", "spent", "refunded", "hidden", "expired", "balance", "contradicted"),
        *("stranded", "unplaced_least", "unplaced_most"),
    ),
    "shop_accounts": ("owed", "withheld", "disputed"),
}
_COUNTS = """
SELECT count(*) AS cards, count(*) FILTER (WHERE state = 'whole') AS whole,
    count(*) FILTER (WHERE state = 'open') AS open, count(*) FILTER (WHERE state = 'contradicts') AS contradicting,
    (SELECT count(*) FROM shop_accounts) AS shops, (SELECT count(*) FROM shop_days) AS days,
    (SELECT count(*) FROM unplaced WHERE reason <> 'end') AS gaps,
    (SELECT count(*) FROM unplaced WHERE reason = 'end') AS ends,
    (SELECT count(*) FROM unplaced WHERE reason = 'cancel-withheld') AS cancels_withheld,
    (SELECT count(*) FROM claims) AS claims,
    (SELECT max(spendable_until) FROM programme_accounts) AS spendable_until,
    (SELECT min(day) FROM steps) AS first, (SELECT max(day) FROM steps) AS newest
FROM card_accounts
"""
_OVERDRAWN = "SELECT policy_id, kode_kecamatan, -unused FROM programme_accounts WHERE unused < 0 ORDER BY ALL"


def _told(connection: duckdb.DuckDBPyConnection, identities: int, remarks: tuple[Text, ...]) -> Reconciliation:
    sums: dict[str, Any] = {}
    for table, columns in _SUMMED.items():
        summed = connection.table(table).aggregate(", ".join(f"CAST(sum({one}) AS BIGINT)" for one in columns))
        sums |= {name: value or 0 for name, value in zip(columns, summed.fetchall()[0], strict=True)}
    ((sums["budget"],),) = connection.execute("SELECT CAST(sum(budget) AS BIGINT) FROM programme_accounts").fetchall()
    counted = connection.sql(_COUNTS)
    figures: dict[str, Any] = dict(zip(counted.columns, counted.fetchall()[0], strict=True))
    return Reconciliation(
        totals=Totals(**sums),
        identities=identities,
        overdrawn=tuple(connection.execute(_OVERDRAWN).fetchall()),
        remarks=remarks,
        **figures,
    )
