# SPDX-License-Identifier: Apache-2.0
"""What goods would cost at reference prices."""

from __future__ import annotations

from typing import Final

from ssn_card.protocol.errors import Text

from .rule import Prepared

#: The price of each staple, in each kecamatan with a shop, on each day: its own before the city's.
REFERENCE: Final = Prepared(
    "reference",
    """
    WITH places AS (SELECT DISTINCT s.day, p.kode_kecamatan FROM sales s JOIN shops p USING (id_ewarong))
    SELECT p.code, d.kode_kecamatan, d.day,
        coalesce(max(p.price_rp) FILTER (WHERE p.kode_kecamatan IS NOT NULL), max(p.price_rp)) AS price_rp
    FROM places d JOIN prices p
        ON d.day BETWEEN p.valid_from AND p.valid_until
        AND (p.kode_kecamatan IS NULL OR p.kode_kecamatan = d.kode_kecamatan)
    GROUP BY ALL
    """,
)
#: Sales with what was paid for the basket, what its lines would have cost, and how far (as a logarithm) the price of
#: one of them is at most from its reference. Of baskets without a price for each line there is none.
PRICED: Final = Prepared(
    "priced",
    """
    WITH alike AS (SELECT DISTINCT basket_id, day, kode_kecamatan FROM sales_there),
    worth AS (
        SELECT a.basket_id, a.day, a.kode_kecamatan, CAST(sum(l.amount) AS BIGINT) AS paid,
            CAST(sum(l.quantity * r.price_rp) AS BIGINT) AS worth,
            max(abs(ln(l.amount / (l.quantity * r.price_rp)))) AS farthest
        FROM alike a JOIN basket_lines l USING (basket_id)
            LEFT JOIN reference r ON r.code = l.code AND r.day = a.day AND r.kode_kecamatan = a.kode_kecamatan
        GROUP BY ALL HAVING count(*) = count(r.price_rp))
    SELECT t.id_ewarong, t.serial, t.seq, t.day, t.amount, paid, worth, farthest
    FROM sales_there t JOIN worth USING (basket_id, day, kode_kecamatan)
    """.replace(
        "sales_there",
        "(SELECT s.*, p.kode_kecamatan FROM (SELECT * EXCLUDE (kode_kecamatan) FROM sales) s "
        "JOIN shops p USING (id_ewarong) WHERE basket_id IS NOT NULL)",
    ),
)

#: Goods of which no reference price is known: the question, and what is said.
WITHOUT_PRICE: Final = (
    """
    WITH sold AS (
        SELECT s.basket_id, s.day, p.kode_kecamatan, count(*) AS times
        FROM sales s JOIN shops p USING (id_ewarong) GROUP BY ALL)
    SELECT l.code, min(sold.day) AS first_on, max(sold.day) AS last_on, CAST(sum(times) AS BIGINT) AS lines
    FROM sold JOIN basket_lines l USING (basket_id)
        ANTI JOIN reference r ON r.code = l.code AND r.day = sold.day AND r.kode_kecamatan = sold.kode_kecamatan
    GROUP BY l.code ORDER BY l.code
    """,
    Text(
        "{lines} lines of {code} between {first_on} and {last_on} have no reference price.",
        "{lines} baris {code} antara {first_on} dan {last_on} tanpa harga acuan.",
    ),
)
