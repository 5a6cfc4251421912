# SPDX-License-Identifier: Apache-2.0
"""The journal by itself: it is on the disk before it returns, and says which file is wrong."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.receipts.made import RICE, SERIAL, history

from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt
from ssn_card.terminal import JournalError, TerminalJournal
from ssn_card.terminal.journal import State

HISTORY = [Receipt(raw) for raw in history()]
SALE = HISTORY[2]
MOMENT = dt.datetime(2025, 10, 3, 10, 0, 0)
OTHER = bytes(8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terminal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[TerminalJournal]:
    with TerminalJournal(path, 7) as journal:
        yield journal


def begun(journal: TerminalJournal, reference: str | None = None, serial: bytes = SERIAL) -> int:
    return journal.begin(ReceiptType.DEBIT, serial, RICE, reference, MOMENT)


def seen_from_outside(path: Path) -> list[tuple[object, ...]]:
    """What another process reads: only what is committed."""
    with sqlite3.connect(path) as db:
        rows: list[tuple[object, ...]] = db.execute("SELECT terminal_txn, state, started FROM movement").fetchall()
    db.close()
    return rows


def test_an_intent_is_committed_before_the_card_hears_of_it(journal: TerminalJournal, path: Path) -> None:
    txn = begun(journal)
    assert seen_from_outside(path) == [(txn, "void", "2025-10-03T10:00:00")]
    journal.sending(txn, SALE.raw[:28])
    assert seen_from_outside(path) == [(txn, "in_doubt", "2025-10-03T10:00:00")]
    journal.done(txn, SALE)
    assert seen_from_outside(path) == [(txn, "done", "2025-10-03T10:00:00")]


def test_the_disk_has_it_when_a_call_returns(journal: TerminalJournal, path: Path) -> None:
    """WAL with synchronous=FULL (2): the promise rests on these two settings."""
    assert journal._db.execute("PRAGMA synchronous").fetchone() == (2,)
    assert journal._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_an_entry_holds_what_was_sent(journal: TerminalJournal) -> None:
    first, second = begun(journal, "POS-1"), begun(journal, None, OTHER)
    assert (first, second) == (1, 2)
    assert journal.in_doubt() == []
    journal.sending(first, SALE.raw[:28])
    journal.sending(second, bytes(28))
    mine, other = journal.in_doubt()
    assert (mine.terminal_txn, mine.reference, mine.kind, mine.serial) == (1, "POS-1", ReceiptType.DEBIT, SERIAL)
    assert (mine.body, mine.basket, mine.state) == (SALE.raw[:28], RICE, State.IN_DOUBT)
    assert type(mine.kind) is ReceiptType
    assert journal.in_doubt(SERIAL) == [mine]
    assert journal.in_doubt(OTHER) == [other]
    assert journal.by_reference("POS-1") == mine
    assert journal.receipt_of(mine) is None


def test_a_receipt_keeps_its_basket_and_settles_its_movement(journal: TerminalJournal) -> None:
    txn = begun(journal, "POS-1")
    journal.sending(txn, SALE.raw[:28])
    journal.keep(HISTORY[0])
    journal.keep(HISTORY[0])
    journal.done(txn, SALE)
    assert journal.in_doubt() == []
    entry = journal.by_reference("POS-1")
    assert entry is not None
    assert entry.state is State.DONE
    assert journal.receipt_of(entry) == SALE
    assert list(journal.receipts()) == [(HISTORY[0], None), (SALE, RICE)]
    assert list(journal.receipts(SERIAL)) == [(HISTORY[0], None), (SALE, RICE)]
    assert list(journal.receipts(OTHER)) == []


def test_a_void_movement_frees_its_reference_and_no_other(journal: TerminalJournal) -> None:
    for reference in ("POS-1", "POS-2"):
        journal.sending(begun(journal, reference), bytes(28))
    journal.void(1)
    assert journal.by_reference("POS-1") is None
    assert journal.by_reference("POS-2") is not None
    assert [entry.terminal_txn for entry in journal.in_doubt()] == [2]
    assert begun(journal, "POS-1") == 3
    assert begun(journal, "POS-1") == 4  # begun and never sent: the process died in between
    with pytest.raises(JournalError):
        begun(journal, "POS-2")
    assert begun(journal, "POS-3") == 5  # what failed left nothing behind


def test_a_journal_without_an_owner_is_not_opened(path: Path) -> None:
    with pytest.raises(JournalError) as caught:
        TerminalJournal(path, None)
    assert caught.value.where == str(path)
    with TerminalJournal(path, 7) as made:
        assert made.terminal_id == 7
    with TerminalJournal(path, None) as again:
        assert again.terminal_id == 7


def test_another_terminals_journal_names_both_and_the_file(journal: TerminalJournal, path: Path) -> None:
    with pytest.raises(JournalError) as caught:
        TerminalJournal(path, 8)
    assert caught.value.where == str(path)
    assert caught.value.remedy.en.startswith("Use one journal")
    for text in caught.value.text:
        assert "7" in text
        assert "8" in text
    assert journal.terminal_id == 7


def test_a_file_that_is_no_journal_is_named(tmp_path: Path) -> None:
    strange = tmp_path / "strange.db"
    strange.write_bytes(b"this is no database, however long it may be " * 50)
    for path in (strange, tmp_path / "no-folder" / "terminal.db"):
        with pytest.raises(JournalError) as caught:
            TerminalJournal(path, 7)
        assert caught.value.where == str(path)
        assert "database" in caught.value.text.en  # SQLite's own word on it
        assert "database" not in caught.value.text.id
        assert caught.value.__suppress_context__
        assert caught.value.remedy.en.startswith("Check the file")


def test_a_journal_that_cannot_be_written_is_named(journal: TerminalJournal, path: Path) -> None:
    journal.close()
    journal.close()
    with pytest.raises(JournalError) as caught:
        begun(journal)
    assert caught.value.where == str(path)


def test_a_damaged_receipt_is_not_passed_over(journal: TerminalJournal, path: Path) -> None:
    journal.keep(HISTORY[0])
    with sqlite3.connect(path) as db:
        db.execute("UPDATE receipt SET line = 'x'")
    db.close()
    with pytest.raises(JournalError) as caught:
        list(journal.receipts())
    assert caught.value.where == str(path)
