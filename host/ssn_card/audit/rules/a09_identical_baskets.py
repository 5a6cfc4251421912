# SPDX-License-Identifier: Apache-2.0
"""A9: identical baskets: what the shop has packed, and everybody takes.

Families rarely buy the same goods in the same quantities as others in the same month, but for packages of the
programme, which all shops sell. So a basket is a bag where several cards bought it within a month at one shop, unless
most shops sell it, and much of it; a bag may be another each month. Of a package more is usual, since families may well
want it, and it counts less. Prices do not matter here: a bundle whose price changes is the same bundle.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .backing import TAKEN
from .goods import COMPOSED
from .outcome import Subject
from .peers import WEIGHED, ShareParameters, given
from .rule import Blind, Rule, Weight
from .stock import WITHOUT_BASKET


class BundleParameters(ShareParameters):
    """Parameters of A9."""

    cards: int = given(5, "cards that bought a basket in a month, for a bag", "kartu yang membeli isi yang sama", ge=2)
    floor: float = given(0.05, "a share of bags that is usual whatever the peers do", "bagian yang lazim", gt=0, lt=1)
    dearer: float = given(
        0.01,
        "least deviation of what a bag's goods cost, from what they cost loose",
        "simpangan terkecil harga isi paket dari harga eceran",
        gt=0,
    )
    package: float = given(
        0.01, "share of all sales from which a basket is a package", "bagian mulai dianggap paket", gt=0, lt=1
    )
    package_floor: float = given(0.6, "a share of a package that is usual", "bagian paket yang lazim", gt=0, lt=1)
    discount: float = given(
        0.5, "of the score, where the basket is such a package", "bagian nilai untuk keranjang paket", ge=0, le=1
    )


#: ``priced_bags``: how much more the goods of a shop's bags cost than loose, in the same months.
_PRICED_BAGS = """
    bagged AS (
        SELECT s.id_ewarong AS who, s.month, s.basket_id, bags.who IS NOT NULL AS bag
        FROM sales s JOIN composed USING (basket_id)
            SEMI JOIN (SELECT DISTINCT who FROM bags) b ON b.who = s.id_ewarong
            LEFT JOIN bags ON bags.who = s.id_ewarong AND bags.month = s.month AND bags.goods = composed.goods),
    lines AS (
        SELECT who, month, bag, code, sum(quantity) AS quantity, sum(amount) AS amount
        FROM bagged JOIN basket_lines USING (basket_id) GROUP BY ALL),
    priced_bags AS (
        SELECT who, sum(l.amount) / sum(l.quantity * loose.amount / loose.quantity) - 1 AS dearer
        FROM lines l JOIN (FROM lines WHERE NOT bag) loose USING (who, month, code) WHERE l.bag GROUP BY who)"""

#: ``bags``: who sold what as a bag, in which month; ``packages``: what is none, for it is sold everywhere.
_BAGS = """
    sold AS (
        SELECT id_ewarong AS who, month, goods, count(*) AS k
        FROM sales JOIN composed USING (basket_id) GROUP BY ALL),
    every AS (SELECT who, sum(k) AS n FROM sold GROUP BY who HAVING sum(k) >= $least),
    packages AS (
        SELECT goods FROM (SELECT who, goods, sum(k) AS k FROM sold GROUP BY who, goods) JOIN every USING (who)
        GROUP BY goods
        HAVING sum(k) >= $package * (SELECT sum(n) FROM every) AND 2 * count(*) > (SELECT count(*) FROM every)),
    often AS (FROM sold ANTI JOIN packages USING (goods) WHERE k >= $cards),
    bags AS (
        SELECT who, month, goods, any_value(k) AS k, count(DISTINCT serial) AS cards
        FROM (SELECT id_ewarong AS who, month, goods, serial FROM sales JOIN composed USING (basket_id))
            JOIN often USING (who, month, goods)
        GROUP BY who, month, goods HAVING count(DISTINCT serial) >= $cards)"""

RULE = Rule(
    code="A9",
    title=Text("Identical baskets", "Keranjang seragam"),
    source="programme.md A9; forced packages in BPNT (paket)",
    subjects=(Subject.SHOP,),
    weight=Weight.WEAK,
    parameters=BundleParameters,
    evidence=f"""
        WITH {_BAGS},
        bundles AS (SELECT who, month, goods FROM bags SEMI JOIN (FROM told WHERE kind = 'bag') USING (who))
        SELECT who, s.serial, s.seq, s.day, s.amount, s.amount AS telling
        FROM sales s JOIN composed USING (basket_id) JOIN bundles b
            ON b.who = s.id_ewarong AND b.month = s.month AND b.goods = composed.goods
        UNION ALL
        SELECT who, s.serial, s.seq, s.day, s.amount, s.amount
        FROM sales s JOIN composed USING (basket_id) JOIN told
            ON who = id_ewarong AND told.goods = composed.goods AND kind = 'package'""",
    query=f"""
        WITH {_BAGS},
        counted AS (
            SELECT 'bag' AS kind, 0 AS way, who, CAST(coalesce(sum(k), 0) AS DOUBLE) AS k,
                CAST(any_value(n) AS DOUBLE) AS n, $floor AS floor, coalesce(sum(cards) / sum(k), 1) AS apart,
                arg_max(goods, (k, -goods)) AS goods
            FROM every LEFT JOIN bags USING (who) GROUP BY who
            UNION ALL
            SELECT 'package', goods, who, CAST(coalesce(sum(k), 0) AS DOUBLE), CAST(any_value(n) AS DOUBLE),
                $package_floor, 1, goods
            FROM every CROSS JOIN packages LEFT JOIN sold USING (who, goods) GROUP BY who, goods),
        {_PRICED_BAGS},
        {WEIGHED}
        SELECT weighed.*, words, long_tail(greatest(0, dearer) / $dearer) AS {TAKEN},
            if({TAKEN} >= $backed, format(' Its goods cost {{:.0f}}% more there than in other sales of the shop.',
                100 * dearer), '') AS said_dearer,
            if({TAKEN} >= $backed, format(' Isinya di situ {{:.0f}}% lebih mahal daripada di penjualan lain toko ini.',
                100 * dearer), '') AS dikatakan_mahal,
            score_over(digits, $digits) * if(kind = 'bag', 1, $discount) AS score
        FROM weighed LEFT JOIN (SELECT goods, any_value(words) AS words FROM composed GROUP BY goods) USING (goods)
            LEFT JOIN priced_bags ON priced_bags.who = weighed.who AND kind = 'bag'
        QUALIFY row_number() OVER (PARTITION BY weighed.who ORDER BY score DESC, kind, measure DESC, way) = 1""",
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.1%}) are of baskets that others bought alike, most of {words}; up to "
        "{edge:.1%} is usual.{said_dearer}",
        "{receipts} dari {n:.0f} penjualan ({measure:.1%}) berisi keranjang yang sama dengan yang lain, terutama "
        "{words}; lazimnya sampai {edge:.1%}.{dikatakan_mahal}",
    ),
    prepares=(COMPOSED,),
    blind=(Blind(*WITHOUT_BASKET),),
)
