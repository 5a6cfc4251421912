# SPDX-License-Identifier: Apache-2.0
"""Letters that tell a card's PIN, as far as the journal knows them: which letter is a card's, and where it is.

A PIN is never in the journal. A letter is named by the SHA-256 of its sealed line in the file of letters, which nobody
else can have written then: what a custodian prints is what the station sealed.

A card has one letter that holds. It is written down before the card is touched; it becomes void when the card turns out
to be blank, and when the card is declared lost. It is printed once, and only for a card that is done.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ssn_card.protocol.errors import Text

from . import log
from .errors import LetterNotDelivered
from .file import JournalFile
from .records import Entry


class LetterState(StrEnum):
    """Where a letter is."""

    SEALED = "sealed"  #: in the file of letters, not printed
    PRINTED = "printed"
    DELIVERED = "delivered"
    VOID = "void"

    @property
    def text(self) -> Text:
        """The state for people."""
        return _STATES[self]


_STATES = {
    LetterState.SEALED: Text("not printed yet", "belum dicetak"),
    LetterState.PRINTED: Text("printed", "dicetak"),
    LetterState.DELIVERED: Text("delivered", "diterima"),
    LetterState.VOID: Text("void", "batal"),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter; no PIN."""

    id: int
    serial: bytes
    sha256: bytes  #: of its sealed line
    state: LetterState
    done: bool  #: whether its card is


class Letters:
    """The letters of one journal."""

    def __init__(self, file: JournalFile) -> None:
        """For the journal."""
        self._file = file

    def sealed(self, entry: Entry, sha256: bytes) -> None:
        """A letter for the card that is about to be made is on the disk; one before it is void."""
        with self._file.writing() as database:
            self.void(entry.id)
            added = database.execute(
                "INSERT INTO letter (card, serial, sha256, sealed) VALUES (?, ?, ?, ?)",
                (entry.id, entry.serial, sha256, _now()),
            )
            log.append(database, "letter", [added.lastrowid or 0], _now())

    def void(self, card: int) -> None:
        """The letter of this number, if it has one that was not delivered, tells the PIN of no card in use."""
        self._mark("void", "card = ? AND void IS NULL AND delivered IS NULL", (card,))

    def printed(self, letters: Collection[Letter]) -> None:
        """These letters are being printed: none ever again."""
        with self._file.writing():
            for letter in letters:
                self._mark("printed", "id = ? AND printed IS NULL AND void IS NULL", (letter.id,))

    def delivered(self, serials: Collection[bytes]) -> None:
        """The holders of these cards have confirmed their letters: all of them or none.

        Raises ``LetterNotDelivered`` for the first that was not printed, or was confirmed before.
        """
        with self._file.writing():
            for serial in serials:
                condition = "serial = ? AND printed IS NOT NULL AND void IS NULL AND delivered IS NULL"
                if not self._mark("delivered", condition, (serial,)):
                    raise LetterNotDelivered(serial)

    def all(self) -> tuple[Letter, ...]:
        """Every letter, in the order of sealing."""
        query = """
            SELECT letter.id, letter.serial, letter.sha256, letter.printed, letter.delivered, letter.void,
                   card.state = 'done' AND card.serial = letter.serial AS done
            FROM letter JOIN card ON card.id = letter.card ORDER BY letter.id
        """
        return tuple(
            Letter(row["id"], row["serial"], row["sha256"], _state(row), bool(row["done"]))
            for row in self._file.rows(query)
        )

    def _mark(self, column: str, condition: str, values: tuple[object, ...]) -> int:
        """Write the time into a column of the letters of a condition; how many they are."""
        with self._file.writing() as database:
            rows = database.execute(
                f"UPDATE letter SET {column} = ? WHERE {condition} RETURNING id",  # noqa: S608
                (_now(), *values),
            ).fetchall()
            log.append(database, "letter", [row for (row,) in rows], _now())
        return len(rows)


def _state(row: Any) -> LetterState:
    for state, column in (
        (LetterState.VOID, "void"),
        (LetterState.DELIVERED, "delivered"),
        (LetterState.PRINTED, "printed"),
    ):
        if row[column] is not None:
            return state
    return LetterState.SEALED


def _now() -> str:
    return dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
