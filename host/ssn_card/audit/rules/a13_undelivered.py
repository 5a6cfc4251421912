# SPDX-License-Identifier: Apache-2.0
"""A13: used though never delivered, or though reported lost, by shop; used so, or loaded and never used, by companion.

Lists of hand-over follow late, so of a companion's cards those count that were used in several months while nobody had
been handed them. Where they are most of her cards, it is she who holds them, wherever she has them swiped: then they
count for her, and not for the shop. A shop or a clerk has cards of many companions, a few of each. A list that came
late to the office is of one month, so a shop's worst month is left out; who holds cards uses them month after month.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import WEIGHED, ShareParameters, given
from .rule import Rule, Weight


class UndeliveredParameters(ShareParameters):
    """Parameters of A13."""

    days: int = given(
        3, "days by which the day of hand-over may be noted too late", "hari keterlambatan catatan penyerahan", ge=0
    )
    least: int = given(
        5, "sales or cards without which nobody is judged", "penjualan atau kartu minimal agar dinilai", ge=1
    )
    months: int = given(3, "months of use that no late list explains", "bulan pemakaian sebelum diserahkan", ge=2)
    held: float = given(
        0.5,
        "of a companion's cards used so, from which it is she who holds them",
        "bagian kartu pendamping yang dipakai demikian",
        gt=0,
        le=1,
    )
    held_floor: float = given(
        0.03, "a share of her cards used so that is usual", "bagian kartu dipakai demikian yang lazim", gt=0, lt=1
    )
    loads: int = given(3, "loads without any use from which a card is idle", "muatan tanpa pemakaian", ge=1)
    floor: float = given(
        0.01, "a share of sales that is usual whatever the peers do", "bagian penjualan yang selalu lazim", gt=0, lt=1
    )
    idle: float = given(
        0.3, "a share of idle cards that is usual anyway", "bagian kartu menganggur yang selalu lazim", gt=0, lt=1
    )


RULE = Rule(
    code="A13",
    title=Text("Used undelivered, or loaded and never used", "Dipakai sebelum diserahkan, atau dimuat tanpa dipakai"),
    source="programme.md A13; BPK 2020: 959,003 cards never handed out",
    subjects=(Subject.SHOP, Subject.COMPANION),
    weight=Weight.GRAVE,
    parameters=UndeliveredParameters,
    evidence="""
        WITH early AS (
            SELECT s.*, c.delivered_on IS NULL OR s.day < c.delivered_on - CAST($days AS INTEGER) AS undelivered
            FROM sales s JOIN cards c USING (serial)
            WHERE undelivered OR s.day > c.blocked_on + CAST($days AS INTEGER)),
        lasting AS (
            SELECT companion_id, serial FROM early WHERE undelivered
            GROUP BY ALL HAVING count(DISTINCT month) >= $months),
        holders AS (
            SELECT companion_id FROM (SELECT companion_id, count(*) AS k FROM lasting GROUP BY ALL)
                JOIN (SELECT companion_id, count(DISTINCT serial) AS n FROM sales GROUP BY ALL) USING (companion_id)
            WHERE k >= $held * n)
        SELECT 'shop' AS subject, id_ewarong AS who, serial, seq, day, amount, amount AS telling
        FROM early LEFT JOIN holders h USING (companion_id) WHERE h.companion_id IS NULL OR NOT undelivered
        UNION ALL
        SELECT 'companion', companion_id, serial, seq, day, amount, amount
        FROM early SEMI JOIN holders USING (companion_id) SEMI JOIN lasting USING (serial) WHERE undelivered""",
    query=f"""
        WITH used AS (SELECT companion_id, serial, count(*) AS times FROM sales GROUP BY ALL),
        loaded AS (SELECT serial, count(*) AS loads FROM updates GROUP BY serial),
        idle AS (
            SELECT c.companion_id, count(*) AS n, count(*) FILTER (WHERE used.serial IS NULL AND loads >= $loads) AS k
            FROM cards c JOIN loaded USING (serial) LEFT JOIN used USING (serial) GROUP BY c.companion_id),
        monthly AS (
            SELECT subject, who, date_trunc('month', day) AS month, count(*) AS k FROM evidence GROUP BY ALL),
        early AS (
            SELECT subject, who, any_value(lasting) AS k, count(DISTINCT serial) AS cards
            FROM evidence JOIN (SELECT subject, who, sum(k) - max(k) AS lasting FROM monthly GROUP BY ALL)
                USING (subject, who)
            GROUP BY ALL),
        sold AS (SELECT id_ewarong AS who, count(*) AS n FROM sales GROUP BY id_ewarong),
        hers AS (
            SELECT companion_id AS who, count(*) AS n FROM used WHERE companion_id IS NOT NULL GROUP BY companion_id),
        counted AS (
            SELECT 'shop' AS kind, 0 AS way, 1 AS apart, who, CAST(coalesce(k, 0) AS DOUBLE) AS k,
                CAST(n AS DOUBLE) AS n, $floor AS floor, coalesce(cards, 0) AS cards
            FROM sold LEFT JOIN (FROM early WHERE subject = 'shop') USING (who) WHERE n >= $least
            UNION ALL SELECT 'companion', 0, 1, companion_id, k, n, $idle, k FROM idle WHERE n >= $least
            UNION ALL
            SELECT 'companion', 1, 1, who, coalesce(cards, 0), n, $held_floor, coalesce(cards, 0)
            FROM hers LEFT JOIN (FROM early WHERE subject = 'companion') USING (who) WHERE n >= $least),
        {WEIGHED}
        SELECT *, kind AS subject, score_over(digits, $digits) AS score,
            CASE WHEN kind = 'shop' THEN 'sales on cards not yet handed over, or blocked'
                WHEN way = 0 THEN 'cards loaded and never used'
                ELSE format('cards used in {{}} months or more while nobody had been handed them', $months) END AS what,
            CASE WHEN kind = 'shop' THEN 'penjualan dengan kartu yang belum diserahkan atau diblokir'
                WHEN way = 0 THEN 'kartu dimuat tanpa dipakai'
                ELSE format('kartu yang dipakai dalam {{}} bulan atau lebih sebelum diserahkan', $months) END AS hal,
            if(kind = 'shop', ' without the worst month', '') AS beside,
            if(kind = 'shop', ' di luar bulan terburuk', '') AS di_luar
        FROM weighed QUALIFY row_number() OVER (PARTITION BY kind, who ORDER BY score DESC, measure DESC, way) = 1""",
    reason=Text(
        "{k:.0f} of {n:.0f} ({measure:.0%}) are {what}{beside}, {cards} cards in all; up to {edge:.0%} is usual.",
        "{k:.0f} dari {n:.0f} ({measure:.0%}) adalah {hal}{di_luar}, seluruhnya {cards} kartu; lazimnya sampai "
        "{edge:.0%}.",
    ),
)
