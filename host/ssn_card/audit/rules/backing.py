# SPDX-License-Identifier: Apache-2.0
"""Whether money stands behind a habit: what the receipts that a rule tells of take, beside others of the same cards.

When, where and how people come has harmless reasons, a ferry, a night market, a feast; who lives by others' cards comes
so *and takes from them*: each time most of a package's worth, or all that is on the card, or without the PIN. So of the
receipts behind a flag there is asked how many do, beside the same cards' other purchases, and beside the shop's other
sales (by the likelihood ratio of two shares, so that few others tell little): the less surprising counts. Who comes for
a purpose, or from afar, buys rather much, and whoever buys little is often not asked for a PIN; so some share of each
is usual anyway.

Two more signs are of the goods. Cash comes in round sums, goods at shelf prices do not: so round ones, but for
packages, are counted beside the same shop's other sales, for shops round as they like. And whoever shops for a family
buys what that family needs, while who swipes a stack of cards takes the same for each: so of cards that come on one day
those are counted that took the very same goods as another of them, beyond what chance brings about among so many, since
much of what people buy is the same few packages.

Some shops have two tills, for what is dry and what is fresh, say: nearly all who come back there within the hour buy
wholly other goods, and most regular customers do. Such a second half of an errand is no repeat (A1), and that it is
without a PIN tells nothing. Who debits again what was paid writes goods that were there already, for some of his
customers; were he to make up other goods for all of them, no invoice would cover these (A14).

And where the goods come with the barge, or the boat stays for an hour, all come at once and take much. So there is
asked, too, how many others took as much on those days, beyond what they take on the shop's other days: the more of them
there are, the more the days explain it. Who empties others' cards does so when nobody else has a reason to come.
"""

from __future__ import annotations

from typing import Final

from ssn_card.protocol.errors import Text

from .goods import COMPOSED, POPULAR_GOODS
from .rule import Prepared
from .signs import Sign

#: A column of a weak rule's query, where the rule itself sees what is taken: digits, which are enough at ``$backed``.
TAKEN: Final = "taken_digits"

#: ``errands``: second halves of an errand, of goods that another till has.
ERRANDS: Final = Prepared(
    "errands",
    """
    WITH kinds AS (SELECT basket_id, list(DISTINCT code) AS codes FROM basket_lines GROUP BY basket_id),
    second AS (
        SELECT * FROM (
            SELECT serial, seq, id_ewarong, month, basket_id, "at", lag("at") OVER card AS before,
                lag(id_ewarong) OVER card AS there, lag(basket_id) OVER card AS first_basket
            FROM sales WINDOW card AS (PARTITION BY serial ORDER BY seq))
        WHERE there = id_ewarong AND "at" >= before AND "at" - before <= to_seconds($errand_hours * 3600)),
    apart AS (
        SELECT serial, seq, id_ewarong, month,
            coalesce(NOT list_has_any(one.codes, other.codes), false) AS other_goods
        FROM second LEFT JOIN kinds one ON one.basket_id = second.basket_id
            LEFT JOIN kinds other ON other.basket_id = first_basket),
    came AS (SELECT id_ewarong, serial FROM sales GROUP BY ALL HAVING count(DISTINCT month) >= $regular),
    did AS (
        SELECT id_ewarong, serial FROM apart WHERE other_goods GROUP BY ALL HAVING count(DISTINCT month) >= $regular),
    tills AS (
        SELECT id_ewarong FROM (
            SELECT id_ewarong, avg(CAST(other_goods AS INTEGER)) AS part FROM apart GROUP BY id_ewarong)
            JOIN (SELECT id_ewarong, count(*) AS n FROM came GROUP BY id_ewarong) USING (id_ewarong)
            JOIN (SELECT id_ewarong, count(*) AS k FROM did GROUP BY id_ewarong) USING (id_ewarong)
        WHERE part >= $other_till AND k >= $everybody * n)
    SELECT serial, seq FROM apart SEMI JOIN tills USING (id_ewarong) WHERE other_goods
    """,
)

PREPARES: Final = (COMPOSED, POPULAR_GOODS, ERRANDS)  #: tables that the question needs

