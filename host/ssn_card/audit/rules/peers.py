# SPDX-License-Identifier: Apache-2.0
"""How rules compare a subject with its peers: macros of DuckDB, and the commonest question, a share of sales.

Peers are described by median and median absolute deviation, which a few wrongdoers among them do not move. Shares are
compared by the arc sine of their root, where chance scatters all alike (a quarter of ``1 / n``); what of the deviation
chance explains is taken off, and what remains is how honest peers differ.

How surprising ``k`` of ``n`` is, is told in digits: a subject of four digits is one in ten thousand. Two explanations
share the burden in whatever way is likeliest: that this is an unusual subject (Student's t of its place among peers,
whose tails are long, for nobody knows that peers are normal) and that chance did the rest (Chernoff's bound of the
binomial tail). So a shop with few sales needs a larger share than one with many, and where peers differ much, chance
is not taken for their differences.

Weak evidence adds up where the same cards bring it month after month: accidents befall whoever comes, an arrangement
is with somebody. So beside sales there are counted *regulars*, cards with sales there in enough months, and of these
the ones that did it in enough months; both are held to peers, and the more surprising one counts.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from .rule import Prepared, RuleParameters

_SIGMA = 1.4826  #: times the median absolute deviation: the standard deviation of what is normally distributed
_STEPS = 24  #: in which the two explanations share the burden
_FREEDOM = 8  #: of Student's t: the fewer, the longer the tails

MACROS = f"""
CREATE OR REPLACE MACRO usual_edge(middle, deviation, reach, least) AS
    greatest(least, middle + reach * {_SIGMA} * deviation);
CREATE OR REPLACE MACRO beyond_chance(deviation, chance) AS
    sqrt(greatest(0.0, (deviation * {_SIGMA}) ** 2 - chance)) / {_SIGMA};
CREATE OR REPLACE MACRO surprise(k, n, p) AS CASE
    WHEN n = 0 OR k <= n * p THEN 0.0
    WHEN k >= n THEN -n * log10(p)
    ELSE k * log10(k / (n * p)) + (n - k) * log10((n - k) / (n * (1 - p))) END;
CREATE OR REPLACE MACRO score_over(digits, enough) AS CASE WHEN digits > enough THEN 1 - enough / digits ELSE 0.0 END;
CREATE OR REPLACE MACRO arc(share) AS asin(sqrt(share));
CREATE OR REPLACE MACRO long_tail(deviations) AS
    {(_FREEDOM + 1) / 2} * log10(1 + deviations ** 2 / {_FREEDOM});
CREATE OR REPLACE MACRO unlike(k, n, middle, deviation) AS CASE WHEN k <= n * middle THEN 0.0 ELSE
    list_min(list_transform(range({_STEPS + 1}), lambda step:
        long_tail((arc(k / n) - arc(middle)) * step / {_STEPS} / deviation)
        + surprise(k, n, sin(arc(middle) + (arc(k / n) - arc(middle)) * step / {_STEPS}) ** 2))) END;
CREATE OR REPLACE MACRO up_to(n, middle, deviation, reach) AS
    sin(least(1.5, arc(middle) + reach * sqrt(deviation ** 2 + 0.25 / n))) ** 2;
