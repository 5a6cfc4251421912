# SPDX-License-Identifier: Apache-2.0
"""A18: what verification found against receipts: by shop where the receipts are of one, else by card.

A copy, a gap or a clock that goes back happens to honest shops; so a shop is told of where it has many more than its
peers. A receipt that was altered, made up or does not add up does not happen: one is enough.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import WEIGHED, ShareParameters, given
from .rule import Rule


class ProofParameters(ShareParameters):
    """Parameters of A18."""

    harmless: float = given(
        0.3,
        "of the score, where only copies, clocks and baskets are told of",
        "bagian nilai untuk hal ringan",
        ge=0,
        le=1,
    )


_HARD = "('forged', 'malformed', 'broken_chain', 'wrong_arithmetic', 'refused', 'unknown_card', 'columns')"

RULE = Rule(
    code="A18",
    title=Text("Receipts that prove something else", "Kuitansi yang tidak cocok"),
    source="programme.md A18; findings of verification (docs/auditor.md)",
    subjects=(Subject.SHOP, Subject.CARD),
    parameters=ProofParameters,
    evidence=f"""
        WITH found AS (
            SELECT serial, seq, problem, problem IN {_HARD} AS hard, min(line) AS line FROM problems
            WHERE serial IS NOT NULL AND seq IS NOT NULL AND problem NOT IN ('no_basket', 'missing', 'not_handed_in')
            GROUP BY ALL)
        SELECT 'shop' AS subject, r.id_ewarong AS who, r.serial, r.seq, r.day, coalesce(r.amount, 0) AS amount,
            hard AS telling
        FROM found JOIN receipts r USING (serial, seq) WHERE r.id_ewarong IS NOT NULL
        UNION ALL
        SELECT 'card', serial, serial, seq, NULL, 0, hard FROM found WHERE hard""",
    query=f"""
        WITH counted AS (
            SELECT 'shop' AS kind, 0 AS way, 1 AS apart, id_ewarong AS who, CAST(count(*) AS DOUBLE) AS n,
                CAST(coalesce(any_value(k), 0) AS DOUBLE) AS k, coalesce(any_value(hard), 0) AS hard, $floor AS floor
            FROM receipts LEFT JOIN (
                SELECT who AS id_ewarong, count(*) AS k, count(*) FILTER (WHERE telling) AS hard
                FROM evidence WHERE subject = 'shop' GROUP BY who) USING (id_ewarong)
            WHERE id_ewarong IS NOT NULL GROUP BY id_ewarong HAVING count(*) >= $least),
        {WEIGHED}
        SELECT 'shop' AS subject, who, k, n, measure, edge, hard,
            greatest($harmless * score_over(digits, $digits), hard / (hard + 1.0)) AS score FROM weighed
        UNION ALL
        SELECT 'card', who, count(*), count(*), count(*), 0, count(*), count(*) / (count(*) + 1.0)
        FROM evidence WHERE subject = 'card' GROUP BY who""",
    reason=Text(
        "Verification has something to say of {k:.0f} receipts, of {hard} that they are not what the card wrote.",
        "Pemeriksaan mencatat sesuatu pada {k:.0f} kuitansi; {hard} di antaranya bukan seperti yang ditulis kartu.",
    ),
)
