# SPDX-License-Identifier: Apache-2.0
"""What in a station's journal needs a person: cards that exist and that the store cannot give to anybody."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ssn_card.protocol.errors import Text


class StationFinding(StrEnum):
    """Why a card is not taken in, or taken in with a remark; the same every time until it is settled."""

    FAMILY_TWICE = "family-twice"
    NO_BATCH = "no-batch"
    WITHDRAWN = "withdrawn"
    OLD_CARD_IN_USE = "old-card-in-use"
    NUMBER_TWICE = "number-twice"
    SERIAL_TWICE = "serial-twice"

    @property
    def text(self) -> Text:
        """What is wrong."""
        return _TEXTS[self][0]

    @property
    def remedy(self) -> Text:
        """What a person does about it."""
        return _TEXTS[self][1]


_LOSE = Text(
    "Put one of the two away, declare it lost at its station (ssn perso lost), and import that journal again.",
    "Simpan salah satunya, nyatakan hilang di stasiunnya (ssn perso lost), lalu impor lagi jurnal itu.",
)
_TEXTS = {
    StationFinding.FAMILY_TWICE: (Text("the family has a card already", "keluarga itu sudah mempunyai kartu"), _LOSE),
    StationFinding.NO_BATCH: (
        Text("it was made from no approved batch", "tidak dibuat dari kelompok yang disetujui"),
        Text(
            "Find out who made it and from what. Put it away and declare it lost at its station: ssn perso lost.",
            "Cari tahu siapa yang membuatnya dan dari apa. Simpan dan nyatakan hilang di stasiunnya: ssn perso lost.",
        ),
    ),
    StationFinding.WITHDRAWN: (
        Text("its line was withdrawn from the batch", "barisnya sudah ditarik dari kelompok"),
        Text(
            "It was taken in, as it exists. If the family must not have it: ssn bank cards.",
            "Kartu ini dimasukkan karena sudah ada. Bila keluarga itu tidak boleh memilikinya: ssn bank cards.",
        ),
    ),
    StationFinding.OLD_CARD_IN_USE: (
        Text("the card that it replaces can still be used", "kartu yang digantikannya masih dapat dipakai"),
        Text(
            "Block the old card (ssn bank cards), then import the journal again.",
            "Blokir kartu lama (ssn bank cards), lalu impor lagi jurnal itu.",
        ),
    ),
    StationFinding.NUMBER_TWICE: (
        Text("its beneficiary number is another card's", "nomor penerimanya sudah dimiliki kartu lain"),
        Text(
            "Two stations have one number (ssn perso run --station): give each its own, and make this card anew.",
            "Dua stasiun bernomor sama (ssn perso run --station): beri nomor sendiri-sendiri, lalu buat ulang kartu "
            "ini.",
        ),
    ),
    StationFinding.SERIAL_TWICE: (
        Text(
            "another station has made or counted in a card of that serial", "nomor seri itu sudah ada di stasiun lain"
        ),
        Text(
            "A serial is one card's. Put both cards away, and ask their maker.",
            "Satu nomor seri untuk satu kartu. Simpan kedua kartu, dan tanyakan pembuatnya.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class StationException:
    """One card that needs a person. Holds no personal data."""

    finding: StationFinding
    serial: str
    row: int  #: of the journal's log
    line: int | None = None  #: of its batch
    other: str | None = None  #: serial of the card that stands in its way

    def as_dict(self) -> dict[str, Any]:
        """For ``--json`` and the record of the import."""
        return {
            "finding": self.finding.value,
            "serial": self.serial,
            "row": self.row,
            "line": self.line,
            "other_serial": self.other,
        }
