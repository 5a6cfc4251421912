# SPDX-License-Identifier: Apache-2.0
"""A12: a family whose card was replaced in four or more different months.

A card that broke is handed in for the new one; a card that is said to be lost may be anywhere, and be used. So where
most of them broke, they count little: roofs leak. Who loses cards breaks one now and then, too, and all count.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import given
from .rule import Rule, RuleParameters, Weight


class ReplacementParameters(RuleParameters):
    """Parameters of A12."""

    months: int = given(4, "months with a replacement from which it is told", "banyaknya bulan mulai dilaporkan", ge=2)
    handed_in: float = given(
        0.2, "of the score, where most of them broke", "bagian nilai bila kebanyakan rusak", ge=0, le=1
    )


RULE = Rule(
    code="A12",
    title=Text("Many replacements", "Banyak penggantian kartu"),
    source="programme.md A12; USDA: four or more EBT cards a year as a sign of trafficking",
    subjects=(Subject.FAMILY,),
    weight=Weight.GRAVE,
    parameters=ReplacementParameters,
    evidence="""
        SELECT family AS who, serial, seq, day, amount, amount AS telling
        FROM sales SEMI JOIN told ON who = family""",
    query="""
        SELECT *, if(broke, ' Most broke and were handed in: ask first.', '') AS said,
            if(broke, ' Kebanyakan rusak dan diserahkan kembali: tanyakan dulu.', '') AS dikatakan,
            if(measure >= $months, if(broke, $handed_in, 1) * measure / (measure + 1), 0.0) AS score
        FROM (SELECT *, 2 * lost < measure AS broke FROM (
            SELECT family AS who, count(*) AS cards,
                count(DISTINCT date_trunc('month', issued_on)) FILTER (WHERE "replaces" IS NOT NULL) AS measure,
                count(DISTINCT date_trunc('month', issued_on))
                    FILTER (WHERE "replaces" IS NOT NULL AND coalesce(reason, 'lost') = 'lost') AS lost
            FROM cards GROUP BY family))""",
    reason=Text(
        "The family has had {cards} cards, replaced in {measure:.0f} different months, {lost} of these as lost.{said}",
        "Keluarga ini sudah punya {cards} kartu, diganti dalam {measure:.0f} bulan yang berbeda, {lost} di antaranya "
        "karena hilang.{dikatakan}",
    ),
)
