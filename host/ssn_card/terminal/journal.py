# SPDX-License-Identifier: Apache-2.0
"""The terminal's journal: what it is about to do, written before it does it.

SQLite in WAL mode with ``synchronous=FULL``: an intent is on the disk before the card hears of it, so a crash, a power
cut or a card pulled away leaves a transaction *in doubt*, never unknown. Transaction numbers come from here and never
repeat. A journal belongs to one terminal, and says which; one process at a time has it open
(:mod:`~ssn_card.terminal.journal_file`).
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Basket, Receipt
from ssn_card.receipts.jsonl import line_of, parse_line

from .journal_errors import JournalDamaged, JournalOfAnotherTerminal
from .journal_file import JournalFile


class State(StrEnum):
    """Fate of a movement."""

    IN_DOUBT = "in_doubt"  #: sent or about to be; only the card knows
    DONE = "done"  #: receipt in hand
    VOID = "void"  #: not sent yet, or the card has proved that it did not happen


@dataclass(frozen=True)
class Entry:
    """One movement in the journal. ``body``: the 28 bytes sent, from which the receipt is recognised."""

    terminal_txn: int
    reference: str | None
    kind: ReceiptType
    serial: bytes
    body: bytes
    basket: Basket | None
    state: State
    day: dt.date  #: at the terminal, by its clock


class TerminalJournal:
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
                raise JournalOfAnotherTerminal(owner, terminal_id, self._file.path)
        except BaseException:
            self._file.close()
            raise
        self.terminal_id: int = owner

    @property
    def path(self) -> str:
        """Where it is."""
        return self._file.path

    def begin(
        self, kind: ReceiptType, serial: bytes, basket: Basket | None, reference: str | None, moment: dt.datetime
    ) -> int:
        """Record an intent; returns its transaction number. The card must not hear of it before this returns."""
        with self._file.writing() as db:
            # Void until it is sent: a process that dies in between leaves nothing in doubt.
            cursor = db.execute(
                "INSERT INTO movement (reference, kind, serial, basket, state, started) VALUES (?, ?, ?, ?, ?, ?)",
                (reference, kind, serial, _basket_text(basket), State.VOID, moment.isoformat()),
            )
            return int(cursor.lastrowid or 0)

    def sending(self, terminal_txn: int, body: bytes) -> None:
        """Record that the movement is about to be sent: from here on it is in doubt."""
        with self._file.writing() as db:
            db.execute(
                "UPDATE movement SET body = ?, state = ? WHERE terminal_txn = ?", (body, State.IN_DOUBT, terminal_txn)
            )

    def done(self, terminal_txn: int, receipt: Receipt) -> None:
        """Record the receipt of a movement."""
        with self._file.writing() as db:
            db.execute("UPDATE movement SET state = ? WHERE terminal_txn = ?", (State.DONE, terminal_txn))
            (text,) = db.execute("SELECT basket FROM movement WHERE terminal_txn = ?", (terminal_txn,)).fetchone()
            _insert(db, receipt, self._basket_of(text))

    def void(self, terminal_txn: int) -> None:
        """Record that a movement did not happen; its reference is free for another attempt."""
        with self._file.writing() as db:
            db.execute("UPDATE movement SET state = ? WHERE terminal_txn = ?", (State.VOID, terminal_txn))

    def keep(self, receipt: Receipt) -> None:
        """Keep a receipt that is no movement of this terminal's, such as an update's; twice does nothing."""
        with self._file.writing() as db:
            _insert(db, receipt, None)

    def entry(self, terminal_txn: int) -> Entry | None:
        """The movement of that number, whatever became of it."""
        return next(iter(self._entries("terminal_txn = ?", terminal_txn)), None)

    def in_doubt(self, serial: bytes | None = None) -> list[Entry]:
        """Movements whose fate is open, of one card or of all, oldest first."""
        return self._entries("state = 'in_doubt' AND (? IS NULL OR serial = ?)", serial, serial)

    def by_reference(self, reference: str, day: dt.date) -> Entry | None:
        """The sale of that day under the integrator's own reference, done or in doubt; else one of another day that
        is still in doubt."""
        found = self._entries("reference = ? AND state <> 'void'", reference)
        of_that_day = (entry for entry in found if entry.day == day)
        in_doubt = (entry for entry in found if entry.state is State.IN_DOUBT)
        return next(of_that_day, None) or next(in_doubt, None)

    def receipt_of(self, entry: Entry) -> Receipt:
        """The receipt of a movement that is done. Raises ``JournalDamaged`` where there is none."""
        for receipt, _ in self.receipts(entry.serial):
            if receipt.raw[: len(entry.body)] == entry.body:
                return receipt
        raise self._damaged()

    def receipts(self, serial: bytes | None = None) -> Iterator[tuple[Receipt, Basket | None]]:
        """Every receipt kept, in the order they came; of one card or of all. Raises ``JournalDamaged``."""
        rows = self._file.rows("SELECT line FROM receipt WHERE ? IS NULL OR serial = ? ORDER BY rowid", serial, serial)
        for (text,) in rows:
            line = parse_line(0, text)
            if line.receipt is None or line.fault is not None:
                raise self._damaged()
            yield line.receipt, line.basket

    def close(self) -> None:
        """Close the file; closing twice is allowed."""
        self._file.close()

    def __enter__(self) -> TerminalJournal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _entries(self, where: str, *arguments: object) -> list[Entry]:
        rows = self._file.rows(
            "SELECT terminal_txn, reference, kind, serial, body, basket, state, started FROM movement"  # noqa: S608 fixed text
            f" WHERE {where} ORDER BY terminal_txn",
            *arguments,
        )
        try:
            return [
                Entry(
                    txn, reference, ReceiptType(kind), serial, body, self._basket_of(basket), State(state),
                    dt.datetime.fromisoformat(started).date(),
                )
                for txn, reference, kind, serial, body, basket, state, started in rows
            ]  # fmt: skip
        except ValueError:
            raise self._damaged() from None

    def _basket_of(self, text: str | None) -> Basket | None:
        try:
            return None if text is None else Basket.from_json(text)
        except InputError:
            raise self._damaged() from None

    def _damaged(self) -> JournalDamaged:
        return JournalDamaged(Text("A line in the journal is damaged.", "Baris di jurnal rusak."), where=self.path)


def _insert(db: sqlite3.Connection, receipt: Receipt, basket: Basket | None) -> None:
    db.execute(
        "INSERT OR IGNORE INTO receipt (serial, seq, mac, line) VALUES (?, ?, ?, ?)",
        (receipt.serial, receipt.seq, receipt.mac, line_of(receipt, basket)),
    )


def _basket_text(basket: Basket | None) -> str | None:
    return None if basket is None else basket.as_json()