#: Rows (``who``, ``way``, ``share``, ``usual``, ``digits``) for each shop in ``told``, of the way that is more telling.
#: ``signs``: those that are asked for, as a list in SQL; how people round, and take alike, only their shop tells.
BACKING: Final = """
    WITH concerned AS (
        SELECT DISTINCT e.who, e.serial, e.seq FROM evidence e JOIN told USING (who) WHERE {shops}),
    cards_of AS (SELECT DISTINCT who, serial FROM concerned),
    signs AS (
        SELECT s.id_ewarong, s.serial, s.seq, s.day, s.basket_id,
            s.amount >= $limit_sized AS large, s.pin_state = 0 AS no_pin,
            s.amount >= $used_up * (s.amount + s.balance_after) AS used_up,
            s.amount % $round_sum = 0 AND s.amount % $normal <> 0 AS round_sum,
            s.amount <= (SELECT max(amount) FROM sales WHERE pin_state = 0) AND errands.serial IS NULL AS small
        FROM sales s LEFT JOIN errands USING (serial, seq)),
    there AS (
        SELECT s.*, c.who, x.who IS NOT NULL AS theirs, k.who IS NOT NULL AS same_card, goods, popular
        FROM signs s JOIN (SELECT DISTINCT who FROM concerned) c ON c.who = s.id_ewarong
            LEFT JOIN concerned x ON x.who = c.who AND x.serial = s.serial AND x.seq = s.seq
            LEFT JOIN cards_of k ON k.who = c.who AND k.serial = s.serial LEFT JOIN popular_goods USING (basket_id)),
    at_shop AS (
        SELECT *, 1 - (1 - greatest(popular, there_too, 0)) ** (together - 1) AS chance, goods IS NOT NULL AND
            count(DISTINCT serial) OVER (PARTITION BY who, day, theirs, goods) > 1 AS alike
        FROM (
            SELECT *, count(DISTINCT serial) OVER (PARTITION BY who, day, theirs) AS together,
                count(*) FILTER (WHERE NOT theirs) OVER (PARTITION BY who, goods)
                    / count(*) FILTER (WHERE NOT theirs) OVER (PARTITION BY who) AS there_too
            FROM there)),
    elsewhere AS (
        SELECT c.who, s.* FROM cards_of c JOIN signs s USING (serial) WHERE s.id_ewarong <> c.who),
    compared AS (
        SELECT if(theirs, 'here', 'same shop') AS whose, who, large, no_pin, used_up, round_sum, alike, small
        FROM at_shop
        UNION ALL
        SELECT 'same cards', who, large, no_pin, used_up, round_sum, alike, small FROM at_shop
        WHERE same_card AND NOT theirs
        UNION ALL
        SELECT 'same cards', who, large, no_pin, used_up, NULL, NULL, small FROM elsewhere),
    counted AS (
        SELECT whose, who, unnest({signs}) AS way, CASE way WHEN 'large' THEN large WHEN 'no PIN' THEN no_pin
            WHEN 'used up' THEN used_up WHEN 'round' THEN round_sum ELSE alike END AS took,
            way <> 'no PIN' OR small AS asked
        FROM compared),
    shares AS (
        SELECT whose, who, way, count(*) AS n, count(*) FILTER (WHERE took) AS k
        FROM counted WHERE asked AND took IS NOT NULL GROUP BY ALL),
    chances AS (SELECT who, avg(chance) AS chance FROM at_shop WHERE theirs GROUP BY who),
    found AS (
        SELECT who, way, greatest(0.0, k - n * by_chance) AS k, n * (1 - by_chance) AS n,
            CASE way WHEN 'large' THEN $purpose WHEN 'no PIN' THEN $unproved WHEN 'used up' THEN $needy
                WHEN 'round' THEN $rounded ELSE $same_goods END AS floor
        FROM (SELECT *, if(way = 'alike', chance, 0) AS by_chance FROM shares JOIN chances USING (who))
        WHERE whose = 'here'),
    days AS (
        SELECT who, day, bool_or(theirs) AS theirs, count(*) FILTER (WHERE NOT theirs AND large) AS large,
            count(*) FILTER (WHERE NOT theirs AND small AND no_pin) AS no_pin,
            count(*) FILTER (WHERE NOT theirs AND used_up) AS used_up,
            count(*) FILTER (WHERE NOT theirs AND round_sum) AS round_sum,
            count(*) FILTER (WHERE NOT theirs AND alike) AS alike
        FROM at_shop GROUP BY ALL),
    crowds AS (
        SELECT who, way, greatest(0.0, count(*) FILTER (WHERE theirs)
            * (avg(took) FILTER (WHERE theirs) - avg(took) FILTER (WHERE NOT theirs))) AS crowd
        FROM (
            SELECT who, theirs, unnest(['large', 'no PIN', 'used up', 'round', 'alike']) AS way,
                unnest([large, no_pin, used_up, round_sum, alike]) AS took
            FROM days)
        GROUP BY ALL),
    held AS (
        SELECT f.who, f.way, f.k, f.n, f.floor, o.k / o.n AS share, (f.k + o.k) / (f.n + o.n) AS pooled,
            CASE WHEN f.k * o.n <= o.k * f.n THEN 0.0
            ELSE surprise(f.k, f.n, pooled) + surprise(o.n - o.k, o.n, 1 - pooled) END AS unlikely
        FROM found f JOIN shares o ON o.who = f.who AND o.way = f.way AND o.whose <> 'here')
    SELECT who, way, any_value(k / n) AS taken, greatest(max(share), any_value(floor)) AS usual,
        least($backed, greatest(0.0, least(min(unlikely), any_value(surprise(k, n, floor))) - log10(len({signs}))))
            * greatest(0.0, 1 - coalesce(any_value(crowd / greatest(k, 1)), 0) / $crowd) AS digits
    FROM held LEFT JOIN crowds USING (who, way) GROUP BY who, way
    QUALIFY row_number() OVER (PARTITION BY who ORDER BY digits DESC, way) = 1
"""

