# SPDX-License-Identifier: Apache-2.0
"""A1: the same card again at the same shop soon after, as where one sum is split or a card stays at the till."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import CardShareParameters, given, shares_by
from .rule import Rule


class RepeatParameters(CardShareParameters):
    """Parameters of A1."""

    hours: float = given(
        24, "hours within which a further purchase is a repeat", "jam belanja berikutnya dihitung", gt=0
    )
    floor: float = given(0.05, "a share that is usual whatever the peers do", "bagian yang selalu lazim", gt=0, lt=1)


RULE = Rule(
    code="A1",
    title=Text("Repeated debits on one card", "Debit berulang pada satu kartu"),
    source="programme.md A1; SNAP EBT trafficking: rapid repeat transactions",
    subjects=(Subject.SHOP, Subject.CARD),
    parameters=RepeatParameters,
    evidence="""
        WITH again AS (
            SELECT *, lag("at") OVER card AS before, lag(id_ewarong) OVER card AS there
            FROM sales WINDOW card AS (PARTITION BY serial ORDER BY seq))
        SELECT subject, if(subject = 'shop', id_ewarong, serial) AS who, serial, seq, day, amount,
            -epoch("at" - before) AS telling
        FROM again, (VALUES ('shop'), ('card')) AS kinds (subject)
        WHERE there = id_ewarong AND "at" >= before AND "at" - before <= to_seconds($hours * 3600)""",
    query=shares_by(more=", $hours AS hours"),
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.0%}) are on a card that had bought there within {hours:.0f} hours "
        "before; up to {edge:.0%} is usual.",
        "{receipts} dari {n:.0f} penjualan ({measure:.0%}) memakai kartu yang sudah belanja di situ dalam {hours:.0f} "
        "jam sebelumnya; lazimnya sampai {edge:.0%}.",
    ),
)
