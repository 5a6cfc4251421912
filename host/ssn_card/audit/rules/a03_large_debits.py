# SPDX-License-Identifier: Apache-2.0
"""A3: debits that are large against the shop's peers: among the largest tenth of all, thirtieth, or ninetieth.

Who comes from afar, or seldom, buys much at once, and what his household needs, which is another thing than his
neighbour's. Where on one day several cards are debited large sums for the very same goods, which hardly any other shop
sells so, nobody of these families has chosen them: one hand holds the cards, or the baskets are made up. Then it is
plain. So it is where baskets that are no packages, and should cost whatever a household needs, nearly all come to most
of what a card may give in a month: then the sum was there first, and goods were written to fit it.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .backing import TAKEN
from .goods import COMPOSED
from .outcome import Subject
from .peers import VISITS, HabitParameters, given, habits
from .rule import Rule, Weight


class LargeParameters(HabitParameters):
    """Parameters of A3."""

    quantile: float = given(
        0.9, "share of all purchases that is not large", "bagian belanja yang tidak besar", gt=0, lt=1
    )
    package: int = given(
        330_000, "rupiah: up to a package, and a dear one, no debit is large", "rupiah: paket, yang mahal pun", ge=1
    )
    alike: float = given(
        0.15,
        "share of large debits for the same goods as another card's of the day that is usual",
        "bagian debit besar berisi barang sama dengan kartu lain hari itu yang lazim",
        gt=0,
        lt=1,
    )
    most: int = given(500_000, "rupiah: most of what a month allows", "rupiah: sebagian besar batas sebulan", ge=1)
    whole: float = given(
        0.55,
        "share of large debits, of goods that are no package, for as much that is usual",
        "bagian debit besar bukan paket sebesar itu yang lazim",
        gt=0,
        lt=1,
    )


_LARGE = """
    SELECT way, greatest($package, large) AS large
    FROM (
        SELECT unnest([1, 3, 9]) AS way,
            unnest(quantile_disc(amount, [$quantile, 1 - (1 - $quantile) / 3, 1 - (1 - $quantile) / 9])) AS large
        FROM sales)"""

_UNLIKE = habits(
    more=f", (SELECT any_value(large) FROM ({_LARGE}) l WHERE l.way = both_kinds.way) AS large_rp",
    seen=f"SELECT evidence.*, way FROM evidence JOIN ({_LARGE}) ON amount > large",
    ways="[1, 3, 9]",
)

RULE = Rule(
    code="A3",
    title=Text("Large debits", "Debit besar"),
    source="programme.md A3; SNAP EBT trafficking: large transactions against stores of the same kind",
    subjects=(Subject.SHOP,),
    weight=Weight.WEAK,
    parameters=LargeParameters,
    evidence="""
        WITH large AS (
            SELECT id_ewarong AS who, serial, seq, day, amount, goods
            FROM sales LEFT JOIN composed USING (basket_id)
            WHERE amount > (SELECT greatest($package, quantile_disc(amount, $quantile)) FROM sales)),
        only_there AS (
            SELECT id_ewarong AS who, goods
            FROM sales JOIN composed USING (basket_id) SEMI JOIN large USING (goods) GROUP BY id_ewarong, goods
            QUALIFY 2 * count(*) > sum(count(*)) OVER (PARTITION BY goods)),
        lots AS (
            SELECT who, day, goods FROM large SEMI JOIN only_there USING (who, goods)
            GROUP BY ALL HAVING count(DISTINCT serial) > 1)
        SELECT who, serial, seq, day, amount, amount AS telling, lots.who IS NOT NULL AS alike,
            only_there.who IS NOT NULL AS free
        FROM large LEFT JOIN lots USING (who, day, goods) LEFT JOIN only_there USING (who, goods)""",
    query=f"""
        WITH counted AS (
            SELECT who, count(*) AS large, count(*) FILTER (WHERE alike) AS alike, count(*) FILTER (WHERE free) AS free,
                count(*) FILTER (WHERE free AND amount >= $most) AS whole
            FROM evidence GROUP BY who),
        seen AS (
            SELECT *, surprise(alike, large, $alike) AS same_goods, surprise(whole, free, $whole) AS same_sum
            FROM counted)
        SELECT h.*, coalesce(greatest(same_goods, same_sum), 0) AS {TAKEN},
            if(same_goods >= $backed, format(' {{:.0f}}% of the large ones are for the very goods of another card on '
                'the same day.', 100 * alike / large), '') AS said_alike,
            if(same_goods >= $backed, format(' {{:.0f}}% dari yang besar berisi barang yang persis sama dengan kartu '
                'lain pada hari itu.', 100 * alike / large), '') AS dikatakan_sama,
            if(same_sum >= $backed, format(' Of {{}} large ones whose goods are no package {{}} take most of what a '
                'month allows.', free, whole), '') AS said_whole,
            if(same_sum >= $backed, format(' Dari {{}} yang besar dan bukan paket, {{}} mengambil sebagian besar batas '
                'sebulan.', free, whole), '') AS dikatakan_seluruhnya
        FROM ({_UNLIKE}) h LEFT JOIN seen USING (who)""",
    prepares=(VISITS, COMPOSED),
    reason=Text(
        "{k:.0f} of {n:.0f} sales ({measure:.1%}) are above {large_rp}; up to {edge:.1%} is usual.{said_again}"
        "{said_alike}{said_whole}",
        "{k:.0f} dari {n:.0f} penjualan ({measure:.1%}) di atas {large_rp}; lazimnya sampai {edge:.1%}."
        "{dikatakan_lagi}{dikatakan_sama}{dikatakan_seluruhnya}",
    ),
)
