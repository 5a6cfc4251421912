# SPDX-License-Identifier: Apache-2.0
"""A8: debits as large as a month allows, for baskets that no kitchen needs: cash in the guise of goods.

Much of many kinds is what a large family needs; much of one kind, or of two, is what cash is written as. But rice is
eaten every day and keeps: a family may well buy a sack of it, and then none for as long as it lasts. So a basket that
is mostly rice does not count where it is no more than families eat until the card buys rice again, unless it empties
the card, as who takes cash does.

Of anything else a heap that hardly anybody buys at once, six chickens, ten kilograms of sugar, is for no kitchen but a
canteen's or a stall's, as soon as it takes most of a package; few such sales of a shop are usual.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .goods import plausible
from .outcome import Subject
from .peers import VISITS, HabitParameters, given, habits
from .rule import Rule, Weight


class CashParameters(HabitParameters):
    """Parameters of A8."""

    limit_sized: int = given(
        250_000, "rupiah from which a debit is as large as a month allows", "rupiah mulai sebesar batas", ge=1
    )
    sum: int = given(
        100_000, "rupiah from which a debit that empties the card is one too", "rupiah bila kartu habis", ge=1
    )
    emptied: float = given(0.9, "of what was on the card that was spent", "bagian saldo yang dibelanjakan", gt=0, le=1)
    floor: float = given(0.02, "a share that is usual whatever the peers do", "bagian yang selalu lazim", gt=0, lt=1)
    habit_floor: float = given(
        0.05, "a share of regular cards that is usual: large families", "bagian langganan keluarga besar", gt=0, lt=1
    )
    main: float = given(
        0.6, "of the basket's worth that is too much of one kind", "bagian satu jenis yang terlalu besar", gt=0, le=1
    )
    kinds: int = given(2, "kinds of goods that are too few for such a sum", "jenis barang yang terlalu sedikit", ge=1)
    staple: str = given("BERAS", "what is eaten every day and bought by the sack", "makanan pokok per karung")
    heap: int = given(200_000, "rupiah from which a heap of one kind is told of", "rupiah mulai dari timbunan", ge=1)
    plausible: float = given(
        0.995, "share of lines of a kind that are no heap", "bagian baris yang bukan timbunan", gt=0, lt=1
    )
    heap_floor: float = given(0.005, "a share of heaps that is usual", "bagian timbunan yang lazim", gt=0, lt=1)
    quantile: float = given(
        0.95, "share of cards' months that need no more of it", "bagian bulan kartu dengan kebutuhan wajar", gt=0, lt=1
    )


RULE = Rule(
    code="A8",
    title=Text("Cash for the card", "Kartu ditukar tunai"),
    source="programme.md A8; SNAP EBT trafficking: large sums that the shop's shelves do not explain",
    subjects=(Subject.SHOP,),
    weight=Weight.GRAVE,
    parameters=CashParameters,
    evidence=plausible("$plausible")
    + """,
        composed AS (
            SELECT basket_id, count(DISTINCT code) <= $kinds AS few, max(amount) > $main * sum(amount) AS mostly,
                arg_max(code, (amount, code)) AS chief, arg_max(quantity, (amount, code)) AS quantity,
                max(amount) AS of_chief
            FROM basket_lines GROUP BY basket_id),
        strange AS (
            SELECT id_ewarong AS who, serial, seq, day, amount, quantity,
                chief = $staple AND amount < $emptied * (amount + balance_after) AS kept,
                coalesce(chief <> $staple AND if(few, amount, of_chief) >= $heap AND quantity > most, false) AS heap,
                NOT heap OR amount >= $limit_sized AS cash
            FROM sales LEFT JOIN composed USING (basket_id) LEFT JOIN plausible ON code = chief
            WHERE heap OR (amount >= $limit_sized AND (few OR mostly OR basket_id IS NULL))
                OR (few AND amount >= $sum AND amount >= $emptied * (amount + balance_after))),
        eaten AS (
            SELECT quantile_cont(quantity, CAST($quantile AS DOUBLE)) / 30 AS a_day FROM (
                SELECT sum(quantity) AS quantity FROM sales JOIN basket_lines USING (basket_id)
                WHERE code = $staple GROUP BY serial, month)),
        bought AS (
            SELECT serial, seq, date_diff('day', day, lead(day) OVER card) AS after,
                date_diff('day', lag(day) OVER card, day) AS before
            FROM sales SEMI JOIN (FROM strange WHERE kept) USING (serial)
                SEMI JOIN (FROM basket_lines WHERE code = $staple) USING (basket_id)
            WINDOW card AS (PARTITION BY serial ORDER BY seq))
        SELECT who, serial, seq, day, amount, amount AS telling, heap, cash
        FROM strange LEFT JOIN bought USING (serial, seq)
        WHERE NOT coalesce(kept
            AND quantity <= greatest(30, coalesce(after, before, 30)) * (SELECT a_day FROM eaten), false)""",
    query=habits(
        more=""", if(way = 0, $limit_sized, $heap) AS limit_rp,
            if(way = 0, 'or all of the card, for a basket of very few kinds, mostly of one, or without any',
                'for a heap of one kind that hardly anybody buys at once') AS basket,
            if(way = 0, 'atau seluruh saldo, dengan keranjang yang sangat sedikit jenisnya, terutama satu jenis, atau '
                'tanpa keranjang', 'untuk timbunan satu jenis yang jarang dibeli sekaligus') AS keranjang""",
        seen="SELECT *, 0 AS way FROM evidence WHERE cash UNION ALL SELECT *, 1 FROM evidence WHERE heap",
        ways="[0, 1]",
        floor="if(way = 0, $floor, $heap_floor)",
        habit_floor="if(way = 0, $habit_floor, $heap_floor)",
    ),
    prepares=(VISITS,),
    reason=Text(
        "{k:.0f} of {n:.0f} sales ({measure:.1%}) take {limit_rp} or more, {basket}; up to {edge:.1%} is "
        "usual.{said_again}",
        "{k:.0f} dari {n:.0f} penjualan ({measure:.1%}) bernilai {limit_rp} atau lebih {keranjang}; lazimnya sampai "
        "{edge:.1%}.{dikatakan_lagi}",
    ),
)
