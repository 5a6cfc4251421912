# SPDX-License-Identifier: Apache-2.0
"""A2: more round amounts than peers have. A package of Rp300,000 is round and normal, so its multiples do not count.

A shop that packs and prices sets has round sums, too, and its baskets say what for: so such sums count little, and
those without a basket count in full.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import ShareParameters, given, shares
from .rule import Rule


class RoundParameters(ShareParameters):
    """Parameters of A2."""

    step: int = given(
        5_000, "rupiah: multiples of it are round, of 2, 5, 10, 20 times it more so", "rupiah: kelipatannya bulat", ge=1
    )
    whole: int = given(
        1_000, "rupiah: of multiples of it some are round by chance", "rupiah: kelipatannya kadang bulat", ge=1
    )
    goods: float = given(
        0.1, "of the score, where baskets tell of goods", "bagian nilai bila ada keranjang", ge=0, le=1
    )
    package: int = given(300_000, "rupiah: multiples of it are normal", "rupiah: kelipatannya wajar", ge=1)
    floor: float = given(
        1, "times the share of whole sums that are round by chance", "kali bagian bulat secara kebetulan", gt=0
    )
    least: int = given(10, "such sales without which nobody is judged", "penjualan minimal agar dinilai", ge=1)


#: Of five steps, without a basket, and with whatever basket.
_WAYS = "[1, 2, 5, 10, 20, 101, 102, 105, 110, 120]"

RULE = Rule(
    code="A2",
    title=Text("Round amounts", "Jumlah bulat"),
    source="programme.md A2; goods at shelf prices seldom come to a round sum, cash does",
    subjects=(Subject.SHOP,),
    parameters=RoundParameters,
    evidence="""
        SELECT id_ewarong AS who, serial, seq, day, amount, amount AS telling, basket_id IS NULL AS bare
        FROM sales WHERE amount % $step = 0 AND amount % $package <> 0""",
    query=shares(
        "(FROM sales WHERE amount % $whole = 0 AND amount % $package <> 0)",
        more=", $step * (way % 100) AS step_rp, $whole AS whole_rp, if(way < 100, ' without a basket', '') AS bare, "
        "if(way < 100, ' tanpa keranjang', '') AS tanpa",
        seen=f"SELECT evidence.*, way FROM evidence, (SELECT unnest({_WAYS}) AS way) "
        "WHERE amount % ($step * (way % 100)) = 0 AND (bare OR way > 100)",
        ways=_WAYS,
        floor="least(0.9, $floor * $whole / ($step * (way % 100)))",
        counts="if(way < 100, 1, $goods)",
    ),
    reason=Text(
        "{k:.0f} of {n:.0f} sales of whole {whole_rp} ({measure:.0%}) are multiples of {step_rp}{bare} other than a "
        "package; up to {edge:.0%} is usual.",
        "{k:.0f} dari {n:.0f} penjualan kelipatan {whole_rp} ({measure:.0%}) adalah kelipatan {step_rp}{tanpa} selain "
        "paket; lazimnya sampai {edge:.0%}.",
    ),
)
