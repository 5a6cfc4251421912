# SPDX-License-Identifier: Apache-2.0
"""What shops have left of each staple from day to day, by invoices and baskets: pieces of questions for rules."""

from __future__ import annotations

from typing import Final

from ssn_card.protocol.errors import Text

#: CTEs: ``sold`` by shop, staple and day; ``stock``, whose ``left_over`` is what was bought until the end of a day
#: less what was sold, ``owed`` what is short of it at the very end, and ``daily`` sold on the average day.
STOCK: Final = """
sold AS (
    SELECT id_ewarong, code, day, sum(quantity * times) AS quantity
    FROM (SELECT id_ewarong, day, basket_id, count(*) AS times FROM sales WHERE basket_id IS NOT NULL GROUP BY ALL)
        JOIN basket_lines USING (basket_id)
    GROUP BY ALL),
moved AS (
    SELECT id_ewarong, code, day, sum(moved) AS moved, sum(out) AS out FROM (
        SELECT id_ewarong, code, day, -quantity AS moved, quantity AS out FROM sold UNION ALL
        SELECT id_ewarong, code, bought_on, CAST(quantity AS DOUBLE), 0 FROM invoices)
    GROUP BY ALL),
span AS (SELECT date_diff('day', min(day), max(day)) + 1 AS days FROM sales),
stock AS (
    SELECT id_ewarong, code, day, CAST(sum(moved) OVER upto AS DOUBLE) AS left_over,
        greatest(0.0, -CAST(sum(moved) OVER whole AS DOUBLE)) AS owed,
        CAST(sum(out) OVER whole AS DOUBLE) / days AS daily
    FROM moved, span
    WINDOW upto AS (PARTITION BY id_ewarong, code ORDER BY day), whole AS (PARTITION BY id_ewarong, code))
"""

#: What rules that look into baskets cannot see: the question, and what is said.
WITHOUT_BASKET: Final = (
    "SELECT count(*) AS sales, sum(amount) AS amount_rp FROM sales WHERE basket_id IS NULL HAVING count(*) > 0",
    Text(
        "{sales} sales over {amount_rp} have no basket that fits; what was bought there is not known.",
        "{sales} penjualan senilai {amount_rp} tanpa keranjang yang cocok; barangnya tidak diketahui.",
    ),
)
