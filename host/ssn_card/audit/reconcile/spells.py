# SPDX-License-Identifier: Apache-2.0
"""A card's life in spells, one for each entitlement in force, and what was loaded, spent and withdrawn in each.

What lies in a gap counts for the entitlement in force behind it. Withdrawn is what was loaded less what is granted.
Where the receipt of an update is not in hand, what it loaded is the register's word, as far as receipts allow it:
withdrawn never shrinks, and lies between what receipts prove before and behind.
"""

from __future__ import annotations

from typing import Final

SPELLS: Final = """
CREATE TABLE spells AS
WITH lived AS (
    SELECT serial, update_seq, max(seq) AS seq, arg_max(balance_after, seq) AS balance,
        arg_max(granted_total, seq) AS granted,
        CAST(coalesce(sum(moved) FILTER (WHERE type = 1), 0) AS BIGINT) AS spent,
        CAST(coalesce(-sum(moved) FILTER (WHERE type = 2), 0) AS BIGINT) AS refunded,
        CAST(sum(hidden) AS BIGINT) AS hidden
    FROM steps ANTI JOIN contradictions USING (serial)
    GROUP BY serial, update_seq
), told AS (
    SELECT l.*, e.policy_id, coalesce(e.proven, l.update_seq = 0) AS proven,
        CASE WHEN l.update_seq = 0 THEN 0 ELSE e.loaded_total - l.granted END AS said
    FROM lived l LEFT JOIN entitlements e USING (serial, update_seq)
), bounded AS (
    SELECT *, coalesce(max(said) FILTER (WHERE proven) OVER earlier, 0) AS floor,
        min(said) FILTER (WHERE proven) OVER later AS ceiling
    FROM told
    WINDOW earlier AS (PARTITION BY serial ORDER BY update_seq ROWS UNBOUNDED PRECEDING),
        later AS (PARTITION BY serial ORDER BY update_seq ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING)
), settled AS (
    SELECT * EXCLUDE (floor, ceiling),
        CASE WHEN proven THEN said ELSE least(greatest(said, floor), ceiling) END AS withdrawn_total
    FROM bounded
)
SELECT serial, update_seq, seq, balance, spent, refunded, hidden, said, withdrawn_total,
    granted + withdrawn_total AS loaded_total,
    last_value(policy_id IGNORE NULLS) OVER card AS policy_id,
    granted + withdrawn_total - lag(granted + withdrawn_total, 1, 0) OVER card AS loaded,
    withdrawn_total - lag(withdrawn_total, 1, 0) OVER card AS withdrawn,
    lag(balance, 1, 0) OVER card AS before
FROM settled
WINDOW card AS (PARTITION BY serial ORDER BY update_seq ROWS UNBOUNDED PRECEDING);
"""

#: Where each card's receipts in hand end; ``refundable``: what the next could have given back.
TIPS: Final = """
CREATE TEMP TABLE tips AS
SELECT serial, seq, day, net, update_seq, balance_after AS balance,
    CASE type WHEN 1 THEN amount ELSE 0 END AS refundable
FROM steps ANTI JOIN contradictions USING (serial)
WHERE newest;
"""
