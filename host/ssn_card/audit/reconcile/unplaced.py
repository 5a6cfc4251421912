# SPDX-License-Identifier: Apache-2.0
"""Money that no receipt in hand places: in which shop, on which day. Never shared out, only bounded.

``gap``
    Between two receipts in hand both ends say what was ever spent, so the sum is exact: least and most are one.
``cancel-withheld``
    A gap in which less than nothing was spent: it holds the cancellation of the debit before it. The shop of that debit
    gave the money back and did not hand in the receipt.
``end``
    The card has stated a newer receipt than the newest in hand, to a terminal (statuses) or as a tip. What it had left
    then bounds the sum; without that, all that it had or could have been given does.

A gap is part of what a card's receipts add up to; an end is not: its money is among what they show as left.
"""

from __future__ import annotations

from typing import Final

GAPS: Final = """
CREATE TABLE unplaced AS
SELECT serial, before_seq + 1 AS first_seq, seq - 1 AS last_seq, hidden AS least, hidden AS most,
    CASE WHEN hidden < 0 THEN 'cancel-withheld' ELSE 'gap' END AS reason,
    CASE WHEN hidden < 0 THEN before_shop END AS id_ewarong, CASE WHEN hidden < 0 THEN before_amount END AS withheld,
    before_day AS since, day AS until
FROM steps ANTI JOIN contradictions USING (serial)
WHERE seq > before_seq + 1;
"""

#: The newest number that each card has stated; the balance with it, where a status said so.
STATED: Final = """
CREATE TEMP TABLE readings AS
SELECT serial, seq, arg_max(balance, read_at) AS balance, max(read_at) AS read_at
FROM statuses GROUP BY serial, seq
QUALIFY row_number() OVER (PARTITION BY serial ORDER BY seq DESC) = 1;

CREATE TEMP TABLE stated AS
WITH named AS (
    SELECT serial, max(seq + receipts - 1) AS seq FROM problems
    WHERE problem = 'missing' AND line = 0 AND serial IS NOT NULL GROUP BY serial
)
SELECT serial, greatest(coalesce(r.seq, 0), coalesce(n.seq, 0)) AS seq, CAST(r.read_at AS DATE) AS until,
    CASE WHEN r.seq >= coalesce(n.seq, 0) THEN r.balance END AS balance
FROM readings r FULL JOIN named n USING (serial);
"""

#: Of each card with or without receipts: what it had at its newest, and what it could have been given since.
OUTLOOK: Final = """
CREATE TEMP TABLE outlook AS
WITH tip AS (
    SELECT t.serial, t.seq, t.day, t.net, t.balance, t.refundable, s.update_seq, s.loaded_total, s.withdrawn_total
    FROM tips t JOIN spells s USING (serial, update_seq)
), holders AS (
    SELECT serial FROM cards UNION SELECT serial FROM updates UNION SELECT serial FROM tips
    EXCEPT SELECT serial FROM contradictions
), known AS (
    SELECT serial, coalesce(seq, 0) AS seq, day, coalesce(net, 0) AS net, coalesce(balance, 0) AS balance,
        coalesce(refundable, 0) AS refundable, coalesce(update_seq, 0) AS update_seq,
        coalesce(loaded_total, 0) AS loaded_total, coalesce(withdrawn_total, 0) AS withdrawn_total
    FROM holders LEFT JOIN tip USING (serial)
), later AS (
    SELECT serial, max(e.loaded_total) AS loaded_total,
        min(e.loaded_total - greatest(k.withdrawn_total, e.expired_total - k.net + k.refundable)) AS granted_least
    FROM known k JOIN entitlements e USING (serial) WHERE e.update_seq > k.update_seq GROUP BY serial
)
SELECT k.*, greatest(k.loaded_total, l.loaded_total) AS issued_total,
    least(k.balance, l.granted_least - k.net) AS left_least,
    greatest(k.loaded_total, l.loaded_total) - k.withdrawn_total - k.net AS left_most
FROM known k LEFT JOIN later l USING (serial);
"""

ENDS: Final = """
INSERT INTO unplaced
SELECT o.serial, o.seq + 1, s.seq,
    greatest(-o.refundable, CASE WHEN s.balance IS NULL THEN -o.refundable ELSE o.left_least - s.balance END),
    greatest(-o.refundable, o.left_most - coalesce(s.balance, 0)), 'end', NULL, NULL, o.day, s.until
FROM stated s JOIN outlook o USING (serial)
WHERE s.seq > o.seq;
"""