#: What is said beside the reason, by the way, and where nothing stands behind the flag.
SAID: Final = {
    Sign.LARGE: Text(
        " {taken:.0%} of these are of {limit_rp} or more; by the same cards' and the shop's other sales up to "
        "{usual:.0%} is usual.",
        " {taken:.0%} di antaranya bernilai {limit_rp} atau lebih; menurut belanja lain kartu dan toko yang sama "
        "lazimnya sampai {usual:.0%}.",
    ),
    Sign.NO_PIN: Text(
        " {taken:.0%} of the small ones among these are without a PIN; up to {usual:.0%} is usual.",
        " {taken:.0%} yang kecil di antaranya tanpa PIN; lazimnya sampai {usual:.0%}.",
    ),
    Sign.USED_UP: Text(
        " {taken:.0%} of these took all that was on the card; by the same cards' and the shop's other sales up to "
        "{usual:.0%} is usual.",
        " {taken:.0%} di antaranya menghabiskan saldo; menurut belanja lain kartu dan toko yang sama lazimnya sampai "
        "{usual:.0%}.",
    ),
    Sign.ROUND: Text(
        " {taken:.0%} of these are round sums, as cash is; of the shop's other sales up to {usual:.0%} is usual.",
        " {taken:.0%} di antaranya berjumlah bulat, seperti uang tunai; di penjualan lain toko ini lazimnya sampai "
        "{usual:.0%}.",
    ),
    Sign.ALIKE: Text(
        " Beyond chance, {taken:.0%} of these are for the very same goods as another of these cards took that day; up "
        "to {usual:.0%} is usual.",
        " Di luar kebetulan, {taken:.0%} di antaranya untuk barang yang sama persis dengan kartu lain pada hari itu; "
        "lazimnya sampai {usual:.0%}.",
    ),
}
ASK_FIRST: Final = Text(
    " What these sales take is what others take: ask first, for there may be a harmless reason.",
    " Yang diambil di situ sama seperti belanja lain: tanyakan dulu, mungkin ada sebab yang wajar.",
)
