# SPDX-License-Identifier: Apache-2.0
"""A6: sold before the goods were there: the shop's invoices cover what it sold only later (pre-swiping).

Nobody knows what a shop had in stock when the year began, and some suppliers bill later, so some days' sales are
allowed for; and what is never made up for, whether it stood on the shelf then or was never there, is A14's.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import ShareParameters, given, shares
from .rule import Blind, Rule, Weight
from .stock import STOCK, WITHOUT_BASKET


class BeforeParameters(ShareParameters):
    """Parameters of A6."""

    stock_days: float = given(
        5,
        "days of sales that a shop had in stock, or is billed for later",
        "hari penjualan dari stok, atau yang ditagih kemudian",
        ge=0,
    )


RULE = Rule(
    code="A6",
    title=Text("Sold before the goods were there", "Dijual sebelum barang ada"),
    source="programme.md A6; pre-swiping in BPNT: cards are debited, goods come later",
    subjects=(Subject.SHOP,),
    weight=Weight.GRAVE,
    needs=frozenset({"invoices"}),
    parameters=BeforeParameters,
    evidence="""
        WITH lacks AS (FROM stock WHERE -left_over > $stock_days * daily),
        made_up AS (
            SELECT id_ewarong, code, max(day) AS until FROM stock SEMI JOIN lacks USING (id_ewarong, code)
            WHERE left_over >= 0 GROUP BY ALL),
        short AS (
            SELECT id_ewarong, day, max((-left_over - $stock_days * daily) / greatest(daily, 1)) AS lacking
            FROM lacks JOIN made_up USING (id_ewarong, code) WHERE day < until GROUP BY ALL)
        SELECT s.id_ewarong AS who, s.serial, s.seq, s.day, s.amount, short.lacking AS telling
        FROM sales s JOIN short USING (id_ewarong, day) WHERE s.basket_id IS NOT NULL""",
    query=shares(),
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.0%}) are of days on which the shop had sold far more than it had "
        "bought until then, and bought it later; up to {edge:.0%} is usual.",
        "{receipts} dari {n:.0f} penjualan ({measure:.0%}) terjadi saat toko sudah menjual jauh lebih banyak daripada "
        "yang dibelinya, lalu baru membelinya; lazimnya sampai {edge:.0%}.",
    ),
    prepares=(STOCK,),
    blind=(Blind(*WITHOUT_BASKET),),
)
