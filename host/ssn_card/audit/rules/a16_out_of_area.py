# SPDX-License-Identifier: Apache-2.0
"""A16: cards of families who live in another kecamatan; a weak sign, for people move and work.

So of a single card only what empties it counts: who lives where he buys does so through the month."""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from .outcome import Subject
from .peers import VISITS, CardHabitParameters, given, habits_by
from .rule import Rule, Weight
from .signs import USUAL_SIGNS, Sign


class AreaParameters(CardHabitParameters):
    """Parameters of A16."""

    card_floor: float = given(
        0.4, "a share that is usual for any card", "bagian yang lazim bagi tiap kartu", gt=0, lt=1
    )
    emptied: float = given(
        0.75, "of what was on a single card that was spent there", "bagian saldo satu kartu", gt=0, le=1
    )
    party: int = given(
        3, "companions whose families come from afar on one day", "pendamping yang keluarganya datang sehari", ge=2
    )
    alone: float = given(
        0.3, "of the score, where no cards do it again and again", "bagian nilai tanpa kebiasaan kartu", ge=0, le=1
    )


RULE = Rule(
    code="A16",
    title=Text("Out of area", "Di luar wilayah"),
    source="programme.md A16 (weak signal)",
    subjects=(Subject.SHOP, Subject.CARD),
    weight=Weight.HABIT,
    signs=USUAL_SIGNS | {Sign.ALIKE},
    parameters=AreaParameters,
    evidence="""
        SELECT subject, if(subject = 'shop', s.id_ewarong, s.serial) AS who, s.serial, s.seq, s.day, s.amount,
            s.amount AS telling
        FROM sales s JOIN shops p USING (id_ewarong), (VALUES ('shop'), ('card')) AS kinds (subject)
            WHERE s.kode_kecamatan <> p.kode_kecamatan
                AND (subject = 'shop' OR s.amount >= $emptied * (s.amount + s.balance_after))""",
    query=habits_by(
        seen="""
            WITH far AS (FROM evidence WHERE subject = 'shop'),
            parties AS (
                SELECT who, day FROM far JOIN cards USING (serial) GROUP BY ALL
                HAVING count(DISTINCT companion_id) >= $party)
            SELECT *, 0 AS way FROM far UNION ALL SELECT *, 1 FROM far SEMI JOIN parties USING (who, day)""",
        ways="[0, 1]",
        sales="if(way = 1, 1, $alone)",
        cards="$alone",
        more=""", if(way = 1, ' and came on the same days as others', '') AS joined,
            if(way = 1, ' dan datang pada hari yang sama', '') AS bersama""",
    ),
    prepares=(VISITS,),
    reason=Text(
        "{k:.0f} of {n:.0f} sales ({measure:.1%}) are to families of another kecamatan{joined}; up to "
        "{edge:.1%} is usual.{said_again}",
        "{k:.0f} dari {n:.0f} penjualan ({measure:.1%}) kepada keluarga kecamatan lain{bersama}; lazimnya "
        "sampai {edge:.1%}.{dikatakan_lagi}",
    ),
)
