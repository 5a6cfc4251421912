# SPDX-License-Identifier: Apache-2.0
"""The terminal's journal: what it is about to do, written before it does it.

SQLite in WAL mode with ``synchronous=FULL``: an intent is on the disk before the card hears of it, so a crash, a power
cut or a card pulled away leaves a transaction *in doubt*, never unknown. Transaction numbers come from here and never
repeat. A journal belongs to one terminal.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Basket, Receipt
from ssn_card.receipts.jsonl import line_of, parse_line

from .errors import JournalError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS terminal (only INTEGER PRIMARY KEY CHECK (only = 1), terminal_id INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS movement (
    terminal_txn INTEGER PRIMARY KEY AUTOINCREMENT,
    reference    TEXT UNIQUE,
    kind         INTEGER NOT NULL,
    serial       BLOB NOT NULL,
    body         BLOB,
    basket       TEXT,
    state        TEXT NOT NULL,
    started      TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS receipt (
    serial BLOB NOT NULL,
    seq    INTEGER NOT NULL,
    mac    BLOB NOT NULL,
    line   TEXT NOT NULL,
    PRIMARY KEY (serial, seq, mac)
);
CREATE INDEX IF NOT EXISTS movement_in_doubt ON movement (serial) WHERE state = 'in_doubt';
"""


class State(StrEnum):
    """Fate of a movement."""

    IN_DOUBT = "in_doubt"  #: sent or about to be; only the card knows
    DONE = "done"  #: receipt in hand
    VOID = "void"  #: the card has proved that it did not happen


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


class TerminalJournal:
    """Opens or creates the journal of one terminal. A context manager."""

    def __init__(self, path: Path | str, terminal_id: int | None) -> None:
        """``path`` may be ``":memory:"`` for trials; without ``terminal_id`` the journal must exist already.

        Raises :class:`JournalError`.
        """
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.executescript(_SCHEMA)
            if terminal_id is not None:
                self._db.execute("INSERT OR IGNORE INTO terminal VALUES (1, ?)", (terminal_id,))
            (owner,) = self._db.execute("SELECT terminal_id FROM terminal").fetchone() or (None,)
        except sqlite3.Error as error:
            raise JournalError(
                Text("The journal cannot be opened: {why}.", "Jurnal tidak dapat dibuka: {why}.").filled(
                    why=system_reason(error)
                ),
                where=str(path),
            ) from None
        if owner is None or terminal_id not in (None, owner):
            self._db.close()
            raise JournalError(
                Text(
                    f"This journal belongs to terminal {owner}, not {terminal_id}.",
                    f"Jurnal ini milik terminal {owner}, bukan {terminal_id}.",
                ),
                where=str(path),
                remedy=Text("Use one journal per terminal.", "Pakai satu jurnal untuk setiap terminal."),
            )
        self._path = str(path)
        self.terminal_id: int = owner

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise JournalError(
                Text("The journal cannot be written: {why}.", "Jurnal tidak dapat ditulis: {why}.").filled(
                    why=system_reason(error)
                ),
                where=self._path,
            ) from None

    def begin(
        self, kind: ReceiptType, serial: bytes, basket: Basket | None, reference: str | None, moment: dt.datetime
    ) -> int:
        """Record an intent; returns its transaction number. The card must not hear of it before this returns."""
        with self._transaction() as db:
            # Void until it is sent: a process that dies in between leaves nothing in doubt.
            db.execute(
                "UPDATE movement SET reference = NULL WHERE reference = ? AND state = ?", (reference, State.VOID)
            )
            cursor = db.execute(
                "INSERT INTO movement (reference, kind, serial, basket, state, started) VALUES (?, ?, ?, ?, ?, ?)",
                (reference, kind, serial, _basket_text(basket), State.VOID, moment.isoformat()),
            )
            return int(cursor.lastrowid or 0)

    def sending(self, terminal_txn: int, body: bytes) -> None:
        """Record that the movement is about to be sent: from here on it is in doubt."""
        with self._transaction() as db:
            db.execute(
                "UPDATE movement SET body = ?, state = ? WHERE terminal_txn = ?", (body, State.IN_DOUBT, terminal_txn)
            )

    def done(self, terminal_txn: int, receipt: Receipt) -> None:
        """Record the receipt of a movement."""
        with self._transaction() as db:
            db.execute("UPDATE movement SET state = ? WHERE terminal_txn = ?", (State.DONE, terminal_txn))
            (text,) = db.execute("SELECT basket FROM movement WHERE terminal_txn = ?", (terminal_txn,)).fetchone()
            _insert(db, receipt, _basket_of(text))

    def void(self, terminal_txn: int) -> None:
        """Record that a movement did not happen, and free its reference for another attempt."""
        with self._transaction() as db:
            db.execute(
                "UPDATE movement SET state = ?, reference = NULL WHERE terminal_txn = ?", (State.VOID, terminal_txn)
            )

    def keep(self, receipt: Receipt) -> None:
        """Keep a receipt that is no movement of this terminal's, such as an update's; twice does nothing."""
        with self._transaction() as db:
            _insert(db, receipt, None)

    def in_doubt(self, serial: bytes | None = None) -> list[Entry]:
        """Movements whose fate is open, of one card or of all, oldest first."""
        return self._entries("state = 'in_doubt' AND (? IS NULL OR serial = ?)", (serial, serial))

    def by_reference(self, reference: str) -> Entry | None:
        """The movement with the integrator's own reference, if it is done or in doubt."""
        return next(iter(self._entries("reference = ? AND state <> 'void'", (reference,))), None)

    def receipt_of(self, entry: Entry) -> Receipt | None:
        """The receipt of a movement that is done."""
        return next((one for one, _ in self.receipts(entry.serial) if one.raw[: len(entry.body)] == entry.body), None)

    def receipts(self, serial: bytes | None = None) -> Iterator[tuple[Receipt, Basket | None]]:
        """Every receipt kept, in the order they came; of one card or of all."""
        rows = self._db.execute(
            "SELECT line FROM receipt WHERE ? IS NULL OR serial = ? ORDER BY rowid", (serial, serial)
        )
        for (text,) in rows.fetchall():
            line = parse_line(0, text)
            if line.receipt is None:
                raise JournalError(
                    Text("A receipt in the journal is damaged.", "Kuitansi di jurnal rusak."), where=self._path
                )
            yield line.receipt, line.basket

    def close(self) -> None:
        """Close the file; closing twice is allowed."""
        self._db.close()

    def __enter__(self) -> TerminalJournal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _entries(self, where: str, arguments: tuple[object, ...]) -> list[Entry]:
        rows = self._db.execute(
            "SELECT terminal_txn, reference, kind, serial, body, basket, state FROM movement"  # noqa: S608 fixed text
            f" WHERE {where} ORDER BY terminal_txn",
            arguments,
        )
        return [
            Entry(txn, reference, ReceiptType(kind), serial, body, _basket_of(basket), State(state))
            for txn, reference, kind, serial, body, basket, state in rows.fetchall()
        ]


def _insert(db: sqlite3.Connection, receipt: Receipt, basket: Basket | None) -> None:
    db.execute(
        "INSERT OR IGNORE INTO receipt (serial, seq, mac, line) VALUES (?, ?, ?, ?)",
        (receipt.serial, receipt.seq, receipt.mac, line_of(receipt, basket)),
    )


def _basket_text(basket: Basket | None) -> str | None:
    return None if basket is None else basket.as_json()


def _basket_of(text: str | None) -> Basket | None:
    return None if text is None else Basket.from_json(text)
