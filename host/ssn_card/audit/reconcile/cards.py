# SPDX-License-Identifier: Apache-2.0
"""The account of each card.

``loaded`` is what its receipts show as loaded, ``undelivered`` what was issued beyond that. For every card whose
receipts do not contradict each other, to the rupiah::

    loaded = spent - refunded + hidden + withdrawn + balance

where ``hidden`` is what lies in its gaps. ``unplaced_least`` and ``unplaced_most`` bound gaps and end together.
``balance`` is what it had behind its newest receipt in hand, on ``known_on``. What has been spent since, in receipts
that nobody has told of too, lies between ``beyond_least`` and ``beyond_most``: no receipt speaks of those that follow.
``spendable_until`` is the last day on which the card lets its balance be spent, as the register says of the update in
force: behind it the money has expired, though receipts show it as withdrawn only when an update has taken it.
"""

from __future__ import annotations

from typing import Final

CARD_ACCOUNTS: Final = """
CREATE TABLE card_accounts AS
WITH lived AS (
    SELECT serial, CAST(sum(spent) AS BIGINT) AS spent, CAST(sum(refunded) AS BIGINT) AS refunded,
        CAST(sum(hidden) AS BIGINT) AS hidden, CAST(sum(withdrawn) AS BIGINT) AS withdrawn
    FROM spells GROUP BY serial
), bounds AS (
    SELECT serial, CAST(sum(least) AS BIGINT) AS least, CAST(sum(most) AS BIGINT) AS most
    FROM unplaced GROUP BY serial
), regular AS (
    SELECT serial, o.loaded_total AS loaded, coalesce(l.spent, 0) AS spent, coalesce(l.refunded, 0) AS refunded,
        coalesce(l.hidden, 0) AS hidden, coalesce(l.withdrawn, 0) AS withdrawn, o.balance,
        greatest(o.issued_total - o.loaded_total, 0) AS undelivered, coalesce(b.least, 0) AS unplaced_least,
        coalesce(b.most, 0) AS unplaced_most, -o.refundable AS beyond_least, o.left_most AS beyond_most, o.update_seq,
        CASE WHEN b.serial IS NULL THEN 'whole' ELSE 'open' END AS state, o.day AS known_on
    FROM outlook o LEFT JOIN lived l USING (serial) LEFT JOIN bounds b USING (serial)
), contradicting AS (
    SELECT c.serial,
        CAST(coalesce(max(e.loaded_total) FILTER (WHERE e.update_seq <= s.update_seq), 0) AS BIGINT) AS loaded,
        any_value(s.spent) AS spent, any_value(s.refunded) AS refunded, any_value(s.day) AS known_on,
        coalesce(max(e.loaded_total), 0) AS issued
    FROM contradictions c
    LEFT JOIN (
        SELECT serial, CAST(coalesce(sum(moved) FILTER (WHERE type = 1), 0) AS BIGINT) AS spent,
            CAST(coalesce(-sum(moved) FILTER (WHERE type = 2), 0) AS BIGINT) AS refunded,
            max(update_seq) AS update_seq, max(day) AS day
        FROM steps SEMI JOIN contradictions USING (serial) GROUP BY serial
    ) s USING (serial)
    LEFT JOIN entitlements e USING (serial)
    GROUP BY c.serial
)
SELECT a.serial, c.family, c.kode_kecamatan, c.blocked_on IS NOT NULL AS blocked, a.loaded, a.spent, a.refunded,
    a.hidden, a.withdrawn, a.balance, a.undelivered,
    r.balance AS read_balance, r.balance - s.balance_after AS difference,
    a.unplaced_least, a.unplaced_most, a.beyond_least, a.beyond_most, a.state, a.known_on,
    u.valid_until AS spendable_until
FROM (
    FROM regular UNION ALL BY NAME
    SELECT serial, loaded, spent, refunded, greatest(issued - loaded, 0) AS undelivered, known_on,
        'contradicts' AS state
    FROM contradicting
) a
LEFT JOIN cards c USING (serial)
LEFT JOIN readings r USING (serial)
LEFT JOIN updates u ON u.serial = a.serial AND u.update_seq = a.update_seq
LEFT JOIN steps s ON s.serial = a.serial AND s.seq = r.seq AND a.state <> 'contradicts';
"""

#: What offices say and receipts disprove: told, and changes no account. ``stated``, ``proven``: rupiah.
CLAIMS: Final = """
CREATE TABLE claims AS
SELECT t.serial, t.seq, 'status-differs' AS reason, t.balance AS stated, s.balance_after AS proven
FROM statuses t JOIN steps s ON s.serial = t.serial AND s.seq = t.seq
ANTI JOIN contradictions c ON c.serial = t.serial
WHERE t.balance <> s.balance_after
UNION
SELECT o.serial, s.seq, 'status-impossible', s.balance, o.left_most + o.refundable
FROM stated s JOIN outlook o USING (serial) WHERE s.seq > o.seq AND s.balance > o.left_most + o.refundable
UNION
SELECT serial, update_seq, 'register-differs', register_loaded, loaded_total FROM entitlements
WHERE proven AND registered AND register_loaded <> loaded_total
UNION
SELECT serial, update_seq, 'register-differs', register_expired, expired_total FROM entitlements
WHERE proven AND registered AND register_loaded = loaded_total AND register_expired <> expired_total
UNION
SELECT serial, update_seq, 'update-not-registered', NULL, loaded_total FROM spells
ANTI JOIN updates USING (serial, update_seq) WHERE update_seq > 0
UNION
SELECT serial, update_seq, 'update-unknown', said, withdrawn_total FROM spells
WHERE said <> withdrawn_total
UNION
SELECT serial, max(seq), 'card-not-listed', NULL, NULL FROM steps ANTI JOIN cards USING (serial) GROUP BY serial;
"""
