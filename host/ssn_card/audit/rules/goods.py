# SPDX-License-Identifier: Apache-2.0
"""How much of a staple people buy at once, and which baskets hold the same goods."""

from __future__ import annotations

from typing import Final

from .rule import Prepared

#: Of each basket, a number that all have which hold as much of the same goods, at whatever price; and these in words.
COMPOSED: Final = Prepared(
    "composed",
    """
    SELECT basket_id, CAST(dense_rank() OVER (ORDER BY words) AS INTEGER) AS goods, words FROM (
        SELECT basket_id, string_agg(quantity || ' ' || code, ', ' ORDER BY code, quantity) AS words
        FROM basket_lines GROUP BY basket_id)
    """,
)

#: The same, and the share of all sales that hold it.
POPULAR_GOODS: Final = Prepared(
    "popular_goods",
    """
    WITH times AS (SELECT basket_id, count(*) AS times FROM sales WHERE basket_id IS NOT NULL GROUP BY basket_id)
    SELECT basket_id, goods, sum(times) OVER (PARTITION BY goods) / sum(times) OVER () AS popular
    FROM composed JOIN times USING (basket_id)
    """,
)


def plausible(share: str = "$quantile") -> str:
    """Begins a question: ``plausible`` (code, most) is the most of a staple that such a share of its lines keep to."""
    return f"""
        WITH used AS (SELECT basket_id, count(*) AS times FROM sales WHERE basket_id IS NOT NULL GROUP BY ALL),
        much AS (
            SELECT code, quantity, sum(sum(times)) OVER (PARTITION BY code ORDER BY quantity) AS upto,
                sum(sum(times)) OVER (PARTITION BY code) AS whole
            FROM basket_lines JOIN used USING (basket_id) GROUP BY code, quantity),
        plausible AS (SELECT code, min(quantity) AS most FROM much WHERE upto >= {share} * whole GROUP BY code)"""
