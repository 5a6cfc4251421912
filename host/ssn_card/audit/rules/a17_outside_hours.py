# SPDX-License-Identifier: Apache-2.0
"""A17: sales outside the shop's opening hours; a weak sign by itself, for a terminal's clock may be wrong.

Who serves the ill after closing does so on a few evenings, several at once: cards that come on the same days are one.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import BY_DAY, VISITS, CardHabitParameters, given, habits_by
from .rule import Rule, Weight
from .signs import USUAL_SIGNS, Sign


class HoursParameters(CardHabitParameters):
    """Parameters of A17."""

    minutes: float = given(
        15, "minutes before opening and after closing that are usual", "menit sebelum buka dan sesudah tutup", ge=0
    )
    habit_floor: float = given(
        0.01, "a share of regular cards that is usual anyway", "bagian kartu langganan yang selalu lazim", gt=0, lt=1
    )
    alone: float = given(
        0.3, "of the score, where no cards do it again and again", "bagian nilai tanpa kebiasaan kartu", ge=0, le=1
    )
    clock: float = given(
        0.3,
        "of a month's sales from which the hours, or the clock, are wrong",
        "bagian bila jam yang salah",
        gt=0,
        le=1,
    )


RULE = Rule(
    code="A17",
    title=Text("Outside opening hours", "Di luar jam buka"),
    source="programme.md A17; SNAP EBT trafficking: transactions while the store is closed",
    subjects=(Subject.SHOP, Subject.CARD),
    weight=Weight.HABIT,
    signs=USUAL_SIGNS | {Sign.ALIKE},
    parameters=HoursParameters,
    evidence="""
        SELECT subject, if(subject = 'shop', s.id_ewarong, s.serial) AS who, s.serial, s.seq, s.day, s.amount,
            s.amount AS telling
        FROM sales s JOIN shops p USING (id_ewarong), (VALUES ('shop'), ('card')) AS kinds (subject)
        WHERE (epoch(CAST(s."at" AS TIME)) < epoch(p.buka) - $minutes * 60
            OR epoch(CAST(s."at" AS TIME)) >= epoch(p.tutup) + $minutes * 60)""",
    query=habits_by(
        sales="$alone",
        cards="$alone",
        apart=BY_DAY,
        lasting="""(
            FROM seen ANTI JOIN (
                SELECT who, month FROM (
                    SELECT who, month, count(*) AS late FROM seen GROUP BY ALL)
                    JOIN (SELECT id_ewarong AS who, month, count(*) AS sold FROM sales GROUP BY ALL) USING (who, month)
                WHERE late > $clock * sold) wrong USING (who, month))""",
    ),
    prepares=(VISITS,),
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.1%}) are outside its opening hours; up to {edge:.1%} is usual."
        "{said_again}",
        "{receipts} dari {n:.0f} penjualan ({measure:.1%}) di luar jam bukanya; lazimnya sampai {edge:.1%}."
        "{dikatakan_lagi}",
    ),
)
