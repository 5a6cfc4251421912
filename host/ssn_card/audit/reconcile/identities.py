# SPDX-License-Identifier: Apache-2.0
"""Sums that must be one: each is added up on two ways, and a difference ends the reconciliation."""

from __future__ import annotations

from typing import Final, NamedTuple

import duckdb

from ssn_card.protocol.errors import Text

from .errors import AccountsDoNotAddUp


class Equality(NamedTuple):
    """``query``: rows of (whose, left, right) that differ, the first to be told."""

    text: Text
    query: str


_DIFFERING: Final = "SELECT who, l, r FROM ({}) WHERE l IS DISTINCT FROM r ORDER BY who LIMIT 1"
IDENTITIES: Final = (
    Equality(
        Text(
            "loaded on a card = spent - refunded + hidden in gaps + withdrawn + balance",
            "dana masuk kartu = belanja - batal + dalam celah + hangus + sisa",
        ),
        "SELECT serial AS who, loaded AS l, spent - refunded + hidden + withdrawn + balance AS r FROM card_accounts "
        "WHERE state <> 'contradicts'",
    ),
    Equality(
        Text("hidden in a card's gaps = its gaps listed", "dana dalam celah kartu = celah kartu yang didaftar"),
        "SELECT a.serial AS who, any_value(a.hidden) AS l, CAST(coalesce(sum(u.least), 0) AS BIGINT) AS r "
        "FROM card_accounts a LEFT JOIN unplaced u ON u.serial = a.serial AND u.reason <> 'end' "
        "WHERE a.state <> 'contradicts' GROUP BY a.serial",
    ),
    Equality(
        Text("owed to a shop = debits - cancellations", "hak toko = debit - batal"),
        "SELECT id_ewarong AS who, owed AS l, debited - cancelled AS r FROM shop_accounts",
    ),
    Equality(
        Text("owed to all shops = all debits - all cancellations", "hak semua toko = semua debit - semua batal"),
        "SELECT '-' AS who, (SELECT coalesce(sum(owed), 0) FROM shop_accounts) AS l, "
        "(SELECT coalesce(sum(CASE type WHEN 1 THEN amount WHEN 2 THEN -amount ELSE 0 END), 0) FROM receipts) AS r",
    ),
    Equality(
        Text("owed to all shops = spent - refunded of all cards", "hak semua toko = belanja - batal semua kartu"),
        "SELECT '-' AS who, (SELECT coalesce(sum(owed), 0) FROM shop_accounts) AS l, "
        "(SELECT coalesce(sum(spent - refunded), 0) FROM card_accounts) AS r",
    ),
    Equality(
        Text(
            "carried in + disbursed = spent - refunded + hidden + expired + balance + carried out + contradicted",
            "saldo awal + disalurkan = belanja - batal + dalam celah + hangus + sisa + dialihkan + bertentangan",
        ),
        "SELECT concat_ws(' ', policy_id, kode_kecamatan) AS who, carried_in + disbursed AS l, spent - refunded "
        "+ hidden + expired + balance + carried_out + contradicted AS r FROM programme_accounts",
    ),
    Equality(
        Text("disbursed by kecamatan = loaded on all cards", "disalurkan per kecamatan = dana masuk semua kartu"),
        "SELECT '-' AS who, (SELECT coalesce(sum(disbursed), 0) FROM programme_accounts) AS l, "
        "(SELECT coalesce(sum(loaded), 0) FROM card_accounts) AS r",
    ),
    Equality(
        Text("spent by kecamatan = owed to all shops", "belanja per kecamatan = hak semua toko"),
        "SELECT '-' AS who, (SELECT coalesce(sum(spent - refunded), 0) FROM programme_accounts) AS l, "
        "(SELECT coalesce(sum(owed), 0) FROM shop_accounts) AS r",
    ),
    Equality(
        Text("carried out = carried in", "saldo dialihkan = saldo awal"),
        "SELECT '-' AS who, sum(carried_in) AS l, sum(carried_out) AS r FROM programme_accounts",
    ),
)


def require_identities(connection: duckdb.DuckDBPyConnection) -> int:
    """How many hold, which is all. Raises :class:`AccountsDoNotAddUp` for the first that does not."""
    for identity in IDENTITIES:
        for who, left, right in connection.execute(_DIFFERING.format(identity.query)).fetchall():
            raise AccountsDoNotAddUp(str(who), identity.text, left, right)
    return len(IDENTITIES)
