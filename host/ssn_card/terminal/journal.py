# SPDX-License-Identifier: Apache-2.0
"""The terminal's journal: what it is about to do, written before it does it.

SQLite in WAL mode with ``synchronous=FULL``: an intent is on the disk before the card hears of it, so a crash, a power
cut or a card pulled away leaves a transaction *in doubt*, never unknown. Transaction numbers come from here and never
repeat. A journal belongs to one terminal, and says which; one process at a time has it open
(:mod:`~ssn_card.terminal.journal_file`).

It also keeps how far each card is known to be (its newest receipt's number, proved by the card), the latest time of its
own, and what a person should hear of later (:class:`Event`).
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.layouts import MOVEMENT
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Basket, Receipt
from ssn_card.receipts.jsonl import line_of, parse_line

from .journal_errors import JournalDamaged, JournalOfAnotherTerminal
from .journal_file import JournalFile

_AMOUNT = slice(MOVEMENT.offset("amount"), MOVEMENT.offset("amount") + 4)


class MovementState(StrEnum):
    """Fate of a movement."""

    IN_DOUBT = "in_doubt"  #: sent or about to be; only the card knows
    DONE = "done"  #: receipt in hand
    VOID = "void"  #: the card has proved that it did not happen
    GONE = "gone"  #: the card's log has forgotten it; only the bank can tell


@dataclass(frozen=True)
class Entry:
    """One movement in the journal, by which its receipt is recognised.

    Args:
        seq: number of the receipt that it makes.
        body: the 36 bytes sent.
        day: at the terminal, by its clock.
    """

    terminal_txn: int
    reference: str | None
    kind: ReceiptType
    serial: bytes
    seq: int
    body: bytes
    basket: Basket | None
    state: MovementState
    day: dt.date

    @property
    def amount(self) -> int:
        """Rupiah."""
        return int.from_bytes(self.body[_AMOUNT], "big")

    def made(self, receipt: Receipt) -> bool:
        """Whether the receipt is this movement's: card, number, type and all 36 bytes are the same."""
        return (receipt.serial, receipt.seq, receipt.type, receipt.movement) == (
            self.serial, self.seq, self.kind, self.body,
        )  # fmt: skip


class Prepared(Protocol):
    """A command that is about to be sent."""

    @property
    def number(self) -> int:
        """Of the receipt that it makes."""

    @property
    def body(self) -> bytes:
        """36 bytes."""


_Prepared = TypeVar("_Prepared", bound=Prepared)


class EventKind(StrEnum):
    """What the journal remembers beside movements."""

    CLOCK_CONFIRMED = "clock_confirmed"  #: the clock was behind the journal, and the merchant said that it is right
    FALSE_CARD = "false_card"  #: a card proved a lower number than one proved before: that was another card's word


@dataclass(frozen=True)
class Event:
    """Something that a person should hear of.

    Args:
        moment: by the terminal's clock.
        serial: of the card that it is about.
        details: figures by name.
    """

    number: int
    moment: dt.datetime
    kind: EventKind
    serial: bytes | None
    details: dict[str, Any]


