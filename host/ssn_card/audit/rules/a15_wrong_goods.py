# SPDX-License-Identifier: Apache-2.0
"""A15: other goods under the code of a staple: at a price that is not the staple's, or more of it than people eat.

Cigarettes sold as sugar are either one packet at the price of three kilograms, or sugar by the sack. So lines count
whose price is far from reference, whose quantity hardly anybody buys, and that are most of a basket; of each staple by
itself, since who sells cigarettes writes the same code again.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import HabitParameters, given, habits
from .prices import REFERENCE, WITHOUT_PRICE
from .rule import Blind, Rule


class GoodsParameters(HabitParameters):
    """Parameters of A15."""

    times: float = given(
        1.25, "times the reference price, or a part of it, that is no price of the staple", "kali harga acuan", gt=1
    )
    quantile: float = given(
        0.995, "share of lines of a staple whose quantity is plausible", "bagian baris yang jumlahnya wajar", gt=0, lt=1
    )
    main: float = given(
        0.6, "of the basket's worth from which a staple is most of it", "bagian nilai keranjang", gt=0, le=1
    )


RULE = Rule(
    code="A15",
    title=Text("Wrong goods under an allowed code", "Barang lain dengan kode yang diizinkan"),
    source="programme.md A15; WIC integrity profiles: substitution of unauthorised items",
    subjects=(Subject.SHOP,),
    needs=frozenset({"prices"}),
    parameters=GoodsParameters,
    evidence="""
        WITH used AS (SELECT basket_id, count(*) AS times FROM sales WHERE basket_id IS NOT NULL GROUP BY ALL),
        much AS (
            SELECT code, quantity, sum(sum(times)) OVER (PARTITION BY code ORDER BY quantity) AS upto,
                sum(sum(times)) OVER (PARTITION BY code) AS whole
            FROM basket_lines JOIN used USING (basket_id) GROUP BY code, quantity),
        plausible AS (SELECT code, min(quantity) AS most FROM much WHERE upto >= $quantile * whole GROUP BY code),
        lines AS (
            SELECT *, amount / sum(amount) OVER (PARTITION BY basket_id) AS part, quantity > most AS sack
            FROM basket_lines JOIN plausible USING (code)),
        sold AS (
            SELECT s.id_ewarong, s.serial, s.seq, s.day, p.kode_kecamatan, l.code, l.amount, l.quantity, part, sack
            FROM sales s JOIN shops p USING (id_ewarong) JOIN lines l USING (basket_id)),
        priced_lines AS (
            SELECT sold.*, abs(ln(amount / (quantity * price_rp))) AS farthest
            FROM sold LEFT JOIN reference r USING (code, kode_kecamatan, day))
        SELECT id_ewarong AS who, serial, seq, day, amount, code, greatest(part, farthest) AS telling
        FROM priced_lines WHERE sack OR part > $main OR farthest > ln($times)""",
    query=habits(
        more=", $times AS times",
        seen="SELECT *, code AS way FROM evidence",
        ways="(SELECT list(DISTINCT code ORDER BY code) FROM basket_lines)",
    ),
    reason=Text(
        "{k:.0f} of {n:.0f} sales ({measure:.1%}) hold {way} as most of the basket, by the sack, or at more than "
        "{times} times its reference price or less than that part of it; up to {edge:.1%} is usual.{said_again}",
        "{k:.0f} dari {n:.0f} penjualan ({measure:.1%}) memuat {way} sebagai isi utama, dalam jumlah besar, atau "
        "dengan harga lebih dari {times} kali acuan atau sebaliknya; lazimnya sampai {edge:.1%}.{dikatakan_lagi}",
    ),
    prepares=(REFERENCE,),
    blind=(Blind(*WITHOUT_PRICE),),
)
