# SPDX-License-Identifier: Apache-2.0
"""Updates on their way to cards: the newest one for each card, out of any number of files and folders."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from ssn_card.protocol.errors import InputError, Text

from .files import read_updates
from .update import SignedUpdate

SUFFIX = ".jsonl"  #: of the files that are read in a folder


class UpdatesConflict(InputError):
    """Two different updates of one card have one number; the card would take whichever comes first."""

    code = "updates-conflict"
    remedy = Text("Ask the bank which one holds.", "Tanyakan bank mana yang berlaku.")


class Carried(NamedTuple):
    """An update and the file that it is in."""

    update: SignedUpdate
    file: Path


def read_carried(places: Iterable[Path]) -> dict[bytes, Carried]:
    """The newest update of each card, by serial. Of a folder, every ``.jsonl`` file is read.

    Raises:
        UpdatesConflict: names both files.
        InputError: a file that cannot be read or holds something else, with line and field; or no update at all.
    """
    newest: dict[bytes, list[Carried]] = {}  #: those of the highest number, more than one only if they differ
    for file in _files(places):
        for update in read_updates(file):
            known = newest.get(update.serial)
            if known is None or update.entitlement.update_seq > _number(known[0]):
                newest[update.serial] = [Carried(update, file)]
            elif update.entitlement.update_seq == _number(known[0]) and update != known[0].update:
                known.append(Carried(update, file))
    for known in newest.values():
        if len(known) > 1:
            raise _conflict(known[0], known[1])
    return {serial: known[0] for serial, known in newest.items()}


def _number(one: Carried) -> int:
    return one.update.entitlement.update_seq


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        if not place.is_dir():
            yield place
            continue
        found = sorted(file for file in place.iterdir() if file.suffix == SUFFIX and not file.name.startswith("."))
        if not found:
            raise InputError(
                Text(f"The folder holds no {SUFFIX} file.", f"Folder tidak berisi berkas {SUFFIX}."),
                where=str(place),
                remedy=Text("Fetch the updates from the bank.", "Ambil pembaruan dari bank."),
            )
        yield from found


def _conflict(one: Carried, other: Carried) -> UpdatesConflict:
    serial, number = one.update.serial.hex(), _number(one)
    return UpdatesConflict(
        Text(
            f"Two different updates of card {serial} have the number {number} (also in {one.file}).",
            f"Dua pembaruan berbeda untuk kartu {serial} bernomor {number} (juga di {one.file}).",
        ),
        where=str(other.file),
    )
