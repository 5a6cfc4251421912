# SPDX-License-Identifier: Apache-2.0
"""Where each card's receipts end, as the card itself stated it: a file that banks make and auditors check against.

JSON Lines, one for each reading of a card: ``{"schema": "ssn-card/tip/1", "serial": hex, "seq": n, "last_mac": hex}``,
by the names of GET STATUS (docs/protocol.md). Other members are ignored, so ``ssn card status --json`` is such a line
too.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.protocol.layouts import RECEIPT, STATUS_ANSWER

from .errors import BadTips
from .members import rows, unusable

SCHEMA = "ssn-card/tip/1"
_SIZES = {field.name: field.size for field in (*RECEIPT.fields, *STATUS_ANSWER.fields)}


@dataclass(frozen=True, slots=True)
class Tip:
    """The newest receipt of a card, as the card itself stated it (GET STATUS): what a whole sequence ends in."""

    seq: int
    mac: bytes


def append_tip(path: Path, serial: bytes, tip: Tip) -> None:
    """Add a card's statement at the end of a file, which need not exist. Raises :class:`BadTips`."""
    line = json.dumps({"schema": SCHEMA, "serial": serial.hex(), "seq": tip.seq, "last_mac": tip.mac.hex()})
    try:
        with path.open("a", encoding="ascii") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise unusable(path, error, BadTips) from None


def read_tips(path: Path) -> dict[bytes, Tip]:
    """The newest statement of each card.

    Raises:
        BadTips: unreadable, no card at all, a line of another form, or two statements of one number that differ;
            names line and field.
    """
    tips: dict[bytes, Tip] = {}
    stated: dict[tuple[bytes, int], Tip] = {}
    for row in rows(path, BadTips):
        serial = row.octets("serial", _SIZES["serial"])
        seq = row.number("seq", 0, (1 << 8 * _SIZES["seq"]) - 1)
        tip = Tip(seq, row.octets("last_mac", _SIZES["last_mac"]))
        if stated.setdefault((serial, seq), tip) != tip:
            raise BadTips(
                Text("The file names two ends for one card.", "Berkas memuat dua akhir untuk satu kartu."),
                where=f"{row.place} last_mac",
            )
        tips[serial] = max(tip, tips.get(serial, tip), key=lambda one: one.seq)
    if not tips:
        raise BadTips(Text("The file names no card.", "Berkas tidak menyebut kartu."), where=str(path))
    return tips
