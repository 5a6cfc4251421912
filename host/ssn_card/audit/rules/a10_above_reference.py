# SPDX-License-Identifier: Apache-2.0
"""A10: prices above reference, more than at peers. Prices drift, so what all shops ask alike is nobody's mark-up."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import given
from .prices import PRICED, REFERENCE, WITHOUT_PRICE
from .rule import Blind, Rule, RuleParameters, Weight
from .stock import WITHOUT_BASKET


class MarkUpParameters(RuleParameters):
    """Parameters of A10."""

    least: int = given(20, "sales without which nobody is judged", "jumlah penjualan minimal agar dinilai", ge=1)
    reach: float = given(4, "deviations above the peers' median that are usual", "simpangan yang masih lazim", ge=0)
    spread: float = given(0.01, "least deviation that is reckoned with", "simpangan terkecil yang diperhitungkan", gt=0)
    shown: float = given(0.05, "mark-up from which a receipt is shown", "kenaikan mulai ditunjukkan", ge=0)


RULE = Rule(
    code="A10",
    title=Text("Prices above reference", "Harga di atas acuan"),
    source="programme.md A10; mark-ups on packages in BPNT",
    subjects=(Subject.SHOP,),
    needs=frozenset({"prices"}),
    weight=Weight.GRAVE,
    parameters=MarkUpParameters,
    evidence="""
        SELECT id_ewarong AS who, serial, seq, day, amount, paid - worth AS telling
        FROM priced SEMI JOIN told ON who = id_ewarong WHERE paid > (1 + $shown) * worth""",
    query="""
        WITH ratios AS (
            SELECT id_ewarong AS who, count(*) AS n, sum(paid) / sum(worth) - 1 AS measure,
                sum(paid - worth) AS above_rp
            FROM priced GROUP BY ALL HAVING count(*) >= $least),
        peers AS (SELECT median(measure) AS middle, mad(measure) AS deviation FROM ratios)
        SELECT who, n, measure, above_rp, middle,
            score_over((measure - middle) / usual_edge(0, deviation, 1, $spread), $reach) AS score
        FROM ratios, peers""",
    reason=Text(
        "Goods of {n} sales were paid {measure:.0%} above reference ({above_rp} in all); half of the shops are below "
        "{middle:.0%}.",
        "Barang pada {n} penjualan dibayar {measure:.0%} di atas acuan (seluruhnya {above_rp}); separuh toko di bawah "
        "{middle:.0%}.",
    ),
    prepares=(REFERENCE, PRICED),
    blind=(Blind(*WITHOUT_BASKET), Blind(*WITHOUT_PRICE)),
)
