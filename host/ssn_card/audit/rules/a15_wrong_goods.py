# SPDX-License-Identifier: Apache-2.0
"""A15: other goods under the code of a staple: at a price that is not the staple's, or more of it than people eat.

Cigarettes sold as sugar are either one packet at the price of three kilograms, or sugar by the sack. So lines count
whose price is far from reference, whose quantity hardly anybody buys, and that are most of a basket; of each staple by
itself, since who sells cigarettes writes the same code again.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .goods import plausible
from .outcome import Subject
from .peers import VISITS, HabitParameters, given, habits
from .prices import PRICED, REFERENCE, WITHOUT_PRICE
from .rule import Blind, Rule, Weight


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
    weight=Weight.HABIT,
    needs=frozenset({"prices"}),
    parameters=GoodsParameters,
    evidence=plausible()
    + """,
        heaps AS (
            SELECT basket_id, code, part FROM (
                SELECT *, amount / sum(amount) OVER (PARTITION BY basket_id) AS part FROM basket_lines)
                JOIN plausible USING (code)
            WHERE part > $main OR quantity > most),
        far AS (
            SELECT p.who, s.serial, s.seq, s.day, s.amount, l.code,
                abs(ln(l.amount / (l.quantity * r.price_rp))) AS telling
            FROM (SELECT id_ewarong AS who, serial, seq FROM priced WHERE farthest > ln($times)) p
                JOIN sales s USING (serial, seq) JOIN shops ON shops.id_ewarong = p.who
                JOIN basket_lines l USING (basket_id)
                JOIN reference r
                    ON r.code = l.code AND r.kode_kecamatan = shops.kode_kecamatan AND r.day = s.day)
        SELECT who, serial, seq, day, any_value(amount) AS amount, code, max(telling) AS telling FROM (
            SELECT id_ewarong AS who, serial, seq, day, amount, code, part AS telling
            FROM sales JOIN heaps USING (basket_id)
            UNION ALL FROM (SELECT who, serial, seq, day, amount, code, telling FROM far WHERE telling > ln($times)))
        GROUP BY ALL""",
    query=habits(
        more=", $times AS times",
        seen="SELECT *, code AS way FROM evidence",
        ways="(SELECT list(DISTINCT code ORDER BY code) FROM basket_lines)",
    ),
    reason=Text(
        "{k:.0f} of {n:.0f} sales ({measure:.1%}) hold {way} as most of the basket, by the sack, or at more than "
        "{times:g} times its reference price or less than that part of it; up to {edge:.1%} is usual.{said_again}",
        "{k:.0f} dari {n:.0f} penjualan ({measure:.1%}) memuat {way} sebagai isi utama, dalam jumlah besar, atau "
        "dengan harga lebih dari {times:g} kali acuan atau sebaliknya; lazimnya sampai {edge:.1%}.{dikatakan_lagi}",
    ),
    prepares=(VISITS, REFERENCE, PRICED),
    blind=(Blind(*WITHOUT_PRICE),),
)
