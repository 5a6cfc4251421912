# SPDX-License-Identifier: Apache-2.0
"""Which cards an update is for: serials on the command line or in a file, or cards as they stated themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ssn_card.entitlement.plan import Seen, Target
from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import NEVER, KeySelection, LifeState

from .errors import BadArgument, BadFile
from .files import SERIAL, hexadecimal, json_lines, member, read_serials, serial_of, whole

_NUMBERS = (
    "update_seq",
    "loaded_total",
    "expired_total",
    "monthly_limit",
    "override_max",
    "debit_max",
    "allowed_categories",
    "policy_id",
    "pin_count",
    "mend_count",
)


def targets(serials: Iterable[str], serial_file: Path | None, status_file: Path | None) -> list[Target]:
    """The cards that the options name, each once. Raises :class:`BadArgument`, :class:`BadFile`."""
    found = [Target(serial_of(text, text), text) for text in serials]
    if serial_file is not None:
        found += [Target(serial, f"{serial_file} {serial.hex()}") for serial in read_serials(serial_file)]
    if status_file is not None:
        found += _from_status(status_file)
    if not found:
        raise BadArgument(
            Text("No card is named.", "Belum ada kartu yang disebut."),
            remedy=Text(
                "Give serials, --serials FILE or --from-status FILE.",
                "Berikan nomor seri, --serials BERKAS, atau --from-status BERKAS.",
            ),
        )
    seen: set[bytes] = set()
    for target in found:
        if target.serial in seen:
            raise BadArgument(
                Text(f"Card {target.serial.hex()} is named twice.", f"Kartu {target.serial.hex()} disebut dua kali."),
                where=target.place,
            )
        seen.add(target.serial)
    return found


def _from_status(path: Path) -> Iterator[Target]:
    """Cards as ``ssn card status --json`` printed them, one in each line."""
    for place, data in json_lines(path):
        if data.get("schema") != "ssn-card/card-status/1":
            raise BadFile(
                Text("This is no output of 'ssn card status --json'.", "Ini bukan hasil 'ssn card status --json'."),
                where=f"{place} schema",
            )
        serial = member(place, "serial", hexadecimal(data.get("serial"), SERIAL))
        yield Target(serial, place, _seen(place, data))


def _seen(place: str, data: dict[str, Any]) -> Seen:
    numbers = {name: member(place, name, whole(data.get(name))) for name in _NUMBERS}
    keys = member(place, "key_selection", whole(data.get("key_selection")))
    pin_above = data.get("pin_above", "")
    mended_to = data.get("mended_to", "")
    valid_until = data.get("valid_until", "")
    return Seen(
        **numbers,
        key_selection=KeySelection(keys),
        pin_above=NEVER if pin_above is None else member(place, "pin_above", whole(pin_above)),
        valid_until=None if valid_until is None else member(place, "valid_until", _day(valid_until)),
        mended_to=None if mended_to is None else member(place, "mended_to", _month(mended_to)),
        state=member(place, "state", LifeState.__members__.get(str(data.get("state")))),
    )


def _day(text: object) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _month(text: object) -> dt.date | None:
    """First day of a month ``YYMM``."""
    try:
        return dt.datetime.strptime(text, "%y%m").date() if isinstance(text, str) else None
    except ValueError:
        return None
