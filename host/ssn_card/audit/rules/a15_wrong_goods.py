# SPDX-License-Identifier: Apache-2.0
"""A15: wrong goods under an allowed code, where it shows: a unit of the staple at a price that is not its own."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import ShareParameters, given, shares
from .prices import PRICED, REFERENCE, WITHOUT_PRICE
from .rule import Blind, Rule


class GoodsParameters(ShareParameters):
    """Parameters of A15."""

    times: float = given(
        1.5, "times the reference price, or a part of it, that is no price of the staple", "kali harga acuan", gt=1
    )


RULE = Rule(
    code="A15",
    title=Text("Wrong goods under an allowed code", "Barang lain dengan kode yang diizinkan"),
    source="programme.md A15; WIC integrity profiles: substitution of unauthorised items",
    subjects=(Subject.SHOP,),
    needs=frozenset({"prices"}),
    parameters=GoodsParameters,
    evidence="""
        SELECT id_ewarong AS who, serial, seq, day, amount, farthest AS telling FROM priced
            WHERE farthest > ln($times)""",
    query=shares(more=", $times AS times"),
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.0%}) hold a staple at more than {times} times its reference price, or "
        "less than that part of it; up to {edge:.0%} is usual.",
        "{receipts} dari {n:.0f} penjualan ({measure:.0%}) memuat bahan pokok dengan harga lebih dari {times} kali "
        "acuan, atau sebaliknya; lazimnya sampai {edge:.0%}.",
    ),
    prepares=(REFERENCE, PRICED),
    blind=(Blind(*WITHOUT_PRICE),),
)
