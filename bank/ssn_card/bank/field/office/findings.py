# SPDX-License-Identifier: Apache-2.0
"""What came of a result that was taken in, and what a person should look at."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from ssn_card.protocol.errors import Text


class FieldFinding(StrEnum):
    """What a person should look at."""

    RECEIPT_NOT_GENUINE = "receipt-not-genuine"
    MOVE_REFUSED = "move-refused"
    TWO_TABLETS = "two-tablets"
    NO_RECORD = "no-record"
    NUMBERS_MISSING = "numbers-missing"

    @property
    def text(self) -> Text:
        """For people."""
        return _TEXTS[self]


_TEXTS = {
    FieldFinding.RECEIPT_NOT_GENUINE: Text(
        "the receipt is not genuine: the card was not moved", "kuitansi tidak asli: kartu tidak dipindahkan"
    ),
    FieldFinding.MOVE_REFUSED: Text(
        "the card's life has no such move from there", "keadaan kartu tidak memungkinkan perpindahan itu"
    ),
    FieldFinding.TWO_TABLETS: Text(
        "two tablets tell of it; what the card proves holds", "dua tablet mencatatnya; yang dibuktikan kartu berlaku"
    ),
    FieldFinding.NO_RECORD: Text(
        "the card was activated, and no visit says so: ask the companion",
        "kartu sudah aktif tanpa catatan kunjungan: tanyakan pendamping",
    ),
    FieldFinding.NUMBERS_MISSING: Text(
        "records are missing: have the tablet export again", "ada catatan yang hilang: ekspor lagi dari tablet"
    ),
}


@dataclass
class TakenResult:
    """What came of a file."""

    file: str
    tablet: str
    known: bool = False  #: this very file was taken in before
    records: int = 0  #: new ones
    moved: int = 0  #: moves of cards
    delivered: int = 0  #: updates that are on their cards now
    missing: list[int] = field(default_factory=list)  #: numbers that the tablet has given, and no file has told
    findings: list[tuple[FieldFinding, str]] = field(default_factory=list)  #: each with what it is about
