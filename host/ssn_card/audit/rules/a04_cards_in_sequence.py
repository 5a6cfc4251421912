# SPDX-License-Identifier: Apache-2.0
"""A4: many cards one after the other, faster than people shop, and the same ones together again month after month.

A queue on market day is quick too, but each time of other people; a companion who leads a group comes with families of
her own, and a neighbour who shops for the old carries a few cards. So a sale counts where its card came in a quick run
together with enough of the same cards, of families of other companions, in most of the months in which it came at all.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import ShareParameters, given, shares
from .rule import Rule, Weight


class SequenceParameters(ShareParameters):
    """Parameters of A4."""

    seconds: float = given(
        300, "seconds between two sales of a run at most", "jarak dua penjualan paling lama, detik", gt=0
    )
    cards: int = given(
        5, "other cards that it must come with again and again", "kartu lain yang berulang kali bersama", ge=1
    )
    months: int = given(3, "months in which they come together", "banyaknya bulan mereka datang bersama", ge=2)
    always: float = given(
        0.5, "of the months in which the card is used there", "bagian dari bulan kartu dipakai di situ", gt=0, le=1
    )


RULE = Rule(
    code="A4",
    title=Text("Cards in sequence", "Kartu berurutan"),
    source="programme.md A4; cards collected with their PINs, swiped one after the other (KKS, PDS)",
    subjects=(Subject.SHOP,),
    weight=Weight.GRAVE,
    parameters=SequenceParameters,
    evidence="""
        WITH begun AS (
            SELECT *, CASE WHEN "at" - lag("at") OVER till <= to_seconds($seconds) THEN 0 ELSE 1 END AS first
            FROM sales WINDOW till AS (PARTITION BY id_ewarong ORDER BY "at", serial)),
        numbered AS (
            SELECT *, sum(first) OVER (PARTITION BY id_ewarong ORDER BY "at", serial) AS run FROM begun),
        runs AS (
            SELECT id_ewarong, run FROM numbered GROUP BY ALL HAVING count(DISTINCT serial) > $cards),
        queued AS (SELECT * FROM numbered SEMI JOIN runs USING (id_ewarong, run)),
        present AS (
            SELECT id_ewarong, serial, count(DISTINCT month) AS months FROM sales SEMI JOIN queued USING (serial)
            GROUP BY ALL),
        together AS (
            SELECT a.id_ewarong, a.serial, b.serial AS other, count(DISTINCT a.month) AS shared
            FROM queued a JOIN queued b
                ON a.id_ewarong = b.id_ewarong AND a.run = b.run AND a.serial <> b.serial
                AND a.companion_id IS DISTINCT FROM b.companion_id
            GROUP BY a.id_ewarong, a.serial, b.serial HAVING count(DISTINCT a.month) >= $months),
        held AS (
            SELECT id_ewarong, serial
            FROM together JOIN present USING (id_ewarong, serial)
            WHERE shared >= $always * months GROUP BY ALL HAVING count(*) >= $cards)
        SELECT id_ewarong AS who, serial, seq, day, amount, count(*) OVER (PARTITION BY id_ewarong, run) AS telling
        FROM queued SEMI JOIN held USING (id_ewarong, serial)""",
    query=shares(
        more=", (SELECT count(DISTINCT serial) FROM evidence e WHERE e.who = edged.who) AS held, $seconds AS seconds"
    ),
    reason=Text(
        "{held} cards were used again and again in the same quick runs, each within {seconds:.0f} seconds of the one "
        "before, in several months: {receipts} of {n:.0f} sales ({measure:.0%}); up to {edge:.0%} is usual.",
        "{held} kartu berulang kali dipakai dalam rangkaian cepat yang sama, berjarak paling lama {seconds:.0f} detik, "
        "dalam beberapa bulan: {receipts} dari {n:.0f} penjualan ({measure:.0%}); lazimnya sampai {edge:.0%}.",
    ),
)
