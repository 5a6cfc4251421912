# SPDX-License-Identifier: Apache-2.0
"""A6: sold before the goods were there: the shop's invoices cover what it sold only later (pre-swiping).

Nobody knows what a shop had in stock when the year began, and some suppliers bill later. So a sale counts where of most
of its goods the shop had sold some days' sales more than it had bought; and what is never made up for, whether it stood
on the shelf then or was never there, is A14's. Goods that a household may produce itself are not looked at, for they
come without invoices.

Where goods are sold on commission, or billed after they came, people meanwhile buy what they always buy; who swipes
first and brings goods later swipes whole packages. So a shop is told of as far as more of these sales take most of a
package than of its others, or where the goods came later than any supplier bills. But where far fewer of them do, it is
whoever comes that takes a little of what the shop did not buy: rice of its own field, fish of its own boat.
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
    bill_days: int = given(
        10, "days after the sale in which any supplier bills", "hari setelah penjualan sampai ditagih pemasok", ge=1
    )
    homemade: str = given(HOMEMADE, "goods that a household may produce itself", "barang yang mungkin buatan sendiri")
    large_floor: float = given(
        0.5, "share of sales of most of a package that is usual", "bagian belanja besar yang lazim", gt=0, lt=1
    )
    large_digits: float = given(
        2,
        "digits of improbability of so many of them at which they count in full",
        "digit ketidakmungkinan belanja besar sebanyak itu agar dihitung penuh",
        gt=0,
    )


_LONGER = "SELECT *, 0 AS way FROM evidence WHERE telling >= $bill_days"

#: ``short``: of goods that come from suppliers, after how many days those came that a shop had sold already.
_SHORT = """
        lacks AS (
            FROM stock JOIN (
                SELECT id_ewarong, code, max(day) AS until FROM stock
                WHERE left_over >= -0.5 AND code NOT IN (SELECT unnest(string_split($homemade, ' ')))
                GROUP BY ALL) USING (id_ewarong, code)
            WHERE -left_over > $stock_days * daily AND day < until),
        short AS (
            SELECT s.id_ewarong, s.code, s.day, date_diff('day', s.day, b.day) AS late
            FROM lacks s ASOF JOIN (FROM stock WHERE bought > 0) b
                ON b.id_ewarong = s.id_ewarong AND b.code = s.code AND s.gone - 0.5 <= b.gone + b.left_over)"""

RULE = Rule(
    code="A6",
    title=Text("Sold before the goods were there", "Dijual sebelum barang ada"),
    source="programme.md A6; pre-swiping in BPNT: cards are debited, goods come later",
    subjects=(Subject.SHOP,),
    weight=Weight.GRAVE,
    needs=frozenset({"invoices"}),
    parameters=BeforeParameters,
    evidence=f"""
        WITH {_SHORT},
        concerned AS (SELECT DISTINCT id_ewarong, day FROM short),
        kinds AS (
            SELECT s.id_ewarong, s.serial, s.seq, s.day, s.amount, coalesce(short.late, 0) AS late
            FROM sales s SEMI JOIN concerned USING (id_ewarong, day)
                JOIN basket_lines l USING (basket_id)
                LEFT JOIN short ON short.id_ewarong = s.id_ewarong AND short.code = l.code AND short.day = s.day
            WHERE l.code NOT IN (SELECT unnest(string_split($homemade, ' '))))
        SELECT id_ewarong AS who, serial, seq, day, any_value(amount) AS amount,
            list_reverse_sort(list(late))[(count(*) + 1) // 2] AS telling
        FROM kinds GROUP BY id_ewarong, serial, seq, day HAVING telling > 0""",
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
                surprise(large_before, before, least(0.99, greatest(otherwise, $large_floor))) AS large_digits,
                surprise(before - large_before, before, least(0.99, 1 - otherwise)) AS small_digits
            FROM sized)
        SELECT h.*, least(1, coalesce(large_digits, 0) / $large_digits) AS backed, $limit_sized AS limit_rp,
            greatest(0.0, 1 - coalesce(small_digits, 0) / $large_digits) AS not_small,
            greatest(backed * h.in_all, not_small * longer.lasting) AS score, coalesce(taken, 0) AS taken,
            coalesce(otherwise, 0) AS otherwise, $bill_days AS days, late
        FROM (SELECT * RENAME (score AS in_all) FROM ({shares()})) h
            JOIN (SELECT who, score AS lasting, k AS late FROM ({shares(seen=_LONGER)})) longer USING (who)
            LEFT JOIN likely USING (who)""",
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.0%}) are of goods of which the shop had sold far more than it had "
        "bought until then, and bought it later; up to {edge:.0%} is usual. {taken:.0%} of them are of {limit_rp} or "
        "more, of its other sales {otherwise:.0%}; of {late:.0f} the goods came {days} days later or more.",
        "{receipts} dari {n:.0f} penjualan ({measure:.0%}) berisi barang yang sudah dijual toko jauh lebih banyak "
        "daripada yang dibelinya, lalu baru dibelinya; lazimnya sampai {edge:.0%}. {taken:.0%} di antaranya bernilai "
        "{limit_rp} atau lebih, dari penjualan lain {otherwise:.0%}; barang untuk {late:.0f} datang {days} hari "
        "kemudian atau lebih.",
    ),
    prepares=(STOCK,),
    blind=(Blind(*WITHOUT_BASKET),),
)
