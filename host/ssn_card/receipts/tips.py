# SPDX-License-Identifier: Apache-2.0
"""Where each card's receipts end, as the card itself stated it: a file that banks make and auditors check against.

JSON Lines, one for each reading of a card: ``{"schema": "ssn-card/tip/1", "serial": hex, "seq": n, "last_mac": hex}``,
by the names of GET STATUS (docs/protocol.md). Other members are ignored, so ``ssn card status --json`` is such a line
too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssn_card.protocol.errors import Text
from ssn_card.protocol.layouts import RECEIPT, STATUS_ANSWER
from ssn_card.protocol.system import system_reason

from .errors import BadTips

SCHEMA = "ssn-card/tip/1"
_SIZES = {field.name: field.size for field in (*RECEIPT.fields, *STATUS_ANSWER.fields)}
_CHECK = Text("Check the path and its permissions.", "Periksa nama berkas dan izinnya.")


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
        raise _unusable(path, error) from None


def read_tips(path: Path) -> dict[bytes, Tip]:
    """The newest statement of each card.

    Raises:
        BadTips: unreadable, no card at all, a line of another form, or two statements of one number that differ;
            names line and field.
    """
    tips: dict[bytes, Tip] = {}
    for place, data in _objects(path):
        serial = _octets(place, data, "serial")
        tip = Tip(_number(place, data, "seq"), _octets(place, data, "last_mac"))
        known = tips.get(serial)
        if known is not None and known.seq == tip.seq and known != tip:
            raise BadTips(
                Text("The file names two ends for one card.", "Berkas memuat dua akhir untuk satu kartu."),
                where=f"{place} last_mac",
            )
        if known is None or tip.seq > known.seq:
            tips[serial] = tip
    if not tips:
        raise BadTips(Text("The file names no card.", "Berkas tidak menyebut kartu."), where=str(path))
    return tips


def _objects(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of the file, each with its place."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield f"{path}:{number}", _object(f"{path}:{number}", line)
    except (OSError, UnicodeDecodeError) as error:
        raise _unusable(path, error) from None


def _object(place: str, line: str) -> Mapping[str, Any]:
    try:
        data = json.loads(line)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise BadTips(Text("The line is no JSON object.", "Baris bukan objek JSON."), where=f"{place} json")
    return data


def _octets(place: str, data: Mapping[str, Any], name: str) -> bytes:
    """The bytes of a member in hexadecimal, of the size that the layouts give it."""
    text = data.get(name)
    try:
        value = bytes.fromhex(text) if isinstance(text, str) else b""
    except ValueError:
        value = b""
    if len(value) != _SIZES[name]:
        raise _bad_member(place, name)
    return value


def _number(place: str, data: Mapping[str, Any], name: str) -> int:
    value = data.get(name)
    if type(value) is not int or not 0 <= value < 1 << 8 * _SIZES[name]:
        raise _bad_member(place, name)
    return value


def _bad_member(place: str, name: str) -> BadTips:
    return BadTips(
        Text(f"{name} is missing or of the wrong form.", f"{name} tidak ada atau bentuknya salah."),
        where=f"{place} {name}",
    )


def _unusable(path: Path, error: OSError | UnicodeDecodeError) -> BadTips:
    text = Text("The file cannot be used: {why}.", "Berkas tidak dapat dipakai: {why}.")
    return BadTips(text.filled(why=system_reason(error)), where=str(path), remedy=_CHECK)
