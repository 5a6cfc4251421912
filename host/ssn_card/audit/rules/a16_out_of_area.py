# SPDX-License-Identifier: Apache-2.0
"""A16: cards of families who live in another kecamatan; a weak sign, for people move and work."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import CardShareParameters, given, shares_by
from .rule import Rule, Weight


class AreaParameters(CardShareParameters):
    """Parameters of A16."""

    card_floor: float = given(
        0.5, "a share that is usual for any card", "bagian yang lazim bagi tiap kartu", gt=0, lt=1
    )
    floor: float = given(0.2, "a share that is usual whatever the peers do", "bagian yang selalu lazim", gt=0, lt=1)


RULE = Rule(
    code="A16",
    title=Text("Out of area", "Di luar wilayah"),
    source="programme.md A16 (weak signal)",
    subjects=(Subject.SHOP, Subject.CARD),
    weight=Weight.WEAK,
    parameters=AreaParameters,
    evidence="""
        SELECT subject, if(subject = 'shop', s.id_ewarong, s.serial) AS who, s.serial, s.seq, s.day, s.amount,
            s.amount AS telling
        FROM sales s JOIN shops p USING (id_ewarong), (VALUES ('shop'), ('card')) AS kinds (subject)
            WHERE s.kode_kecamatan <> p.kode_kecamatan""",
    query=shares_by(),
    reason=Text(
        "{receipts} of {n:.0f} sales ({measure:.0%}) are to families of another kecamatan; up to {edge:.0%} is usual.",
        "{receipts} dari {n:.0f} penjualan ({measure:.0%}) kepada keluarga kecamatan lain; lazimnya sampai {edge:.0%}.",
    ),
)
