# SPDX-License-Identifier: Apache-2.0
"""Lists of cards that receipts are held against: those issued, those blocked and since when, those never delivered.

A list is CSV with the column ``serial``, or JSON Lines with that member: 16 hexadecimal digits, in groups where a
spreadsheet would round them. In a list of blocked cards ``since`` says from when on: a date, which begins at midnight,
or a date and time, Samarinda's where no zone is given; without it nothing may ever have been bought. So these serve as
they are: the list of ``ssn perso handover --out``, and that of ``ssn perso barred``, whose head tells how many cards
follow. Other columns are ignored.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any, TextIO

from ssn_card.keys import SERIAL_LENGTH
from ssn_card.programme import WITA
from ssn_card.protocol import bcd
from ssn_card.protocol.errors import Text

from .errors import BadCards
from .members import Row, objects, opened

ALWAYS = bytes(bcd.TIMESTAMP)  #: before every moment
_BETWEEN = re.compile(r"[-\s]")  #: what stands between groups of digits


@dataclass(frozen=True, slots=True)
class CardLists:
    """What is known of cards beside their receipts.

    Args:
        issued: every card there is; ``None``: not known, so that no card is unknown.
        blocked: by serial the moment, BCD YYMMDDhhmmss in Samarinda's time, at which a card was blocked for good.
        undelivered: cards that nobody was given.
    """

    issued: frozenset[bytes] | None = None
    blocked: Mapping[bytes, bytes] = field(default_factory=dict)
    undelivered: frozenset[bytes] = frozenset()


NO_LISTS = CardLists()


def read_lists(
    issued: Iterable[Path] = (), blocked: Iterable[Path] = (), undelivered: Iterable[Path] = ()
) -> CardLists:
    """Lists out of files, several of a kind together. Of a card that was blocked more than once the first time counts.

    Raises:
        BadCards: unreadable, no card at all, not whole, or a line of another form; names line and field.
    """
    issued = tuple(issued)
    since: dict[bytes, bytes] = {}
    for path in blocked:
        for serial, row in _listed(path):
            moment = _since(row)
            since[serial] = min(moment, since.get(serial, moment))
    return CardLists(
        issued=frozenset(serial for path in issued for serial, _ in _listed(path, empty=False)) if issued else None,
        blocked=since,
        undelivered=frozenset(serial for path in undelivered for serial, _ in _listed(path)),
    )


def _listed(path: Path, *, empty: bool = True) -> Iterator[tuple[bytes, Row]]:
    """Each card, and its row. ``empty``: a head may say that there is none."""
    said: int | None = None
    count = 0
    with opened(path, BadCards) as file:
        for row in _rows(path, file):
            if said is None and not count and "serial" not in row.data and "cards" in row.data:
                said = row.number("cards", 0, 1 << 32)
                continue
            count += 1
            yield row.octets("serial", SERIAL_LENGTH), row
    if said is None:
        said = max(count, 1)
    if count != said:
        raise BadCards(
            Text(f"{count} of {said} cards are in the list.", f"{count} dari {said} kartu ada dalam daftar."),
            where=str(path),
        )
    if not count and not empty:
        raise BadCards(Text("The list names no card.", "Daftar tidak menyebut kartu."), where=str(path))


def _rows(path: Path, file: TextIO) -> Iterator[Row]:
    """The rows of either form, which the first line tells."""
    first = next(file, "")
    lines = chain((first,), file)
    json_lines = ((row.place, row.data) for row in objects(lines, path, BadCards))
    for place, data in json_lines if first.lstrip().startswith("{") else _table(lines, path):
        serial = data.get("serial")
        grouped = {"serial": _BETWEEN.sub("", serial)} if isinstance(serial, str) else {}
        yield Row(place, {**data, **grouped}, BadCards)


def _table(lines: Iterable[str], path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    reader = csv.DictReader(lines, strict=True)
    try:
        if "serial" not in (reader.fieldnames or ()):
            raise BadCards(
                Text("There is no column serial.", "Tidak ada kolom serial."), where=f"{path}:{reader.line_num} serial"
            )
        for data in reader:
            yield f"{path}:{reader.line_num}", data
    except csv.Error:
        raise BadCards(
            Text("The line is no line of a table.", "Baris bukan baris tabel."),
            where=f"{path}:{reader.reader.line_num}",
        ) from None


def _since(row: Row) -> bytes:
    value: Any = row.data.get("since")
    if value is None or value == "":
        return ALWAYS
    try:
        moment = dt.datetime.fromisoformat(value)
        return bcd.from_timestamp(moment if moment.tzinfo is None else moment.astimezone(WITA).replace(tzinfo=None))
    except (TypeError, ValueError, OverflowError):
        raise row.bad("since") from None
