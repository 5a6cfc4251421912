# SPDX-License-Identifier: Apache-2.0
"""A8: debits as large as a month allows, for baskets that no kitchen needs: cash in the guise of goods."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .goods import PLAUSIBLE
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
    floor: float = given(0.03, "a share that is usual whatever the peers do", "bagian yang selalu lazim", gt=0, lt=1)
    habit_floor: float = given(
        0.1, "a share of regular cards that is usual: large families", "bagian langganan keluarga besar", gt=0, lt=1
    )
    main: float = given(
        0.6, "of the basket's worth that is too much of one kind", "bagian satu jenis yang terlalu besar", gt=0, le=1
    )
    kinds: int = given(2, "kinds of goods that are too few for such a sum", "jenis barang yang terlalu sedikit", ge=1)
    quantile: float = given(
        0.995, "share of lines of a staple whose quantity is plausible", "bagian baris yang jumlahnya wajar", gt=0, lt=1
    )


RULE = Rule(
    code="A8",
    title=Text("Cash for the card", "Kartu ditukar tunai"),
    source="programme.md A8; SNAP EBT trafficking: large sums that the shop's shelves do not explain",
    subjects=(Subject.SHOP,),
    weight=Weight.GRAVE,
    parameters=CashParameters,
    evidence=PLAUSIBLE
    + """,
        strange AS (
            SELECT basket_id, count(DISTINCT code) <= $kinds AS few, few OR bool_or(quantity > most)
                    OR max(amount) > $main * sum(amount) AS odd
            FROM basket_lines JOIN plausible USING (code) GROUP BY basket_id)
        SELECT id_ewarong AS who, serial, seq, day, amount, amount AS telling
        FROM sales LEFT JOIN strange USING (basket_id)
        WHERE (amount >= $limit_sized AND (odd OR basket_id IS NULL))
            OR (few AND amount >= $sum AND amount >= $emptied * (amount + balance_after))""",
    query=habits(more=", $limit_sized AS limit_rp"),
    prepares=(VISITS,),
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.1%}) take {limit_rp} or more, or all of the card, for a basket of "
        "very few kinds, mostly of one, of an implausible quantity, or without any; up to {edge:.1%} is "
        "usual.{said_again}",
        "{receipts} dari {n:.0f} penjualan ({measure:.1%}) bernilai {limit_rp} atau lebih dengan keranjang yang sangat "
        "sedikit jenisnya, jumlahnya tidak wajar, atau tanpa keranjang; lazimnya sampai {edge:.1%}.{dikatakan_lagi}",
    ),
)
