# SPDX-License-Identifier: Apache-2.0
"""Whether money stands behind a habit: what the receipts that a rule tells of take, beside others of the same cards.

When, where and how people come has harmless reasons, a ferry, a night market, a feast; who lives by others' cards comes
so *and takes from them*: each time most of a package's worth, or all that is on the card, or without the PIN. So of the
receipts behind a flag there is asked how many do, beside the same cards' other purchases, and beside the shop's other
sales (by the likelihood ratio of two shares, so that few others tell little): the less surprising counts. Who comes for
a purpose, or from afar, buys rather much, and whoever buys little is often not asked for a PIN; so some share of each
is usual anyway.

And where the goods come with the barge, or the boat stays for an hour, all come at once and take much. So there is
asked, too, how many others took as much on those days, beyond what they take on the shop's other days: the more of them
there are, the more the days explain it. Who empties others' cards does so when nobody else has a reason to come.
"""

from __future__ import annotations

from typing import Final

from ssn_card.protocol.errors import Text

#: A column of a weak rule's query, where the rule itself sees what is taken: digits, which are enough at ``$backed``.
TAKEN: Final = "taken_digits"

#: Rows (``who``, ``way``, ``share``, ``usual``, ``digits``) for each shop in ``told``, of the way that is more telling.
#: ``used_up``: whether it tells something that a sale takes what was left; of a second purchase a day it does not.
BACKING: Final = """
    WITH concerned AS (
        SELECT DISTINCT e.who, e.serial, e.seq FROM evidence e JOIN told USING (who) WHERE {shops}),
    signs AS (
        SELECT s.id_ewarong, s.serial, s.seq, s.day, s.amount >= $limit_sized AS large, s.pin_state = 0 AS no_pin,
            s.amount >= $used_up * (s.amount + s.balance_after) AS used_up,
            s.amount <= (SELECT max(amount) FROM sales WHERE pin_state = 0) AS small
        FROM sales s),
    there AS (SELECT c.who, s.* FROM concerned c JOIN signs s USING (serial, seq)),
    at_shop AS (
        SELECT s.id_ewarong AS who, s.*, c.who IS NOT NULL AS theirs
        FROM signs s SEMI JOIN there ON there.who = s.id_ewarong
            LEFT JOIN concerned c ON c.who = s.id_ewarong AND c.serial = s.serial AND c.seq = s.seq),
    beside AS (
        SELECT 'same cards' AS whose, c.who, large, no_pin, used_up, small
        FROM (SELECT DISTINCT who, serial FROM there) c JOIN signs s USING (serial)
            ANTI JOIN concerned x ON x.who = c.who AND x.serial = s.serial AND x.seq = s.seq
        UNION ALL
        SELECT 'same shop', who, large, no_pin, used_up, small FROM at_shop WHERE NOT theirs),
    counted AS (
        SELECT *, unnest(['large', 'no PIN', 'used up']) AS way, unnest([large, no_pin, used_up]) AS took,
            unnest([true, small, {used_up}]) AS asked
        FROM (SELECT 'here' AS whose, who, large, no_pin, used_up, small FROM there UNION ALL FROM beside)),
    shares AS (
        SELECT whose, who, way, count(*) AS n, count(*) FILTER (WHERE took) AS k
        FROM counted WHERE asked GROUP BY ALL),
    found AS (
        SELECT *, CASE way WHEN 'large' THEN $purpose WHEN 'no PIN' THEN $unproved ELSE $needy END AS floor
        FROM shares WHERE whose = 'here'),
    days AS (
        SELECT who, day, bool_or(theirs) AS theirs, count(*) FILTER (WHERE NOT theirs AND large) AS large,
            count(*) FILTER (WHERE NOT theirs AND small AND no_pin) AS no_pin,
            count(*) FILTER (WHERE NOT theirs AND used_up) AS used_up
        FROM at_shop GROUP BY ALL),
    crowds AS (
        SELECT who, way, greatest(0.0, count(*) FILTER (WHERE theirs)
            * (avg(took) FILTER (WHERE theirs) - avg(took) FILTER (WHERE NOT theirs))) AS crowd
        FROM (
            SELECT who, theirs, unnest(['large', 'no PIN', 'used up']) AS way, unnest([large, no_pin, used_up]) AS took
            FROM days)
        GROUP BY ALL),
    held AS (
        SELECT f.who, f.way, f.k, f.n, f.floor, o.k / o.n AS share, (f.k + o.k) / (f.n + o.n) AS pooled,
            CASE WHEN f.k * o.n <= o.k * f.n THEN 0.0
            ELSE surprise(f.k, f.n, pooled) + surprise(o.n - o.k, o.n, 1 - pooled) END AS unlikely
        FROM found f JOIN shares o ON o.who = f.who AND o.way = f.way AND o.whose <> 'here')
    SELECT who, way, any_value(k / n) AS taken, greatest(max(share), any_value(floor)) AS usual,
        least($backed, greatest(0.0, least(min(unlikely), any_value(surprise(k, n, floor))) - log10(3)))
            * greatest(0.0, 1 - coalesce(any_value(crowd / greatest(k, 1)), 0) / $crowd) AS digits
    FROM held LEFT JOIN crowds USING (who, way) GROUP BY who, way
    QUALIFY row_number() OVER (PARTITION BY who ORDER BY digits DESC, way) = 1
"""

#: What is said beside the reason, by the way, and where nothing stands behind the flag.
SAID: Final = {
    "large": Text(
        " {taken:.0%} of these are of {limit_rp} or more; by the same cards' and the shop's other sales up to "
        "{usual:.0%} is usual.",
        " {taken:.0%} di antaranya bernilai {limit_rp} atau lebih; menurut belanja lain kartu dan toko yang sama "
        "lazimnya sampai {usual:.0%}.",
    ),
    "no PIN": Text(
        " {taken:.0%} of the small ones among these are without a PIN; up to {usual:.0%} is usual.",
        " {taken:.0%} yang kecil di antaranya tanpa PIN; lazimnya sampai {usual:.0%}.",
    ),
    "used up": Text(
        " {taken:.0%} of these took all that was on the card; by the same cards' and the shop's other sales up to "
        "{usual:.0%} is usual.",
        " {taken:.0%} di antaranya menghabiskan saldo; menurut belanja lain kartu dan toko yang sama lazimnya sampai "
        "{usual:.0%}.",
    ),
}
ASK_FIRST: Final = Text(
    " What these sales take is what others take: ask first, for there may be a harmless reason.",
    " Yang diambil di situ sama seperti belanja lain: tanyakan dulu, mungkin ada sebab yang wajar.",
)