class TerminalJournal(Closing):
    """Opens or creates the journal of one terminal. A context manager; any thread may call."""

    def __init__(self, path: Path | str, terminal_id: int | None = None, *, read_only: bool = False) -> None:
        """
        Args:
            path: may be ``":memory:"`` for trials.
            terminal_id: whose journal it must be, 1 to 2^32 - 1; without it the journal must exist already.
            read_only: look into a journal that another process may own.

        Raises:
            JournalNotFound, JournalNotOurs, JournalOfAnotherVersion, JournalDamaged: nothing was altered.
            JournalBusy: another process, or this one, has it open.
            JournalOfAnotherTerminal, JournalError.
            InputError: ``terminal_id`` is no terminal's number.
        """
        self._file = JournalFile(path, terminal_id, read_only=read_only)
        try:
            ((owner,),) = self._file.rows("SELECT terminal_id FROM terminal") or ((None,),)
            if owner is None:
                raise self._damaged()
            if terminal_id is not None and terminal_id != owner:
                raise JournalOfAnotherTerminal(owner, terminal_id, self.path)
        except BaseException:
            self._file.close()
            raise
        self.terminal_id: int = owner

    @property
    def path(self) -> str:
        """Where it is."""
        return str(self._file.path)

    def intend(
        self,
        kind: ReceiptType,
        serial: bytes,
        basket: Basket | None,
        reference: str | None,
        moment: dt.datetime,
        prepare: Callable[[int], _Prepared],
    ) -> tuple[Entry, _Prepared]:
        """Record a movement that is about to be sent: when this returns it is on the disk, and in doubt.

        Args:
            prepare: makes the command of a transaction number. What it raises leaves nothing behind.

        Returns the entry, and what ``prepare`` made.
        """
        started = moment.isoformat()
        with self._file.writing() as db:
            ((newest,),) = db.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'movement'")
            txn = newest + 1
            prepared = prepare(txn)
            db.execute(
                "INSERT INTO movement (terminal_txn, reference, kind, serial, seq, body, basket, state, started)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    txn, reference, kind, serial, prepared.number, prepared.body,
                    None if basket is None else basket.as_json(), MovementState.IN_DOUBT, started,
                ),
            )  # fmt: skip
            db.execute("UPDATE terminal SET latest = max(latest, ?)", (started,))
        entry = Entry(
            txn, reference, kind, serial, prepared.number, prepared.body, basket, MovementState.IN_DOUBT, moment.date()
        )
        return entry, prepared

    def done(self, entry: Entry, receipt: Receipt) -> None:
        """Record the receipt of a movement."""
        with self._file.writing() as db:
            self._end(db, entry, MovementState.DONE, receipt.seq)
            _insert(db, receipt, entry.basket)

    def void(self, entry: Entry, newest: int) -> None:
        """Record that a movement did not happen, as the card with that newest receipt has said; its reference is free
        for another attempt."""
        with self._file.writing() as db:
            self._end(db, entry, MovementState.VOID, newest)

    def gone(self, entry: Entry, newest: int) -> None:
        """Record that the card, with that newest receipt, has forgotten what became of a movement."""
        with self._file.writing() as db:
            self._end(db, entry, MovementState.GONE, newest)

    def keep(self, receipt: Receipt, *, believed: bool = True) -> None:
        """Keep a receipt that is no movement of this terminal's, such as an update's; twice does nothing.

        ``believed``: not from a card whose keys are out of use; else it is for the bank alone to judge.
        """
        with self._file.writing() as db:
            _insert(db, receipt, None, believed)

    def entry(self, terminal_txn: int) -> Entry | None:
        """The movement of that number, whatever became of it."""
        return next(iter(self._entries("terminal_txn = ?", terminal_txn)), None)

    def in_doubt(self, serial: bytes | None = None) -> list[Entry]:
        """Movements whose fate is open, of one card or of all, oldest first."""
        return self._entries("state = 'in_doubt' AND (? IS NULL OR serial = ?)", serial, serial)

    def for_the_bank(self) -> list[Entry]:
        """Movements that their cards have forgotten, oldest first: only the bank can tell what became of them."""
        return self._entries("state = 'gone'")

    def proven(self, serial: bytes) -> int:
        """Number of the newest receipt that the card is known to have, 0 where nothing is known."""
        rows = self._file.rows("SELECT newest FROM card WHERE serial = ?", serial)
        return int(rows[0][0]) if rows else 0

    def lower(self, serial: bytes, newest: int, moment: dt.datetime) -> None:
        """Record that the card has proved a lower number than the one known: that was a false card's, an event."""
        with self._file.writing() as db:
            (before,) = db.execute("SELECT newest FROM card WHERE serial = ?", (serial,)).fetchone()
            db.execute("UPDATE card SET newest = ? WHERE serial = ?", (newest, serial))
            _note(db, moment, EventKind.FALSE_CARD, serial, before=before, newest=newest)

    def latest(self) -> dt.datetime | None:
        """The latest time of any intent here, since the clock was last confirmed; ``None`` in a new journal."""
        ((text,),) = self._file.rows("SELECT latest FROM terminal")
        return self._moment_of(text) if text else None

    def confirm_clock(self, moment: dt.datetime) -> None:
        """Record that a clock behind :meth:`latest` is right, as the merchant says, an event; from now on it counts."""
        with self._file.writing() as db:
            (before,) = db.execute("SELECT latest FROM terminal").fetchone()
            db.execute("UPDATE terminal SET latest = ?", (moment.isoformat(),))
            _note(db, moment, EventKind.CLOCK_CONFIRMED, None, latest=before)

    def events(self, after: int = 0) -> list[Event]:
        """What a person should hear of, oldest first; those behind number ``after``. Raises ``JournalDamaged``."""
        rows = self._file.rows(
            "SELECT number, moment, kind, serial, details FROM event WHERE number > ? ORDER BY number", after
        )
        try:
            return [
                Event(number, dt.datetime.fromisoformat(moment), EventKind(kind), serial, json.loads(details))
                for number, moment, kind, serial, details in rows
            ]
        except ValueError:
            raise self._damaged() from None

    def by_reference(self, reference: str, day: dt.date) -> Entry | None:
        """The sale of that day under the integrator's own reference, done or in doubt; else one of another day that
        is still in doubt."""
        found = self._entries("reference = ? AND state <> 'void'", reference)
        of_that_day = (entry for entry in found if entry.day == day)
        in_doubt = (entry for entry in found if entry.state is MovementState.IN_DOUBT)
        return next(of_that_day, None) or next(in_doubt, None)

    def receipt_of(self, entry: Entry) -> Receipt:
        """The receipt of a movement that is done. Raises ``JournalDamaged`` where there is none."""
        for receipt, _ in self.receipts(entry.serial):
            if entry.made(receipt):
                return receipt
        raise self._damaged()

    def receipts(
        self, serial: bytes | None = None, *, believed: bool = False
    ) -> Iterator[tuple[Receipt, Basket | None]]:
        """Every receipt kept, in the order they came; of one card or of all, or only those believed.

        Raises ``JournalDamaged``.
        """
        rows = self._file.rows(
            "SELECT line FROM receipt WHERE (? IS NULL OR serial = ?) AND believed >= ? ORDER BY rowid",
            serial,
            serial,
            believed,
        )
        for (text,) in rows:
            line = parse_line(0, text)
            if line.receipt is None or line.fault is not None:
                raise self._damaged()
            yield line.receipt, line.basket

    def close(self) -> None:
        """Close the file; closing twice is allowed."""
        self._file.close()

    def _entries(self, where: str, *arguments: object) -> list[Entry]:
        rows = self._file.rows(
            "SELECT terminal_txn, reference, kind, serial, seq, body, basket, state, started FROM movement"  # noqa: S608 fixed text
            f" WHERE {where} ORDER BY terminal_txn",
            *arguments,
        )
        try:
            return [
                Entry(
                    txn, reference, ReceiptType(kind), serial, seq, body, self._basket_of(basket), MovementState(state),
                    dt.datetime.fromisoformat(started).date(),
                )
                for txn, reference, kind, serial, seq, body, basket, state, started in rows
            ]  # fmt: skip
        except ValueError:
            raise self._damaged() from None

    def _end(self, db: sqlite3.Connection, entry: Entry, state: MovementState, newest: int) -> None:
        """Give a movement its end, and note how far its card is known to be."""
        ended = db.execute("UPDATE movement SET state = ? WHERE terminal_txn = ?", (state, entry.terminal_txn))
        if ended.rowcount != 1:
            raise JournalDamaged(Text("A transaction is gone.", "Transaksi hilang."), where=self.path)
        db.execute(
            "INSERT INTO card VALUES (?, ?) ON CONFLICT DO UPDATE SET newest = max(newest, excluded.newest)",
            (entry.serial, newest),
        )

    def _moment_of(self, text: str) -> dt.datetime:
        try:
            return dt.datetime.fromisoformat(text)
        except ValueError:
            raise self._damaged() from None

    def _basket_of(self, text: str | None) -> Basket | None:
        try:
            return None if text is None else Basket.from_json(text)
        except InputError:
            raise self._damaged() from None

    def _damaged(self) -> JournalDamaged:
        return JournalDamaged(Text("A line in the journal is damaged.", "Baris di jurnal rusak."), where=self.path)


def _insert(db: sqlite3.Connection, receipt: Receipt, basket: Basket | None, believed: bool = True) -> None:
    db.execute(
        "INSERT INTO receipt (serial, seq, mac, line, believed) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET believed = max(believed, excluded.believed)",
        (receipt.serial, receipt.seq, receipt.mac, line_of(receipt, basket), believed),
    )


def _note(
    db: sqlite3.Connection, moment: dt.datetime, kind: EventKind, serial: bytes | None, **details: object
) -> None:
    db.execute(
        "INSERT INTO event (moment, kind, serial, details) VALUES (?, ?, ?, ?)",
        (moment.isoformat(), kind, serial, json.dumps(details)),
    )
