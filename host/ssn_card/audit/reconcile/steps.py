# SPDX-License-Identifier: Apache-2.0
"""The ground of all accounts: each genuine receipt beside the one before it in hand, and what updates have set.

``steps``
    A row a receipt. ``net``: rupiah ever spent and not given back, up to it, which every receipt states as granted less
    balance; ``moved``: what it adds to that; ``hidden``: what receipts that are not in hand have added between the one
    before and this one. Exact, whatever those were.

``doubted``
    Where receipts of a card contradict each other. Such a card has no account, and its money is listed.

``entitlements``
    What each update has set: as its receipt says, else as the register of the bank does (``proven`` tells).
"""

from __future__ import annotations

from typing import Final

STEPS: Final = """
CREATE TABLE steps AS
SELECT *, CASE WHEN seq > before_seq + 1 THEN net - moved - before_net ELSE 0 END AS hidden,
    CASE before_type WHEN 1 THEN before_amount ELSE 0 END AS refundable
FROM (
    SELECT serial, CAST(seq AS BIGINT) AS seq, type, coalesce(day, issued_on) AS day, id_ewarong, amount,
        CAST(update_seq AS BIGINT) AS update_seq, balance_after, granted_total, granted_total - balance_after AS net,
        CASE type WHEN 1 THEN amount WHEN 2 THEN -amount ELSE 0 END AS moved,
        CAST(lag(seq, 1, 0) OVER card AS BIGINT) AS before_seq,
        lag(type) OVER card AS before_type,
        lag(amount) OVER card AS before_amount,
        lag(granted_total - balance_after, 1, 0) OVER card AS before_net,
        lag(id_ewarong) OVER card AS before_shop,
        lag(coalesce(day, issued_on)) OVER card AS before_day,
        lead(seq) OVER card IS NULL AS newest
    FROM receipts
    WINDOW card AS (PARTITION BY serial ORDER BY seq)
);
"""

#: A cancellation gives back no more than the debit before it took, so less than that cannot have been spent.
DOUBTED: Final = """
CREATE TEMP TABLE doubted AS
SELECT serial, seq, 'twins' AS reason FROM steps WHERE seq = before_seq
UNION
SELECT serial, seq, 'sums' FROM steps WHERE seq = before_seq + 1 AND net - moved <> before_net
UNION
SELECT serial, seq, 'sums' FROM steps WHERE seq > before_seq + 1 AND hidden < -refundable
UNION
SELECT serial, seq, replace(problem, '_', '-') FROM problems
WHERE problem IN ('broken_chain', 'wrong_arithmetic') AND serial IS NOT NULL AND seq IS NOT NULL;

CREATE TABLE contradictions AS
WITH first AS (
    SELECT serial, min(seq) AS seq, string_agg(DISTINCT reason, ';' ORDER BY reason) AS reasons
    FROM doubted GROUP BY serial
)
SELECT f.serial, f.seq, f.reasons, count(s.seq) AS receipts,
    CAST(coalesce(sum(s.moved) FILTER (WHERE s.type = 1), 0) AS BIGINT) AS debited,
    CAST(coalesce(-sum(s.moved) FILTER (WHERE s.type = 2), 0) AS BIGINT) AS cancelled,
    min(s.net) AS stated_least, max(s.net) AS stated_most
FROM first f LEFT JOIN steps s ON s.serial = f.serial AND s.seq >= f.seq
GROUP BY ALL;
"""

ENTITLEMENTS: Final = """
CREATE TABLE entitlements AS
SELECT serial, update_seq, coalesce(r.loaded_total, u.loaded_total) AS loaded_total,
    coalesce(r.expired_total, u.expired_total) AS expired_total, coalesce(r.policy_id, u.policy_id) AS policy_id,
    r.serial IS NOT NULL AS proven, u.loaded_total AS register_loaded, u.expired_total AS register_expired,
    u.serial IS NOT NULL AS registered
FROM (
    SELECT serial, update_seq, min(loaded_total) AS loaded_total, min(expired_total) AS expired_total,
        min(policy_id) AS policy_id
    FROM loads GROUP BY ALL
) r FULL JOIN updates u USING (serial, update_seq);
"""
