# SPDX-License-Identifier: Apache-2.0
"""How rules compare a subject with its peers: macros of DuckDB, and the commonest question, a share of sales.

Peers are described by median and median absolute deviation, which a few wrongdoers among them do not move. What of the
deviation chance alone explains, as shares of few sales scatter, is taken off; the usual edge is the median and some of
the remaining deviations more. How surprising it is to see ``k`` of ``n`` where the edge ``p`` is usual is
told in digits: an improbability of at most 10 to the power of minus digits, by Chernoff's bound of the binomial tail,
which never says more than the tail itself. So a shop with few sales needs a larger share than one with many.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from .rule import RuleParameters

_SIGMA = 1.4826  #: times the median absolute deviation: the standard deviation of what is normally distributed

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
"""


def given(default: float, en: str, indonesian: str, **bounds: Any) -> Any:
    """A parameter with its meaning, and the bounds that pydantic knows."""
    return Field(default, description=f"{en} / {indonesian}", **bounds)


Share = Annotated[float, Field(ge=0, lt=1)]


class ShareParameters(RuleParameters):
    """Of a rule that compares a share of a subject's sales with its peers'."""

    least: int = given(20, "sales without which nobody is judged", "jumlah penjualan minimal agar dinilai", ge=1)
    reach: float = given(
        4, "deviations above the peers' median that are usual", "simpangan di atas median yang masih lazim", ge=0
    )
    floor: Share = given(0.02, "a share that is usual whatever the peers do", "bagian yang selalu dianggap lazim", gt=0)
    digits: float = given(
        4, "digits of improbability from which it is told", "digit ketidakmungkinan mulai dilaporkan", gt=0
    )


class CardShareParameters(ShareParameters):
    """Of a rule that does so for shops, and for cards by themselves."""

    card_least: int = given(8, "sales without which a card is not judged", "penjualan minimal agar kartu dinilai", ge=1)
    card_floor: Share = given(0.05, "a share that is usual for any card", "bagian yang lazim bagi tiap kartu", gt=0)
    card_digits: float = given(3, "digits of improbability for a card", "digit ketidakmungkinan untuk kartu", gt=0)


#: CTE: ``middle`` and ``deviation`` of the shares ``k / n`` that ``counted`` holds.
PEERS_OF_SHARES = """
    peers AS (
        SELECT middle, beyond_chance(deviation, middle * (1 - middle) * rarity) AS deviation
        FROM (SELECT median(k / n) AS middle, mad(k / n) AS deviation, avg(1 / n) AS rarity FROM counted))"""


def shares(of: str = "SELECT id_ewarong AS who, count(*) AS n FROM sales GROUP BY ALL", more: str = "") -> str:
    """The question for a rule whose evidence is some of the sales of a subject of its one kind.

    ``of``: ``who`` and ``n``, all there are; ``more``: further columns, out of ``k``, ``n``, ``measure`` and ``edge``.
    """
    return f"""
    WITH every AS ({of}),
    counted AS (
        SELECT who, CAST(coalesce(k, 0) AS DOUBLE) AS k, CAST(n AS DOUBLE) AS n
        FROM every LEFT JOIN (SELECT who, count(*) AS k FROM evidence GROUP BY who) USING (who)
        WHERE n >= $least),
    {PEERS_OF_SHARES},
    edged AS (
        SELECT who, k, n, k / n AS measure, middle, least(0.99, usual_edge(middle, deviation, $reach, $floor)) AS edge
        FROM counted, peers)
    SELECT *, score_over(surprise(k, n, edge), $digits) AS score{more} FROM edged
    """


#: ``every`` for :func:`shares_by`: shops, and cards by what the parameters of :class:`CardShareParameters` say.
SHOPS_AND_CARDS = """
    SELECT 'shop' AS subject, id_ewarong AS who, count(*) AS n, $least AS least_n, $floor AS floor, $digits AS enough
    FROM sales GROUP BY ALL
    UNION ALL
    SELECT 'card', serial, count(*), $card_least, $card_floor, $card_digits FROM sales GROUP BY ALL"""


def shares_by(every: str = SHOPS_AND_CARDS, more: str = "", cards: str = "count(DISTINCT serial)") -> str:
    """The same for subjects of several kinds, each with its own peers.

    ``every``: ``subject``, ``who``, ``n``, and for each kind ``least_n``, ``floor`` and ``enough`` (digits).
    """
    return f"""
    WITH every AS ({every}),
    found AS (SELECT subject, who, count(*) AS k, {cards} AS cards FROM evidence GROUP BY subject, who),
    counted AS (
        SELECT subject, who, CAST(coalesce(k, 0) AS DOUBLE) AS k, CAST(greatest(n, coalesce(k, 0)) AS DOUBLE) AS n,
            floor,
            enough, coalesce(cards, 0) AS cards
        FROM every LEFT JOIN found USING (subject, who) WHERE n >= least_n),
    peers AS (
        SELECT subject, middle, beyond_chance(deviation, middle * (1 - middle) * rarity) AS deviation FROM (
            SELECT subject, median(k / n) AS middle, mad(k / n) AS deviation, avg(1 / n) AS rarity
            FROM counted GROUP BY subject)),
    edged AS (
        SELECT subject, who, k, n, cards, enough, k / n AS measure, middle,
            least(0.99, usual_edge(middle, deviation, $reach, floor)) AS edge
        FROM counted JOIN peers USING (subject))
    SELECT *, score_over(surprise(k, n, edge), enough) AS score{more} FROM edged
    """
