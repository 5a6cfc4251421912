# SPDX-License-Identifier: Apache-2.0
"""What a basket would cost at reference prices: pieces of questions for rules."""

from __future__ import annotations

from typing import Final

from ssn_card.protocol.errors import Text

#: CTEs: ``reference``, a price for each staple, kecamatan and day (its own before the city's); ``priced``, what a
#: basket was paid on a day in a kecamatan and what its lines would have cost, where all of them have a price.
PRICED: Final = """
sold AS (
    SELECT DISTINCT s.basket_id, s.day, p.kode_kecamatan
    FROM sales s JOIN shops p USING (id_ewarong) WHERE s.basket_id IS NOT NULL),
places AS (SELECT DISTINCT kode_kecamatan, day FROM sold),
reference AS (
    SELECT p.code, d.kode_kecamatan, d.day,
        coalesce(max(p.price_rp) FILTER (WHERE p.kode_kecamatan IS NOT NULL), max(p.price_rp)) AS price_rp
    FROM places d JOIN prices p
        ON d.day BETWEEN p.valid_from AND p.valid_until
        AND (p.kode_kecamatan IS NULL OR p.kode_kecamatan = d.kode_kecamatan)
    GROUP BY ALL),
priced AS (
    SELECT s.basket_id, s.day, s.kode_kecamatan, sum(l.amount) AS paid, sum(l.quantity * r.price_rp) AS worth,
        max(abs(ln(l.amount / (l.quantity * r.price_rp)))) AS farthest
    FROM sold s JOIN basket_lines l USING (basket_id)
        LEFT JOIN reference r ON r.code = l.code AND r.day = s.day AND r.kode_kecamatan = s.kode_kecamatan
    GROUP BY ALL HAVING count(*) = count(r.price_rp))
"""

#: Goods of which no reference price is known: the question, and what is said.
WITHOUT_PRICE: Final = (
    """
    WITH sold AS (
        SELECT l.code, s.day, p.kode_kecamatan, count(*) AS lines
        FROM sales s JOIN shops p USING (id_ewarong) JOIN basket_lines l USING (basket_id) GROUP BY ALL)
    SELECT code, min(day) AS first_on, max(day) AS last_on, CAST(sum(lines) AS BIGINT) AS lines FROM sold
    WHERE NOT EXISTS (
        FROM prices p WHERE p.code = sold.code AND sold.day BETWEEN p.valid_from AND p.valid_until
            AND (p.kode_kecamatan IS NULL OR p.kode_kecamatan = sold.kode_kecamatan))
    GROUP BY code ORDER BY code
    """,
    Text(
        "{lines} lines of {code} between {first_on} and {last_on} have no reference price.",
        "{lines} baris {code} antara {first_on} dan {last_on} tanpa harga acuan.",
    ),
)
