# SPDX-License-Identifier: Apache-2.0
"""A13: used though never delivered, or though reported lost, by shop; and loaded but never used, by companion.

A list of hand-overs that came late to the office is of one month, so a shop's worst month is left out; who holds cards
uses them month after month.
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
        SELECT 'shop' AS subject, s.id_ewarong AS who, s.serial, s.seq, s.day, s.amount, s.amount AS telling
        FROM sales s JOIN cards c USING (serial)
        WHERE c.delivered_on IS NULL OR s.day < c.delivered_on - CAST($days AS INTEGER)
            OR s.day > c.blocked_on + CAST($days AS INTEGER)""",
    query=f"""
        WITH used AS (SELECT DISTINCT serial FROM sales),
        loaded AS (SELECT serial, count(*) AS loads FROM updates GROUP BY serial),
        idle AS (
            SELECT c.companion_id, count(*) AS n, count(*) FILTER (WHERE used.serial IS NULL AND loads >= $loads) AS k
            FROM cards c JOIN loaded USING (serial) LEFT JOIN used USING (serial) GROUP BY c.companion_id),
        monthly AS (
            SELECT who, date_trunc('month', day) AS month, count(*) AS k FROM evidence
            GROUP BY ALL),
        early AS (
            SELECT who, any_value(lasting) AS k, count(DISTINCT serial) AS cards
            FROM evidence JOIN (SELECT who, sum(k) - max(k) AS lasting FROM monthly GROUP BY who) USING (who)
            GROUP BY who),
        sold AS (SELECT id_ewarong AS who, count(*) AS n FROM sales GROUP BY id_ewarong),
        counted AS (
            SELECT 'shop' AS kind, 0 AS way, 1 AS apart, who, CAST(coalesce(k, 0) AS DOUBLE) AS k,
                CAST(n AS DOUBLE) AS n, $floor AS floor, coalesce(cards, 0) AS cards
            FROM sold LEFT JOIN early USING (who) WHERE n >= $least
            UNION ALL SELECT 'companion', 0, 1, companion_id, k, n, $idle, k FROM idle WHERE n >= $least),
        {WEIGHED}
        SELECT *, kind AS subject, score_over(digits, $digits) AS score,
            if(kind = 'shop', 'sales on cards not yet handed over, or blocked',
                'cards loaded and never used') AS what,
            if(kind = 'shop', ' without the worst month', '') AS beside,
            if(kind = 'shop', ' di luar bulan terburuk', '') AS di_luar,
            if(kind = 'shop', 'penjualan dengan kartu yang belum diserahkan atau diblokir',
                'kartu dimuat tanpa dipakai') AS hal
        FROM weighed""",
    reason=Text(
        "{k:.0f} of {n:.0f} ({measure:.0%}) are {what}{beside}, {cards} cards in all; up to {edge:.0%} is usual.",
        "{k:.0f} dari {n:.0f} ({measure:.0%}) adalah {hal}{di_luar}, seluruhnya {cards} kartu; lazimnya sampai "
        "{edge:.0%}.",
    ),
)
