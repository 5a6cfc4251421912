# SPDX-License-Identifier: Apache-2.0
"""A9: one and the same basket for nearly everybody at a shop: a forced bundle.

The programme's packages are bought everywhere, so what counts is how much more often a shop sells a composition than
its peers sell that one; and where most shops sell it, its families may well want it, so more of it is usual, and it
counts less. Prices do not matter here: a bundle whose price changes is the same bundle.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import ShareParameters, given
from .rule import Blind, Prepared, Rule
from .stock import WITHOUT_BASKET


class BundleParameters(ShareParameters):
    """Parameters of A9."""

    floor: float = given(0.2, "a share that is usual whatever the peers do", "bagian yang selalu lazim", gt=0, lt=1)
    package: float = given(
        0.03,
        "share of sales at the median shop from which a basket is a package",
        "bagian mulai dianggap paket",
        gt=0,
        lt=1,
    )
    package_floor: float = given(0.6, "a share of a package that is usual", "bagian paket yang lazim", gt=0, lt=1)
    discount: float = given(
        0.5, "of the score, where the basket is such a package", "bagian nilai untuk keranjang paket", ge=0, le=1
    )


_COMPOSED = Prepared(
    "composed",
    "SELECT basket_id, string_agg(quantity || ' ' || code, ', ' ORDER BY code) AS goods FROM basket_lines GROUP BY ALL",
)

RULE = Rule(
    code="A9",
    title=Text("Identical baskets", "Keranjang seragam"),
    source="programme.md A9; forced packages in BPNT (paket)",
    subjects=(Subject.SHOP,),
    parameters=BundleParameters,
    evidence="""
        SELECT who, s.serial, s.seq, s.day, s.amount, s.amount AS telling
        FROM told JOIN composed USING (goods)
            JOIN sales s ON s.basket_id = composed.basket_id AND s.id_ewarong = who""",
    query="""
        WITH sold AS (
            SELECT id_ewarong AS who, goods, sum(k) AS k FROM (
                SELECT id_ewarong, basket_id, count(*) AS k FROM sales WHERE basket_id IS NOT NULL GROUP BY ALL)
                JOIN composed USING (basket_id) GROUP BY ALL),
        every AS (SELECT who, sum(k) AS n FROM sold GROUP BY who HAVING sum(k) >= $least),
        common AS (SELECT DISTINCT goods FROM sold JOIN every USING (who) WHERE k >= $floor * n),
        shown AS (
            SELECT who, goods, CAST(coalesce(k, 0) AS DOUBLE) AS k, CAST(n AS DOUBLE) AS n
            FROM every CROSS JOIN common LEFT JOIN sold USING (who, goods)),
        peers AS (
            SELECT goods, middle, beyond_chance(deviation, middle * (1 - middle) * rarity) AS deviation FROM (
                SELECT goods, median(k / n) AS middle, mad(k / n) AS deviation, avg(1 / n) AS rarity
                FROM shown GROUP BY goods)),
        edged AS (
            SELECT who, goods, k, n, middle, k / n AS measure, middle >= $package AS packed,
                least(0.99, usual_edge(middle, deviation, $reach, if(packed, $package_floor, $floor))) AS edge
            FROM shown JOIN peers USING (goods)),
        judged AS (
            SELECT *, score_over(surprise(k, n, edge), $digits) * if(packed, $discount, 1) AS score FROM edged
            QUALIFY row_number() OVER (PARTITION BY who ORDER BY score DESC, measure DESC, goods) = 1)
        SELECT * FROM judged UNION ALL BY NAME
        SELECT who, 0.0 AS measure, 0.0 AS score FROM every ANTI JOIN judged USING (who)""",
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.0%}) are of one and the same basket ({goods}); up to {edge:.0%} is "
        "usual.",
        "{receipts} dari {n:.0f} penjualan ({measure:.0%}) berisi keranjang yang sama ({goods}); lazimnya sampai "
        "{edge:.0%}.",
    ),
    prepares=(_COMPOSED,),
    blind=(Blind(*WITHOUT_BASKET),),
)
