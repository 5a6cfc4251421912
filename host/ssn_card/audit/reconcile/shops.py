# SPDX-License-Identifier: Apache-2.0
"""What each shop is owed: its debits less what was cancelled of them, and nothing else ("tanpa potongan").

A cancellation counts on its own day, for the shop of the debit that it takes back. ``withheld`` are debits of which a
receipt that was not handed in proves that they were taken back: they are still in ``owed``, since that comes from
receipts in hand alone. ``disputed`` is what of ``owed`` comes from cards whose receipts contradict each other.
"""

from __future__ import annotations

from typing import Final

SHOP_DAYS: Final = """
CREATE TABLE movements AS
SELECT day, type, moved, serial,
    CASE WHEN type = 2 AND before_type = 1 AND before_seq = seq - 1 THEN before_shop ELSE id_ewarong END AS id_ewarong
FROM steps WHERE type IN (1, 2);

CREATE TABLE shop_days AS
SELECT id_ewarong, day, count(*) FILTER (WHERE type = 1) AS debits,
    CAST(coalesce(sum(moved) FILTER (WHERE type = 1), 0) AS BIGINT) AS debited,
    count(*) FILTER (WHERE type = 2) AS cancels,
    CAST(coalesce(-sum(moved) FILTER (WHERE type = 2), 0) AS BIGINT) AS cancelled,
    CAST(sum(moved) AS BIGINT) AS owed
FROM movements GROUP BY ALL ORDER BY ALL;
"""

SHOP_ACCOUNTS: Final = """
CREATE TABLE shop_accounts AS
WITH days AS (
    SELECT id_ewarong, CAST(sum(debits) AS BIGINT) AS debits, CAST(sum(debited) AS BIGINT) AS debited,
        CAST(sum(cancels) AS BIGINT) AS cancels, CAST(sum(cancelled) AS BIGINT) AS cancelled,
        CAST(sum(owed) AS BIGINT) AS owed, min(day) AS first_on, max(day) AS last_on
    FROM shop_days GROUP BY id_ewarong
), withheld AS (
    SELECT id_ewarong, CAST(sum(withheld) AS BIGINT) AS withheld FROM unplaced WHERE withheld > 0 GROUP BY id_ewarong
), disputed AS (
    SELECT id_ewarong, CAST(sum(moved) AS BIGINT) AS disputed FROM movements SEMI JOIN contradictions USING (serial)
    GROUP BY id_ewarong
)
SELECT id_ewarong, s.nama, s.kode_kecamatan, s.kecamatan, s.id_ewarong IS NOT NULL AS listed,
    coalesce(d.debits, 0) AS debits, coalesce(d.debited, 0) AS debited, coalesce(d.cancels, 0) AS cancels,
    coalesce(d.cancelled, 0) AS cancelled, coalesce(d.owed, 0) AS owed, coalesce(w.withheld, 0) AS withheld,
    coalesce(x.disputed, 0) AS disputed, d.first_on, d.last_on
FROM shops s FULL JOIN days d USING (id_ewarong)
LEFT JOIN withheld w USING (id_ewarong) LEFT JOIN disputed x USING (id_ewarong)
ORDER BY id_ewarong;
"""
