# SPDX-License-Identifier: Apache-2.0
"""A12: a family whose card was replaced in four or more different months."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import given
from .rule import Rule, RuleParameters, Weight


class ReplacementParameters(RuleParameters):
    """Parameters of A12."""

    months: int = given(4, "months with a replacement from which it is told", "banyaknya bulan mulai dilaporkan", ge=2)


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
        SELECT family AS who, count(DISTINCT date_trunc('month',
            issued_on)) FILTER (WHERE "replaces" IS NOT NULL) AS measure,
            count(*) AS cards, CASE WHEN measure >= $months THEN measure / (measure + 1) ELSE 0.0 END AS score
        FROM cards GROUP BY family""",
    reason=Text(
        "The family has had {cards} cards, replaced in {measure:.0f} different months.",
        "Keluarga ini sudah punya {cards} kartu, diganti dalam {measure:.0f} bulan yang berbeda.",
    ),
)
