# SPDX-License-Identifier: Apache-2.0
"""What shops have left of each staple from day to day, by invoices and baskets."""

from __future__ import annotations

from typing import Final

from ssn_card.protocol.errors import Text

from .rule import Prepared

#: ``bought`` and ``out``: of the day; ``left_over``: what was bought until the end of a day less what was sold, and
#: less what of it leaves the shelf otherwise; ``gone``: sold until then; ``owed``: what is short at the very end;
#: ``sold``: in all; ``daily``: on the average day.
#:
#: Every shop buys more than it sells to cards: some spoils, some is eaten, some is sold for money. Were that taken for
#: stock, it would grow all year, and hide that goods came after they were sold. So as much of each purchase as is usual
#: among peers is taken off, and no more than the shop has over itself.
STOCK: Final = Prepared(
    "stock",
    """
    WITH sold AS (
        SELECT id_ewarong, code, day, sum(quantity * times) AS quantity
        FROM (SELECT id_ewarong, day, basket_id, count(*) AS times FROM sales WHERE basket_id IS NOT NULL GROUP BY ALL)
            JOIN basket_lines USING (basket_id)
        GROUP BY ALL),
    moved AS (
        SELECT id_ewarong, code, day, CAST(sum(bought) AS DOUBLE) AS bought, CAST(sum(out) AS DOUBLE) AS out
        FROM (
            SELECT id_ewarong, code, day, 0 AS bought, quantity AS out FROM sold UNION ALL
            SELECT id_ewarong, code, bought_on, quantity, 0 FROM invoices)
        GROUP BY ALL),
    span AS (SELECT date_diff('day', min(day), max(day)) + 1 AS days FROM sales),
    totals AS (
        SELECT id_ewarong, code, greatest(0.0, sum(out) - sum(bought)) AS owed, sum(out) AS sold,
            sum(bought) / nullif(sum(out), 0) AS part, sum(out) / any_value(days) AS daily
        FROM moved, span GROUP BY id_ewarong, code),
    usual AS (SELECT code, median(part) AS usually FROM totals GROUP BY code)
    SELECT id_ewarong, code, day, bought, out, owed, sold, daily,
        sum(bought / greatest(1, least(part, usually)) - out) OVER until_then AS left_over,
        sum(out) OVER until_then AS gone
    FROM moved JOIN totals USING (id_ewarong, code) JOIN usual USING (code)
    WINDOW until_then AS (PARTITION BY id_ewarong, code ORDER BY day)
    """,
)

#: What a household of the village may produce itself, so that no invoice tells of it: eggs and meat of its own hens.
HOMEMADE: Final = "AYAM TELUR"

#: The same, and rice of its own field, which is sold in ordinary baskets like any other.
HOMEGROWN: Final = f"BERAS {HOMEMADE}"

#: What rules that look into baskets cannot see: the question, and what is said.
WITHOUT_BASKET: Final = (
    "SELECT count(*) AS sales, sum(amount) AS amount_rp FROM sales WHERE basket_id IS NULL HAVING count(*) > 0",
    Text(
        "{sales} sales over {amount_rp} have no basket that fits; what was bought there is not known.",
        "{sales} penjualan senilai {amount_rp} tanpa keranjang yang cocok; barangnya tidak diketahui.",
    ),
)
