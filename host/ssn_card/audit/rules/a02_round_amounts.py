# SPDX-License-Identifier: Apache-2.0
"""A2: more round amounts than peers have. A package of Rp300,000 is round and normal, so its multiples do not count."""

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
    package: int = given(300_000, "rupiah: multiples of it are normal", "rupiah: kelipatannya wajar", ge=1)
    floor: float = given(
        1, "times the share of whole sums that are round by chance", "kali bagian bulat secara kebetulan", gt=0
    )
    least: int = given(10, "such sales without which nobody is judged", "penjualan minimal agar dinilai", ge=1)


RULE = Rule(
    code="A2",
    title=Text("Round amounts", "Jumlah bulat"),
    source="programme.md A2; goods at shelf prices seldom come to a round sum, cash does",
    subjects=(Subject.SHOP,),
    parameters=RoundParameters,
    evidence="""
        SELECT id_ewarong AS who, serial, seq, day, amount, amount AS telling
        FROM sales WHERE amount % $step = 0 AND amount % $package <> 0""",
    query=shares(
        "(FROM sales WHERE amount % $whole = 0 AND amount % $package <> 0)",
        more=", $step * way AS step_rp, $whole AS whole_rp",
        seen="SELECT evidence.*, way FROM evidence, (SELECT unnest([1, 2, 5, 10, 20]) AS way) "
        "WHERE amount % ($step * way) = 0",
        ways="[1, 2, 5, 10, 20]",
        floor="least(0.9, $floor * $whole / ($step * way))",
    ),
    reason=Text(
        "{k:.0f} of {n:.0f} sales of whole {whole_rp} ({measure:.0%}) are multiples of {step_rp} other than a package; "
        "up to {edge:.0%} is usual.",
        "{k:.0f} dari {n:.0f} penjualan kelipatan {whole_rp} ({measure:.0%}) adalah kelipatan {step_rp} selain paket; "
        "lazimnya sampai {edge:.0%}.",
    ),
)
