# SPDX-License-Identifier: Apache-2.0
"""Blank stock: the cards that their maker delivered, counted in by serial, and what became of each.

What became of a card is never written down a second time. It follows from the journal's other rows, so that the counts
of a delivery are what the journal says of its cards, or the journal contradicts itself, which is an error. A journal
without deliveries keeps no stock, and every card is as good as it proves itself.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum

from ssn_card.protocol.errors import Text

from . import log
from .errors import DeliveryKnown, EmptyDelivery, NotBlankStock, SerialsDelivered, StockDiffers
from .file import JournalFile

#: Begins the reason for which a card of no delivery is put aside; its delivery may be counted in afterwards.
FOREIGN = "foreign-card"
_SHOWN = 3  #: serials in an error


class Standing(Enum):
    """Whether a card may be used, as far as stock goes."""

    USABLE = 1
    FOREIGN = 2  #: of no delivery, where stock is kept
    RETURNED = 3  #: it went back to its maker


class BlankState(StrEnum):
    """What became of a card of the stock."""

    LEFT = "left"  #: blank, to be personalized
    USED = "used"  #: somebody's card
    IN_DOUBT = "in_doubt"
    SPOILED = "spoiled"  #: put aside as it failed, or declared lost
    RETURNED = "returned"  #: to its maker

    @property
    def text(self) -> Text:
        """The state for people."""
        return _STATES[self]


_STATES = {
    BlankState.LEFT: Text("left", "sisa"),
    BlankState.USED: Text("used", "terpakai"),
    BlankState.IN_DOUBT: Text("in doubt", "belum pasti"),
    BlankState.SPOILED: Text("spoiled", "rusak"),
    BlankState.RETURNED: Text("returned", "dikembalikan"),
}
_OF_CARD = {"done": BlankState.USED, "sent": BlankState.IN_DOUBT, "lost": BlankState.SPOILED}
_STATES_QUERY = f"""
    SELECT blank.delivery, card.state AS card, blank.returned IS NOT NULL AS returned, EXISTS (
               SELECT 1 FROM event
               WHERE event.serial = blank.serial AND event.state = 'failed' AND event.reason NOT LIKE '{FOREIGN}:%'
           ) AS failed, count(*) AS cards
    FROM blank LEFT JOIN card ON card.serial = blank.serial
    GROUP BY 1, 2, 3, 4
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class StockDelivery:
    """One delivery, and how many of its cards are in which state; the counts add up to ``cards``."""

    name: str
    at: str  #: UTC, when it was counted in
    cards: int
    states: Mapping[BlankState, int]