"""


def given(default: float | str, en: str, indonesian: str, **bounds: Any) -> Any:
    """A parameter with its meaning, and the bounds that pydantic knows."""
    return Field(default, description=f"{en} / {indonesian}", **bounds)


Share = Annotated[float, Field(ge=0, lt=1)]


class ShareParameters(RuleParameters):
    """Of a rule that compares a share of a subject's sales with its peers'."""

    least: int = given(20, "sales without which nobody is judged", "jumlah penjualan minimal agar dinilai", ge=1)
    reach: float = given(
        3,
        "deviations above the peers' median that are called usual",
        "simpangan di atas median yang disebut lazim",
        ge=0,
    )
    spread: float = given(
        0.01, "least deviation of peers, by the arc sine of the root", "simpangan terkecil (arcsin akar)", gt=0
    )
    floor: Share = given(
        0.005, "a share that is usual whatever the peers do", "bagian yang selalu dianggap lazim", gt=0
    )
    digits: float = given(
        2.5, "digits of improbability from which it is told", "digit ketidakmungkinan mulai dilaporkan", gt=0
    )


class HabitParameters(ShareParameters):
    """Of a rule that looks at the cards that do it again and again, too."""

    months: int = given(3, "months that make a habit of a card", "bulan yang menjadi kebiasaan kartu", ge=2)
    often: float = given(
        0.25, "of the months in which the card comes, too", "juga bagian dari bulan kartu datang", ge=0, le=1
    )
    habit_floor: Share = given(
        0.02, "a share of regular cards that is usual anyway", "bagian kartu langganan yang selalu lazim", gt=0
    )


class CardHabitParameters(HabitParameters):
    """Of a rule that does so for shops, and for cards by themselves."""

    card_least: int = given(8, "sales without which a card is not judged", "penjualan minimal agar kartu dinilai", ge=1)
    card_floor: Share = given(0.05, "a share that is usual for any card", "bagian yang lazim bagi tiap kartu", gt=0)
    card_digits: float = given(3, "digits of improbability for a card", "digit ketidakmungkinan untuk kartu", gt=0)


#: CTEs behind ``counted`` (``kind``, ``way``, ``who``, ``k``, ``n``, ``floor``, ``apart``): all of a kind and way are
#: peers; ``apart``: of the ``k``, those that are independent of each other.
#: ``weighed`` holds ``measure``, ``middle``, ``edge`` and ``digits``.
WEIGHED = f"""
    likes AS (
        SELECT kind, way, middle, greatest($spread, {_SIGMA} * beyond_chance(deviation, chance)) AS deviation
        FROM (
            SELECT kind, way, median(k / n) AS middle, mad(arc(k / n)) AS deviation, avg(0.25 / n) AS chance
            FROM counted GROUP BY kind, way)),
    weighed AS (
        SELECT counted.*, k / n AS measure, middle, unlike(k * apart, n * apart, greatest(middle, floor), deviation)
            AS digits,
            up_to(n, greatest(middle, floor), deviation, $reach) AS edge
        FROM counted JOIN likes USING (kind, way))"""

_BY_SALES = """
    monthly AS (SELECT id_ewarong AS who, month, count(*) AS n FROM {among} GROUP BY ALL),
    every AS (SELECT who, sum(n) AS n, count(*) AS months FROM monthly GROUP BY who),
    seen AS (SELECT *, date_trunc('month', day) AS month FROM ({seen})),
    ways AS (SELECT unnest({ways}) AS way),
    times AS (
        SELECT who, way, month, count(*) AS k FROM seen GROUP BY ALL),
    worst AS (
        SELECT who, way, arg_max(month, (k, month)) AS month FROM times JOIN every USING (who) WHERE months > 1
        GROUP BY who, way),
    beside AS (
        SELECT who, way, count(*) AS k, count(DISTINCT serial) AS cards
        FROM seen ANTI JOIN worst USING (who, way, month) GROUP BY who, way),
    without AS (SELECT who, way, n FROM worst JOIN monthly USING (who, month)),
    by_sales AS (
        SELECT 'sales' AS kind, way, who, CAST(coalesce(b.k, 0) AS DOUBLE) AS k,
            CAST(every.n - coalesce(without.n, 0) AS DOUBLE) AS n, {floor} AS floor, coalesce(cards / b.k, 1) AS apart
        FROM every CROSS JOIN ways LEFT JOIN beside b USING (who, way) LEFT JOIN without USING (who, way)
        WHERE every.n >= $least AND every.n > coalesce(without.n, 0))"""
_BY_CARDS = """
    came AS (FROM {came} WHERE months >= $months),
    known AS (SELECT who, count(*) AS n FROM came GROUP BY who HAVING count(*) >= $least / 2),
    did AS (
        SELECT who, way, serial, count(DISTINCT month) AS times, list(DISTINCT day) AS days FROM {lasting} GROUP BY ALL
        HAVING count(DISTINCT month) >= $months),
    again AS (
        SELECT who, way, count(*) AS k, {apart} AS apart
        FROM did JOIN came USING (who, serial) WHERE times >= $often * months
        GROUP BY who, way),
    by_cards AS (
        SELECT 'cards' AS kind, way, who, CAST(coalesce(k, 0) AS DOUBLE) AS k, CAST(n AS DOUBLE) AS n,
            {habit_floor} AS floor, coalesce(apart, 1) AS apart
        FROM known CROSS JOIN ways LEFT JOIN again USING (who, way))"""
#: Of cards that come on the same days in part: between all of them, and one for each day.
BY_DAY = "sqrt(len(list_distinct(flatten(list(days)))) / sum(len(days)))"

_FOREMOST = """
    foremost AS (
        SELECT * REPLACE (greatest(0.0, digits - log10(len({ways}))) AS digits) FROM weighed
        QUALIFY row_number() OVER (PARTITION BY kind, who ORDER BY digits DESC, measure DESC, way) = 1)"""

_SEEN = "SELECT *, 0 AS way FROM evidence"
_CAME = "(SELECT id_ewarong AS who, serial, count(DISTINCT month) AS months FROM {among} GROUP BY ALL)"

#: In how many months each card came to each shop: what :func:`habits` among all sales asks of.
VISITS = Prepared("visits", _CAME.format(among="sales"))


def shares(
    among: str = "sales",
    more: str = "",
    seen: str = _SEEN,
    ways: str = "[0]",
    floor: str = "$floor",
    counts: str = "1",
) -> str:
    """The question for a rule whose evidence is some of the sales of a subject of its one kind.

    Args:
        among: the sales that there are.
        more: further columns, out of ``k``, ``n``, ``measure``, ``edge`` and ``way``.
        floor: share that is usual anyway, of each ``way``.
        counts: of the score, by ``way``.
        seen, ways: evidence with ``way``, of so many: each is compared by itself, and that which is most unlike the
            peers' counts, at so many fewer digits as there are more ways to be unlike.
    """
    return f"""
    WITH {_BY_SALES.format(among=among, seen=seen, ways=ways, floor=floor)},
    counted AS (FROM by_sales),
    {WEIGHED}, {_FOREMOST.format(ways=ways)}
    SELECT *, {counts} * score_over(digits, $digits) AS score{more} FROM foremost
    """


def habits(
    more: str = "",
    seen: str = _SEEN,
    ways: str = "[0]",
    sales: str = "1",
    lasting: str = "seen",
    among: str = "sales",
    apart: str = "1",
    floor: str = "$floor",
    habit_floor: str = "$habit_floor",
) -> str:
    """The same, and by regular cards: those with sales there in enough months, of which some did it in enough months.

    Args:
        among, seen, ways, floor: as above, and ``habit_floor`` of cards; a rule among all sales prepares
            :data:`VISITS`.
        more: out of ``again``, ``regular``, ``said_again`` and ``dikatakan_lagi`` too.
        sales: what sales by themselves count, beside the cards.
        lasting: instead of ``seen``, what may make a habit.
        apart: of the cards that do it again and again, the share that are independent: 1, or :data:`BY_DAY`.
    """
    came = VISITS.name if among == "sales" else _CAME.format(among=among)
    return f"""
    WITH {_BY_SALES.format(among=among, seen=seen, ways=ways, floor=floor)},
        {_BY_CARDS.format(came=came, lasting=lasting, apart=apart, habit_floor=habit_floor)},
    counted AS (FROM by_sales UNION ALL BY NAME FROM by_cards),
    {WEIGHED}, {_FOREMOST.format(ways=ways)},
    both_kinds AS (
        SELECT s.* EXCLUDE (kind), coalesce(c.k, 0) AS again, coalesce(c.n, 0) AS regular,
            coalesce(c.edge, 0) AS again_edge, coalesce(c.digits, 0) AS again_digits
        FROM (FROM foremost WHERE kind = 'sales') s LEFT JOIN (FROM foremost WHERE kind = 'cards') c USING (who))
    SELECT *, greatest({sales} * score_over(digits, $digits), score_over(again_digits, $digits)) AS score,
        if(again_digits > $digits, format(' {{:.0f}} of {{:.0f}} regular cards did so in {{}} months or more; up to '
            '{{:.0f}}% is usual.', again, regular, $months, 100 * again_edge), '') AS said_again,
        if(again_digits > $digits, format(' {{:.0f}} dari {{:.0f}} kartu langganan begitu dalam {{}} bulan atau lebih; '
            'lazimnya sampai {{:.0f}}%.', again, regular, $months, 100 * again_edge), '') AS dikatakan_lagi{more}
    FROM both_kinds
    """


def habits_by(
    more: str = "",
    seen: str = "",
    ways: str = "[0]",
    sales: str = "1",
    cards: str = "1",
    lasting: str = "seen",
    apart: str = "1",
    floor: str = "$floor",
) -> str:
    """The same for evidence with ``subject``: shops, and cards by themselves. ``cards``: what these count."""
    seen = seen or f"{_SEEN} WHERE subject = 'shop'"
    shops = habits(seen=seen, ways=ways, sales=sales, lasting=lasting, apart=apart, floor=floor)
    return f"""
    WITH bought AS (SELECT serial AS who, count(*) AS n FROM sales GROUP BY ALL HAVING count(*) >= $card_least),
    times AS (SELECT who, count(*) AS k FROM evidence WHERE subject = 'card' GROUP BY who),
    counted AS (
        SELECT 'card' AS kind, 0 AS way, 1 AS apart, who, CAST(coalesce(k, 0) AS DOUBLE) AS k, CAST(n AS DOUBLE) AS n,
            $card_floor AS floor
        FROM bought LEFT JOIN times USING (who)),
    {WEIGHED},
    either AS (
        SELECT 'shop' AS subject, * FROM ({shops}) UNION ALL BY NAME
        SELECT 'card' AS subject, *, '' AS said_again, '' AS dikatakan_lagi,
            {cards} * score_over(digits, $card_digits) AS score
        FROM weighed)
    SELECT *{more} FROM either
    """
