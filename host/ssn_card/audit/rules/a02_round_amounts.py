# SPDX-License-Identifier: Apache-2.0
"""A2: more round amounts than peers have. A package of Rp300,000 is round and normal, so its multiples do not count."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import ShareParameters, given, shares
from .rule import Rule


class RoundParameters(ShareParameters):
    """Parameters of A2."""

    step: int = given(50_000, "rupiah: multiples of it are round", "rupiah: kelipatannya dianggap bulat", ge=1)
    package: int = given(300_000, "rupiah: multiples of it are normal", "rupiah: kelipatannya wajar", ge=1)
    floor: float = given(0.005, "a share that is usual whatever the peers do", "bagian yang selalu lazim", gt=0, lt=1)


RULE = Rule(
    code="A2",
    title=Text("Round amounts", "Jumlah bulat"),
    source="programme.md A2; goods at shelf prices seldom come to a round sum, cash does",
    subjects=(Subject.SHOP,),
    parameters=RoundParameters,
    evidence="""
        SELECT id_ewarong AS who, serial, seq, day, amount, amount AS telling
        FROM sales WHERE amount % $step = 0 AND amount % $package <> 0""",
    query=shares(),
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.0%}) are of a round amount other than a package; up to {edge:.0%} is "
        "usual.",
        "{receipts} dari {n:.0f} penjualan ({measure:.0%}) berjumlah bulat selain paket; lazimnya sampai {edge:.0%}.",
    ),
)
