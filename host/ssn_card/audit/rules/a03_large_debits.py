# SPDX-License-Identifier: Apache-2.0
"""A3: debits that are large against the shop's peers: among the largest tenth of all, thirtieth, or ninetieth."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import VISITS, HabitParameters, given, habits
from .rule import Rule, Weight
from .signs import Sign


class LargeParameters(HabitParameters):
    """Parameters of A3."""

    quantile: float = given(
        0.9, "share of all purchases that is not large", "bagian belanja yang tidak besar", gt=0, lt=1
    )
    package: int = given(
        330_000, "rupiah: up to a package, and a dear one, no debit is large", "rupiah: paket, yang mahal pun", ge=1
    )


_LARGE = """
    SELECT way, greatest($package, large) AS large
    FROM (
        SELECT unnest([1, 3, 9]) AS way,
            unnest(quantile_disc(amount, [$quantile, 1 - (1 - $quantile) / 3, 1 - (1 - $quantile) / 9])) AS large
        FROM sales)"""

RULE = Rule(
    code="A3",
    title=Text("Large debits", "Debit besar"),
    source="programme.md A3; SNAP EBT trafficking: large transactions against stores of the same kind",
    subjects=(Subject.SHOP,),
    weight=Weight.HABIT,
    signs=frozenset({Sign.ROUND, Sign.ALIKE}),
    parameters=LargeParameters,
    evidence="""
        SELECT id_ewarong AS who, serial, seq, day, amount, amount AS telling
        FROM sales WHERE amount > (SELECT greatest($package, quantile_disc(amount, $quantile)) FROM sales)""",
    query=habits(
        more=f", (SELECT any_value(large) FROM ({_LARGE}) l WHERE l.way = both_kinds.way) AS large_rp",
        seen=f"SELECT evidence.*, way FROM evidence JOIN ({_LARGE}) ON amount > large",
        ways="[1, 3, 9]",
    ),
    prepares=(VISITS,),
    reason=Text(
        "{k:.0f} of {n:.0f} sales ({measure:.1%}) are above {large_rp}; up to {edge:.1%} is usual.{said_again}",
        "{k:.0f} dari {n:.0f} penjualan ({measure:.1%}) di atas {large_rp}; lazimnya sampai {edge:.1%}."
        "{dikatakan_lagi}",
    ),
)
