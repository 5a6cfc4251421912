# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with receipts, in words an auditor reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from ssn_card.protocol.errors import Text


class Problem(Enum):
    """Kind of finding; the value is its text in English and Indonesian."""

    UNREADABLE = Text("the line is no receipt", "baris bukan kuitansi")
    UNKNOWN_KEY = Text("no verification key for this card and key version", "tidak ada kunci verifikasi kartu ini")
    MALFORMED = Text("a card never writes this", "kartu tidak pernah menulis ini")
    FORGED = Text("the MAC is wrong: altered or forged", "MAC salah: diubah atau dipalsukan")
    BASKET = Text("the basket is not the one debited", "keranjang bukan yang didebit")
    DUPLICATE = Text("the receipt appears more than once", "kuitansi muncul lebih dari sekali")
    OUT_OF_ORDER = Text("the receipt stands before an older one of its card", "urutan kuitansi kartu tertukar")
    MISSING = Text("receipts of the card are missing", "ada kuitansi kartu yang hilang")
    BROKEN_CHAIN = Text("it does not follow the receipt before it", "tidak menyambung dengan kuitansi sebelumnya")
    WRONG_ARITHMETIC = Text("the amounts do not add up", "jumlah tidak cocok")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong.

    Args:
        problem: kind.
        line: physical line of the file, or 0 for what no line shows (a missing end).
        field: first field that is wrong, where it can be told.
        serial, seq: the card and receipt, as far as they can be believed.
        detail: numbers that a reader needs, such as the missing range.
    """

    problem: Problem
    line: int
    field: str | None = None
    serial: bytes | None = None
    seq: int | None = None
    detail: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The finding for ``--json``."""
        return {
            "problem": self.problem.name.lower(),
            "line": self.line,
            "field": self.field,
            "serial": self.serial.hex() if self.serial else None,
            "seq": self.seq,
            "detail": self.detail,
            "message_en": self.problem.value.en,
            "message_id": self.problem.value.id,
        }
