# SPDX-License-Identifier: Apache-2.0
"""A17: sales outside the shop's opening hours; a weak sign by itself, for a terminal's clock may be wrong."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import CardShareParameters, given, shares_by
from .rule import Rule, Weight


class HoursParameters(CardShareParameters):
    """Parameters of A17."""

    minutes: float = given(
        15, "minutes before opening and after closing that are usual", "menit sebelum buka dan sesudah tutup", ge=0
    )


RULE = Rule(
    code="A17",
    title=Text("Outside opening hours", "Di luar jam buka"),
    source="programme.md A17; SNAP EBT trafficking: transactions while the store is closed",
    subjects=(Subject.SHOP, Subject.CARD),
    weight=Weight.WEAK,
    parameters=HoursParameters,
    evidence="""
        SELECT subject, if(subject = 'shop', s.id_ewarong, s.serial) AS who, s.serial, s.seq, s.day, s.amount,
            s.amount AS telling
        FROM sales s JOIN shops p USING (id_ewarong), (VALUES ('shop'), ('card')) AS kinds (subject)
        WHERE (epoch(CAST(s."at" AS TIME)) < epoch(p.buka) - $minutes * 60
            OR epoch(CAST(s."at" AS TIME)) >= epoch(p.tutup) + $minutes * 60)""",
    query=shares_by(),
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.0%}) are outside its opening hours; up to {edge:.0%} is usual.",
        "{receipts} dari {n:.0f} penjualan ({measure:.0%}) di luar jam bukanya; lazimnya sampai {edge:.0%}.",
    ),
)
