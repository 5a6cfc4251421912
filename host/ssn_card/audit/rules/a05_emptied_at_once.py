# SPDX-License-Identifier: Apache-2.0
"""A5: cards emptied at once after the load was issued, more often than at peers.

One package empties a load of a month, which is normal,
    and some shops sell little else. So of the purchases that empty a
card those are counted that come with the load: on the day of issue and the next few.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import HabitParameters, given, habits
from .rule import Rule, Weight


class EmptiedParameters(HabitParameters):
    """Parameters of A5."""

    days: int = given(5, "days after the issue that are at once", "hari setelah terbit yang dianggap seketika", ge=0)
    spread: float = given(
        0.03, "least deviation of peers, for each village has its own day", "simpangan terkecil (arcsin akar)", gt=0
    )
    often: float = given(
        0.6, "of the months in which it empties the card there, too", "juga bagian dari bulan kartu habis", ge=0, le=1
    )
    emptied: float = given(0.75, "of what was on the card that was spent", "bagian saldo yang dibelanjakan", gt=0, le=1)


RULE = Rule(
    code="A5",
    title=Text("Emptied at once after the load", "Dikosongkan begitu dimuat"),
    source="programme.md A5; SNAP EBT trafficking: balances used up at once after issuance",
    subjects=(Subject.SHOP,),
    weight=Weight.WEAK,
    parameters=EmptiedParameters,
    evidence="""
        SELECT s.id_ewarong AS who, s.serial, s.seq, s.day, s.amount,
            -(s.day - l.issued_on) AS telling
        FROM sales s ASOF JOIN loads l ON s.serial = l.serial AND s.seq >= l.seq
        WHERE s.amount >= $emptied * (s.amount + s.balance_after) AND s.day - l.issued_on BETWEEN 0 AND $days""",
    query=habits(
        among="(FROM sales WHERE amount >= $emptied * (amount + balance_after))",
        more=", $days >> way AS days",
        seen="SELECT evidence.*, way FROM evidence, (SELECT unnest([0, 2]) AS way) WHERE -telling <= $days >> way",
        ways="[0, 2]",
    ),
    reason=Text(
        "{k:.0f} of {n:.0f} sales that emptied the card ({measure:.1%}) came within {days} days of the load's issue; "
        "up to {edge:.1%} is usual.{said_again}",
        "{k:.0f} dari {n:.0f} belanja yang mengosongkan kartu ({measure:.1%}) dalam {days} hari sejak muatan terbit; "
        "lazimnya sampai {edge:.1%}.{dikatakan_lagi}",
    ),
)
