# SPDX-License-Identifier: Apache-2.0
"""A3: more large debits than peers have: above a package, and what nearly all purchases of the city come to."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import ShareParameters, given, shares
from .rule import Rule


class LargeParameters(ShareParameters):
    """Parameters of A3."""

    quantile: float = given(
        0.95, "share of all purchases that is not large", "bagian belanja yang tidak besar", gt=0, lt=1
    )
    package: int = given(300_000, "rupiah: up to it no debit is large", "rupiah: sampai nilai ini tidak besar", ge=1)
    floor: float = given(0.05, "a share that is usual whatever the peers do", "bagian yang selalu lazim", gt=0, lt=1)


RULE = Rule(
    code="A3",
    title=Text("Large debits", "Debit besar"),
    source="programme.md A3; SNAP EBT trafficking: large transactions against stores of the same kind",
    subjects=(Subject.SHOP,),
    parameters=LargeParameters,
    evidence="""
        SELECT id_ewarong AS who, serial, seq, day, amount, amount AS telling
        FROM sales WHERE amount > (SELECT greatest($package, quantile_disc(amount, $quantile)) FROM sales)""",
    query=shares(more=", (SELECT greatest($package, quantile_disc(amount, $quantile)) FROM sales) AS large_rp"),
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.0%}) are above {large_rp}; up to {edge:.0%} is usual.",
        "{receipts} dari {n:.0f} penjualan ({measure:.0%}) di atas {large_rp}; lazimnya sampai {edge:.0%}.",
    ),
)
