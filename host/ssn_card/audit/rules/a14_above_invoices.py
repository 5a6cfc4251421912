# SPDX-License-Identifier: Apache-2.0
"""A14: the shop claims more goods than it ever bought."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import given
from .rule import Blind, Rule, RuleParameters, Weight
from .stock import STOCK, WITHOUT_BASKET


class ClaimParameters(RuleParameters):
    """Parameters of A14."""

    reach: float = given(4, "deviations above the peers' median that are usual", "simpangan yang masih lazim", ge=0)
    spread: float = given(
        0.015, "least deviation that is reckoned with", "simpangan terkecil yang diperhitungkan", gt=0
    )
    least: int = given(20, "units sold without which nobody is judged", "satuan terjual minimal agar dinilai", ge=1)


RULE = Rule(
    code="A14",
    title=Text("Claims above invoices", "Klaim melebihi faktur"),
    source="programme.md A14; WIC vendor management: inventory audits against invoices",
    subjects=(Subject.SHOP,),
    needs=frozenset({"invoices"}),
    weight=Weight.GRAVE,
    parameters=ClaimParameters,
    evidence="""
        WITH short AS (
            SELECT id_ewarong, code, any_value(owed) / any_value(sold) AS part
            FROM stock SEMI JOIN told ON who = id_ewarong WHERE owed > $spread * sold AND sold > 0 GROUP BY ALL)
        SELECT s.id_ewarong AS who, s.serial, s.seq, s.day, any_value(s.amount) AS amount,
            sum(l.amount * part) AS telling
        FROM sales s JOIN basket_lines l USING (basket_id) JOIN short USING (id_ewarong, code) GROUP BY ALL""",
    query="""
        WITH unit AS (
            SELECT code, sum(amount * times) / sum(quantity * times) AS price
            FROM basket_lines JOIN (SELECT basket_id, count(*) AS times FROM sales GROUP BY ALL) USING (basket_id)
            GROUP BY code),
        staples_sold AS (
            SELECT id_ewarong, code, any_value(owed) AS owed, any_value(sold) AS sold FROM stock GROUP BY ALL),
        claimed AS (
            SELECT id_ewarong AS who, sum(owed * price) / sum(sold * price) AS measure, sum(owed * price) AS short_rp,
                arg_max(code, (round(owed * price), code)) AS code
            FROM staples_sold JOIN unit USING (code) GROUP BY ALL HAVING sum(sold) >= $least),
        peers AS (SELECT median(measure) AS middle, mad(measure) AS deviation FROM claimed)
        SELECT who, measure, short_rp, code, middle,
            score_over((measure - middle) / usual_edge(0, deviation, 1, $spread), $reach) AS score
        FROM claimed, peers""",
    reason=Text(
        "{measure:.0%} of the goods claimed, worth {short_rp}, stand in no invoice, most of all {code}; half of the "
        "shops are below {middle:.0%}.",
        "{measure:.0%} barang yang diklaim, senilai {short_rp}, tidak ada fakturnya, terutama {code}; separuh toko di "
        "bawah {middle:.0%}.",
    ),
    prepares=(STOCK,),
    blind=(Blind(*WITHOUT_BASKET),),
)
