# SPDX-License-Identifier: Apache-2.0
"""A5: cards emptied at once after the load was issued, more often than at peers.

One package empties a load of a month, which is normal,
    and some shops sell little else. So of the purchases that empty a
card those are counted that come with the load: on the day of issue and the next few.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import ShareParameters, given, shares
from .rule import Rule


class EmptiedParameters(ShareParameters):
    """Parameters of A5."""

    days: int = given(2, "days after the issue that are at once", "hari setelah terbit yang dianggap seketika", ge=0)
    emptied: float = given(0.75, "of what was on the card that was spent", "bagian saldo yang dibelanjakan", gt=0, le=1)
    floor: float = given(0.2, "a share that is usual whatever the peers do", "bagian yang selalu lazim", gt=0, lt=1)


RULE = Rule(
    code="A5",
    title=Text("Emptied at once after the load", "Dikosongkan begitu dimuat"),
    source="programme.md A5; SNAP EBT trafficking: balances used up at once after issuance",
    subjects=(Subject.SHOP,),
    parameters=EmptiedParameters,
    evidence="""
        SELECT s.id_ewarong AS who, s.serial, s.seq, s.day, s.amount, s.amount AS telling
        FROM sales s ASOF JOIN loads l ON s.serial = l.serial AND s.seq >= l.seq
        WHERE s.amount >= $emptied * (s.amount + s.balance_after) AND s.day - l.issued_on BETWEEN 0 AND $days""",
    query=shares(
        "SELECT id_ewarong AS who, count(*) AS n FROM sales WHERE amount >= $emptied * (amount + balance_after) GROUP "
        "BY ALL",
        ", $days AS days",
    ),
    reason=Text(
        "{receipts} of {n:.0f} purchases that emptied the card ({measure:.0%}) were made within {days} days of the "
        "load's issue; up to {edge:.0%} is usual.",
        "{receipts} dari {n:.0f} belanja yang mengosongkan kartu ({measure:.0%}) terjadi dalam {days} hari sejak "
        "muatan terbit; lazimnya sampai {edge:.0%}.",
    ),
)
