# SPDX-License-Identifier: Apache-2.0
"""A14: claims above purchase invoices, of each staple by itself and of all together.

Every shop has goods left at the end, or had some at the beginning; how much more it buys than it sells is its trade's
habit. So who buys less for what he sells than his peers do is told of, long before a sale is without any invoice; and
who claims cigarettes as sugar lacks invoices of sugar alone, which the sum of all goods would hide.

Who makes up sales, or hands out less than he debits, lacks a little of every good, and each of them says so anew. The
middle one of a shop's goods differs far less between honest shops than any good by itself, so that one is looked at as
well, beyond what a shelf holds.

Hens of one's own lay eggs that nobody bills, and a field of one's own bears rice. So goods that a household may produce
count little by themselves, and not in the sum; sugar, oil, milk and tins come from a supplier. But a household produces
for ordinary baskets: as far as what is missing was sold in heaps that hardly anybody else buys, it never did, and
counts; and it does not produce all kinds, so the middle one counts in full.

The quarter that lacks most is left out, for an invoice may be lost, come late, or tell of what stood on the shelf
before; who lives by it does so all year.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .goods import plausible
from .outcome import Subject
from .peers import given
from .rule import Blind, Rule, RuleParameters, Weight
from .stock import HOMEGROWN, STOCK, WITHOUT_BASKET


class ClaimParameters(RuleParameters):
    """Parameters of A14."""

    spread: float = given(
        0.03, "least deviation of peers, of the logarithm of bought to sold", "simpangan terkecil (logaritma)", gt=0
    )
    even_spread: float = given(
        0.01, "the same of the middle one of a shop's goods", "demikian pula dari barang tengah toko", gt=0
    )
    shelf_days: float = given(
        7, "days of sales that stood on the shelf before", "hari penjualan yang sudah ada di rak", ge=0
    )
    kinds: int = given(
        5, "kinds of goods without which there is no middle one", "jenis barang minimal untuk barang tengah", ge=3
    )
    digits: float = given(
        2.5, "digits of improbability from which it is told", "digit ketidakmungkinan mulai dilaporkan", gt=0
    )
    least: int = given(20, "units sold without which nobody is judged", "satuan terjual minimal agar dinilai", ge=1)
    homemade: str = given(HOMEGROWN, "goods that a household may produce itself", "barang yang mungkin buatan sendiri")
    own: float = given(0.1, "of the score, for such goods", "bagian nilai untuk barang demikian", ge=0, le=1)
    quantile: float = given(
        0.98, "share of lines of a staple that are no heaps of it", "bagian baris yang bukan tumpukan", gt=0, lt=1
    )


#: ``every_good``: of the middle one of a shop's goods, what lacks beside peers; the year, or without the worst quarter
#: of each, whichever lacks less.
_EVERY = """
        all_year AS (
            SELECT id_ewarong AS who, code AS way, sum(bought) / sum(sold) AS whole
            FROM quarters GROUP BY ALL HAVING sum(sold) >= $least),
        middling AS (
            SELECT who, sum(sold) AS sold, sum(short_rp) AS short_rp, median(bought / sold) AS lasting,
                median(whole) AS whole
            FROM by_code JOIN all_year USING (who, way) GROUP BY who HAVING count(*) >= $kinds),
        every_good AS (
            SELECT who, '=' AS way, sold, lasting AS part, short_rp,
                greatest(0.0, least(ln(lasts / greatest(lasting, 0.01)), ln(usually / greatest(whole, 0.01)))
                    - $shelf_days / days) AS lack
            FROM middling, span, (
                SELECT greatest(0.01, median(lasting)) AS lasts, greatest(0.01, median(whole)) AS usually
                FROM middling))"""

RULE = Rule(
    code="A14",
    title=Text("Claims above invoices", "Klaim melebihi faktur"),
    source="programme.md A14; WIC vendor management: inventory audits against invoices",
    subjects=(Subject.SHOP,),
    needs=frozenset({"invoices"}),
    weight=Weight.GRAVE,
    parameters=ClaimParameters,
    evidence="""
        SELECT who, s.serial, s.seq, s.day, any_value(s.amount) AS amount, sum(l.amount) AS telling
        FROM told JOIN sales s ON s.id_ewarong = who
            JOIN basket_lines l ON l.basket_id = s.basket_id AND told.way IN (l.code, '*', '=')
        GROUP BY ALL""",
    query=plausible()
    + f""",
        unit AS (
            SELECT code, sum(amount * times) / sum(quantity * times) AS price
            FROM basket_lines JOIN (SELECT basket_id, count(*) AS times FROM sales GROUP BY ALL) USING (basket_id)
            GROUP BY code),
        span AS (SELECT min(day) AS first_on, date_diff('day', min(day), max(day)) + 1 AS days FROM sales),
        quarters AS (
            SELECT id_ewarong, code, date_diff('day', first_on, greatest(day, first_on)) * 4 // days AS quarter,
                sum(bought) AS bought, sum(out) AS sold, any_value(owed) AS owed
            FROM stock, span GROUP BY ALL),
        lasting AS (
            FROM quarters QUALIFY count(*) OVER (PARTITION BY id_ewarong, code) = 1
                OR row_number() OVER (PARTITION BY id_ewarong, code ORDER BY bought - sold, quarter) > 1),
        by_code AS (
            SELECT id_ewarong AS who, code AS way, sum(sold) AS sold, sum(bought) AS bought,
                any_value(owed) * any_value(price) AS short_rp, sum(sold) * any_value(price) AS worth
            FROM lasting JOIN unit USING (code) GROUP BY ALL HAVING sum(sold) > 0),
        own AS (SELECT unnest(string_split($homemade, ' ')) AS way),
        heaps AS (
            SELECT id_ewarong AS who, code AS way, sum(quantity) AS heaped
            FROM sales JOIN basket_lines USING (basket_id) JOIN plausible USING (code) JOIN own ON way = code
            WHERE quantity > most GROUP BY ALL),
        claimed AS (
            SELECT who, way, sold, bought / sold AS part, short_rp FROM by_code WHERE sold >= $least
            UNION ALL
            SELECT who, '*', sum(sold), sum(worth * bought / sold) / sum(worth), sum(short_rp)
            FROM by_code ANTI JOIN own USING (way) GROUP BY who HAVING sum(sold) >= $least),
        {_EVERY},
        lacking AS (
            SELECT *, -ln(greatest(part, 0.01)) AS lack FROM claimed UNION ALL BY NAME
            SELECT * FROM every_good),
        likes AS (
            SELECT way, median(lack) AS middle, median(part) AS usual,
                greatest(if(way = '=', $even_spread, $spread), 1.4826 * mad(lack)) AS deviation
            FROM lacking GROUP BY way),
        ranked AS (
            SELECT who, way, part, short_rp, usual, greatest(0.0, 1 - exp(middle - lack)) AS measure,
                (usual - part) * sold AS missing,
                greatest(0.0, long_tail(greatest(0.0, lack - middle) / deviation)
                    - log10((SELECT count(*) FROM likes))) AS digits
            FROM lacking JOIN likes USING (way))
        SELECT *, CASE way WHEN '*' THEN 'all goods from suppliers' WHEN '=' THEN 'most kinds of goods' ELSE way END
                AS what,
            CASE way WHEN '*' THEN 'semua barang pemasok' WHEN '=' THEN 'kebanyakan jenis barang' ELSE way END AS apa,
            if(own.way IS NULL, 1, least(1, coalesce(heaped, 0) / missing)) AS never_laid,
            ($own + (1 - $own) * never_laid) * score_over(digits, $digits) AS score,
            CASE WHEN own.way IS NULL THEN '' WHEN never_laid > 0.5 THEN ' Most of what is missing was sold in heaps.'
                ELSE ' A household may produce them itself: ask first.' END AS said_own,
            CASE WHEN own.way IS NULL THEN '' WHEN never_laid > 0.5 THEN ' Sebagian besar yang kurang dijual bertumpuk.'
                ELSE ' Mungkin hasil ternak sendiri: tanyakan dulu.' END AS dikatakan_sendiri
        FROM ranked LEFT JOIN own USING (way) LEFT JOIN heaps USING (who, way)
        QUALIFY row_number() OVER (PARTITION BY who ORDER BY score DESC, digits DESC, measure DESC, way) = 1""",
    reason=Text(
        "Of {what} its invoices cover {part:.0%} of what it claimed, even without its worst quarter, {measure:.0%} "
        "less than the median shop's ({usual:.0%}); goods worth {short_rp} stand in no invoice at all.{said_own}",
        "Faktur {apa} mencakup {part:.0%} dari yang diklaim, juga tanpa triwulan terburuk, {measure:.0%} lebih "
        "sedikit daripada toko tengah ({usual:.0%}); barang senilai {short_rp} tidak ada fakturnya sama sekali."
        "{dikatakan_sendiri}",
    ),
    prepares=(STOCK,),
    blind=(Blind(*WITHOUT_BASKET),),
)