class Stock:
    """The blank cards of one journal."""

    def __init__(self, file: JournalFile) -> None:
        """For the journal."""
        self._file = file

    @property
    def kept(self) -> bool:
        """Whether any delivery was counted in: then only its cards are ours."""
        return bool(self._file.rows("SELECT 1 FROM delivery LIMIT 1"))

    def add(self, name: str, serials: Collection[bytes]) -> int:
        """Count a delivery in, whole or not at all; how many cards it has.

        Raises ``EmptyDelivery``, ``DeliveryKnown``, ``SerialsDelivered``.
        """
        if not serials:
            raise EmptyDelivery(name)
        with self._file.writing() as database:
            if database.execute("SELECT 1 FROM delivery WHERE name = ?", (name,)).fetchone():
                raise DeliveryKnown(name)
            known = [serial for serial in serials if _blank(database, serial) is not None]
            if known:
                raise SerialsDelivered(len(known), _listed(known), name)
            now = _now()
            added = database.execute(
                "INSERT INTO delivery (name, cards, at) VALUES (?, ?, ?)", (name, len(serials), now)
            )
            delivery = added.lastrowid or 0
            log.append(database, "delivery", [delivery], now)
            rows = [
                database.execute("INSERT INTO blank (delivery, serial) VALUES (?, ?)", (delivery, serial)).lastrowid
                for serial in sorted(serials)
            ]
            log.append(database, "blank", [row or 0 for row in rows], now)
        return len(serials)

    def give_back(self, serials: Collection[bytes]) -> int:
        """These cards, left or spoiled, went back to their maker: all of them or none; how many.

        Raises ``EmptyDelivery``, ``NotBlankStock``.
        """
        if not serials:
            raise EmptyDelivery(None)
        with self._file.writing() as database:
            rows, now = self._blank_ones(database, serials), _now()
            database.executemany("UPDATE blank SET returned = ? WHERE id = ?", [(now, row) for row in rows])
            log.append(database, "blank", rows, now)
        return len(rows)

    def standing(self, serial: bytes) -> Standing:
        """What the stock says of a card that the station has before it."""
        kept, found, returned = self._file.one(
            "SELECT EXISTS (SELECT 1 FROM delivery), blank.id IS NOT NULL, blank.returned IS NOT NULL"
            " FROM (SELECT 1) LEFT JOIN blank ON blank.serial = ?",
            serial,
        )
        if returned:
            return Standing.RETURNED
        return Standing.FOREIGN if kept and not found else Standing.USABLE

    def spoil(self, serials: Collection[bytes], reason: str) -> int:
        """A person puts these blank cards aside, such as those that do not answer: all of them or none; how many.

        Raises ``EmptyDelivery``, ``NotBlankStock``.
        """
        if not serials:
            raise EmptyDelivery(None)
        with self._file.writing() as database:
            self._blank_ones(database, serials)
            now = _now()
            rows = [
                database.execute(
                    "INSERT INTO event (serial, state, reason, at) VALUES (?, 'failed', ?, ?)",
                    (serial, f"declared: {reason}", now),
                ).lastrowid
                for serial in sorted(serials)
            ]
            log.append(database, "event", [row or 0 for row in rows], now)
        return len(serials)

    def deliveries(self) -> tuple[StockDelivery, ...]:
        """All deliveries, the oldest first. Raises ``StockDiffers``: the cards of one do not add up."""
        with self._file.reading() as database:
            listed = database.execute("SELECT id, name, cards, at FROM delivery ORDER BY id").fetchall()
            counts: dict[int, dict[BlankState, int]] = {row["id"]: dict.fromkeys(BlankState, 0) for row in listed}
            for row in database.execute(_STATES_QUERY).fetchall():
                state = _state(row)
                if state is not None:
                    counts[row["delivery"]][state] += row["cards"]
        for row in listed:
            told = sum(counts[row["id"]].values())
            if told != row["cards"]:
                raise StockDiffers(row["name"], row["cards"], told, str(self._file.path))
        return tuple(StockDelivery(row["name"], row["at"], row["cards"], counts[row["id"]]) for row in listed)

    @staticmethod
    def _blank_ones(database: sqlite3.Connection, serials: Collection[bytes]) -> list[int]:
        """The rows of cards of which each is here and nobody's. Raises ``NotBlankStock``."""
        found = {serial: _blank(database, serial) for serial in serials}
        wrong = [serial for serial, blank in found.items() if blank is None or blank["returned"] or blank["card"]]
        if wrong:
            raise NotBlankStock(len(wrong), _listed(wrong))
        return [blank["id"] for blank in found.values() if blank is not None]

    def unread(self) -> int:
        """How many times a card was put aside that did not even tell its serial: it counts as left."""
        found: int = self._file.one("SELECT count(*) FROM event WHERE state = 'failed' AND serial IS NULL")[0]
        return found


def _state(row: sqlite3.Row) -> BlankState | None:
    """``None`` for a card that cannot be: returned, and somebody's."""
    if row["returned"]:
        return None if row["card"] else BlankState.RETURNED
    if row["card"]:
        return _OF_CARD.get(row["card"])
    return BlankState.SPOILED if row["failed"] else BlankState.LEFT


def _blank(database: sqlite3.Connection, serial: bytes) -> sqlite3.Row | None:
    found: sqlite3.Row | None = database.execute(
        "SELECT blank.id, blank.returned, card.state AS card"
        " FROM blank LEFT JOIN card ON card.serial = blank.serial WHERE blank.serial = ?",
        (serial,),
    ).fetchone()
    return found


def _listed(serials: Collection[bytes]) -> str:
    shown = ", ".join(serial.hex().upper() for serial in sorted(serials)[:_SHOWN])
    return f"{shown}, …" if len(serials) > _SHOWN else shown


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
