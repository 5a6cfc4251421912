# SPDX-License-Identifier: Apache-2.0
"""A6: sold before the goods were there: the shop's invoices cover what it sold only later (pre-swiping).

Nobody knows what a shop had in stock when the year began, and some suppliers bill later, so some days' sales are
allowed for; and what is never made up for, whether it stood on the shelf then or was never there, is A14's. Goods that
a household may produce itself are not looked at, for they come without invoices.

Where a supplier bills later, people buy meanwhile what they always buy; who swipes first and brings goods later swipes
whole packages. So few such sales are enough where far more of them take most of a package than of the shop's others.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import ShareParameters, given, shares
from .rule import Blind, Rule, Weight
from .stock import HOMEMADE, STOCK, WITHOUT_BASKET


class BeforeParameters(ShareParameters):
    """Parameters of A6."""

    stock_days: float = given(
        5,
        "days of sales that a shop had in stock, or is billed for later",
        "hari penjualan dari stok, atau yang ditagih kemudian",
        ge=0,
    )
    homemade: str = given(HOMEMADE, "goods that a household may produce itself", "barang yang mungkin buatan sendiri")
    large_floor: float = given(
        0.5, "share of sales of most of a package that is usual", "bagian belanja besar yang lazim", gt=0, lt=1
    )
    large_digits: float = given(
        2, "digits of improbability of so many of them", "digit ketidakmungkinan belanja besar sebanyak itu", gt=0
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
        WITH lacks AS (
            FROM stock WHERE -left_over > $stock_days * daily
                AND code NOT IN (SELECT unnest(string_split($homemade, ' ')))),
        made_up AS (
            SELECT id_ewarong, code, max(day) AS until FROM stock SEMI JOIN lacks USING (id_ewarong, code)
            WHERE left_over >= 0 GROUP BY ALL),
        short AS (
            SELECT id_ewarong, day, max((-left_over - $stock_days * daily) / greatest(daily, 1)) AS lacking
            FROM lacks JOIN made_up USING (id_ewarong, code) WHERE day < until GROUP BY ALL)
        SELECT s.id_ewarong AS who, s.serial, s.seq, s.day, s.amount, short.lacking AS telling
        FROM sales s JOIN short USING (id_ewarong, day) WHERE s.basket_id IS NOT NULL""",
    query=f"""
        WITH sized AS (
            SELECT *
            FROM (SELECT who, count(*) AS before, count(*) FILTER (WHERE amount >= $limit_sized) AS large_before
                FROM evidence GROUP BY ALL)
            JOIN (SELECT id_ewarong AS who, count(*) AS all_sales,
                    count(*) FILTER (WHERE amount >= $limit_sized) AS large_sales
                FROM sales GROUP BY ALL) USING (who)),
        likely AS (
            SELECT who, large_before / before AS taken,
                (large_sales - large_before) / greatest(1, all_sales - before) AS otherwise,
                surprise(large_before, before, least(0.99, greatest(otherwise, $large_floor))) AS large_digits
            FROM sized)
        SELECT h.* EXCLUDE (score), greatest(h.score, score_over(coalesce(large_digits, 0), $large_digits)) AS score,
            if(large_digits > $large_digits, format(' {{:.0f}}% of them are of {{}} rupiah or more, of its others '
                '{{:.0f}}%.', 100 * taken, $limit_sized, 100 * otherwise), '') AS said_large,
            if(large_digits > $large_digits, format(' {{:.0f}}% di antaranya {{}} rupiah atau lebih, dari yang lain '
                '{{:.0f}}%.', 100 * taken, $limit_sized, 100 * otherwise), '') AS dikatakan_besar
        FROM ({shares()}) h LEFT JOIN likely USING (who)""",
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.0%}) are of days on which the shop had sold far more than it had "
        "bought until then, and bought it later; up to {edge:.0%} is usual.{said_large}",
        "{receipts} dari {n:.0f} penjualan ({measure:.0%}) terjadi saat toko sudah menjual jauh lebih banyak daripada "
        "yang dibelinya, lalu baru membelinya; lazimnya sampai {edge:.0%}.{dikatakan_besar}",
    ),
    prepares=(STOCK,),
    blind=(Blind(*WITHOUT_BASKET),),
)
