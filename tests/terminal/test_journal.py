# SPDX-License-Identifier: Apache-2.0
"""The journal by itself: it is on the disk before it returns, and says which file is wrong."""

from __future__ import annotations

import datetime as dt
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from tests.receipts.made import RICE, SERIAL, history
from tests.terminal.written import Made, intended

from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt
from ssn_card.terminal import JournalDamaged, JournalError, KeysRefuse, TerminalJournal
from ssn_card.terminal.gone import write_gone
from ssn_card.terminal.journal import Entry, Event, EventKind, MovementState

HISTORY = [Receipt(raw) for raw in history()]
SALE = HISTORY[2]
MOMENT = dt.datetime(2025, 10, 3, 10, 0, 0)
DAY = MOMENT.date()
OTHER = bytes(8)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terminal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[TerminalJournal]:
    with TerminalJournal(path, 7) as journal:
        yield journal


def sent(
    journal: TerminalJournal,
    reference: str | None = None,
    *,
    seq: int = SALE.seq,
    body: bytes = SALE.movement,
    serial: bytes = SERIAL,
    moment: dt.datetime = MOMENT,
) -> Entry:
    return intended(journal, serial, seq=seq, body=body, reference=reference, moment=moment)


def seen_from_outside(path: Path) -> list[tuple[object, ...]]:
    """What another process reads: only what is committed."""
    with sqlite3.connect(path) as db:
        rows: list[tuple[object, ...]] = db.execute("SELECT terminal_txn, state, started FROM movement").fetchall()
    db.close()
    return rows


def test_an_intent_is_committed_before_the_card_hears_of_it(journal: TerminalJournal, path: Path) -> None:
    entry = sent(journal)
    txn = entry.terminal_txn
    assert seen_from_outside(path) == [(txn, "in_doubt", "2025-10-03T10:00:00")]
    journal.done(entry, SALE)
    assert seen_from_outside(path) == [(txn, "done", "2025-10-03T10:00:00")]


def test_what_cannot_be_made_leaves_nothing_behind(journal: TerminalJournal, path: Path) -> None:
    """As where a SAM refuses the command: it is asked for its MAC before anything counts."""

    def refuse(txn: int) -> Made:
        assert txn == 1
        raise KeysRefuse("DEBIT")

    with pytest.raises(KeysRefuse):
        journal.intend(ReceiptType.DEBIT, SERIAL, RICE, "POS-1", MOMENT, refuse)
    assert seen_from_outside(path) == []
    assert (journal.latest(), journal.entry(1), journal.by_reference("POS-1", DAY)) == (None, None, None)
    assert sent(journal, "POS-1").terminal_txn == 1


def test_a_number_is_never_given_twice(journal: TerminalJournal, path: Path) -> None:
    """Not even where somebody took the newest movement out."""
    assert [sent(journal).terminal_txn for _ in range(2)] == [1, 2]
    with closing(sqlite3.connect(path)) as db:
        db.execute("DELETE FROM movement")
        db.commit()
    entry = sent(journal)
    assert entry.terminal_txn == 3
    assert journal.entry(3) == entry


def test_the_disk_has_it_when_a_call_returns(journal: TerminalJournal, path: Path) -> None:
    """WAL with synchronous=FULL (2): the promise rests on these two settings."""
    assert journal._file.one("PRAGMA synchronous")[0] == 2
    assert journal._file.one("PRAGMA journal_mode")[0] == "wal"


def test_an_entry_holds_what_was_sent(journal: TerminalJournal) -> None:
    assert journal.in_doubt() == []
    first, second = sent(journal, "POS-1"), sent(journal, seq=5, body=bytes(36), serial=OTHER)
    mine, other = journal.in_doubt()
    assert [first, second] == [mine, other]
    assert (mine.terminal_txn, mine.reference, mine.kind, mine.serial) == (1, "POS-1", ReceiptType.DEBIT, SERIAL)
    assert (mine.body, mine.basket, mine.state) == (SALE.movement, RICE, MovementState.IN_DOUBT)
    assert type(mine.kind) is ReceiptType
    assert journal.in_doubt(SERIAL) == [mine]
    assert journal.in_doubt(OTHER) == [other]
    assert journal.by_reference("POS-1", DAY) == mine
    assert journal.entry(1) == mine
    assert journal.entry(3) is None


def test_a_receipt_keeps_its_basket_and_settles_its_movement(journal: TerminalJournal) -> None:
    begun = sent(journal, "POS-1")
    journal.keep(HISTORY[0])
    journal.keep(HISTORY[0])
    journal.done(begun, SALE)
    assert journal.in_doubt() == []
    entry = journal.by_reference("POS-1", DAY)
    assert entry is not None
    assert entry.state is MovementState.DONE
    assert journal.receipt_of(entry) == SALE
    assert list(journal.receipts()) == [(HISTORY[0], None), (SALE, RICE)]
    assert list(journal.receipts(SERIAL)) == [(HISTORY[0], None), (SALE, RICE)]
    assert list(journal.receipts(OTHER)) == []


def test_what_only_the_bank_may_believe_is_kept_apart(journal: TerminalJournal) -> None:
    journal.keep(HISTORY[0], believed=False)
    journal.keep(HISTORY[7])
    assert [one for one, _ in journal.receipts()] == [HISTORY[0], HISTORY[7]]
    assert [one for one, _ in journal.receipts(believed=True)] == [HISTORY[7]]
    assert list(journal.receipts(OTHER, believed=True)) == []
    journal.keep(HISTORY[7], believed=False)
    journal.keep(HISTORY[0])  # shown again under keys in use
    assert [one for one, _ in journal.receipts(SERIAL, believed=True)] == [HISTORY[0], HISTORY[7]]


def test_a_void_movement_frees_its_reference_and_no_other(journal: TerminalJournal) -> None:
    first, _ = (sent(journal, reference, seq=5) for reference in ("POS-1", "POS-2"))
    journal.void(first, 4)
    assert journal.by_reference("POS-1", DAY) is None
    assert journal.by_reference("POS-2", DAY) is not None
    assert [entry.terminal_txn for entry in journal.in_doubt()] == [2]
    assert sent(journal, "POS-1").terminal_txn == 3
    assert [entry.terminal_txn for entry in journal.in_doubt()] == [2, 3]


def test_a_reference_is_sent_once_a_day(journal: TerminalJournal) -> None:
    """The database's own rule, beside the terminal's: two movements never go out under one reference."""
    first = sent(journal, "POS-1")
    with pytest.raises(JournalError):
        sent(journal, "POS-1", seq=5)
    next_day = sent(journal, "POS-1", seq=5, moment=MOMENT + dt.timedelta(days=1))
    assert journal.in_doubt() == [first, next_day]  # what failed left nothing behind
    journal.done(first, SALE)
    for day, txn in ((DAY, 1), (DAY + dt.timedelta(days=1), 2), (DAY + dt.timedelta(days=2), 2)):
        found = journal.by_reference("POS-1", day)
        assert found is not None
        assert found.terminal_txn == txn
    journal.void(next_day, 4)
    assert journal.by_reference("POS-1", DAY + dt.timedelta(days=1)) is None


def test_a_journal_that_cannot_be_written_is_named(journal: TerminalJournal, path: Path) -> None:
    journal.close()
    journal.close()
    with pytest.raises(JournalError) as caught:
        sent(journal)
    assert caught.value.where == str(path)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE receipt SET line = 'x'",
        "UPDATE receipt SET line = replace(line, '10,162000', '10')",
        "UPDATE movement SET basket = '[]'",
        "UPDATE movement SET kind = 9",
        "UPDATE movement SET started = 'yesterday'",
        "DELETE FROM receipt",
    ],
)
def test_a_damaged_line_is_not_passed_over(journal: TerminalJournal, path: Path, damage: str) -> None:
    begun = sent(journal, "POS-1")
    journal.done(begun, SALE)
    with closing(sqlite3.connect(path)) as db:
        db.execute(damage)
        db.commit()
    with pytest.raises(JournalDamaged) as caught:
        [journal.receipt_of(entry) for entry in [journal.entry(begun.terminal_txn)] if entry is not None]
    assert caught.value.where == str(path)


def test_a_receipt_is_a_movements_where_card_number_type_and_all_bytes_are_the_same(journal: TerminalJournal) -> None:
    entry = sent(journal)
    assert entry.made(SALE)
    assert entry.amount == RICE.total
    for at in range(4, 40):
        body = bytearray(SALE.movement)
        body[at - 4] ^= 1
        assert not entry.made(Receipt(SALE.raw[:4] + bytes(body) + SALE.raw[40:]))
    for change in ({"seq": bytes(4)}, {"type": b"\x02"}, {"serial": OTHER}):
        assert not entry.made(SALE.altered(**change))
    # What the card adds is the card's to say.
    assert entry.made(SALE.altered(balance_after=bytes(4), mac=bytes(8)))


def test_what_is_gone_is_the_banks(journal: TerminalJournal) -> None:
    first, second = sent(journal), sent(journal, seq=7, body=bytes(36), serial=OTHER)
    journal.gone(first, 40)
    assert [one.terminal_txn for one in journal.for_the_bank()] == [first.terminal_txn]
    assert journal.in_doubt() == [second]
    assert journal.entry(first.terminal_txn) == replace(first, state=MovementState.GONE)
    assert (journal.proven(SERIAL), journal.proven(OTHER)) == (40, 0)


def test_how_far_a_card_is_known_to_be_never_falls_by_itself(journal: TerminalJournal) -> None:
    assert journal.proven(SERIAL) == 0
    journal.done(sent(journal), SALE)
    assert journal.proven(SERIAL) == SALE.seq
    for end in (journal.void, journal.gone):
        end(sent(journal, seq=90), 50)
        end(sent(journal, seq=90), 20)
        assert journal.proven(SERIAL) == 50
    journal.lower(SERIAL, 3, MOMENT)
    assert journal.proven(SERIAL) == 3
    (event,) = journal.events()
    assert event == Event(1, MOMENT, EventKind.FALSE_CARD, SERIAL, {"before": 50, "newest": 3})


def test_the_latest_time_is_that_of_intents_until_the_clock_is_confirmed(journal: TerminalJournal) -> None:
    assert journal.latest() is None
    sent(journal)
    assert journal.latest() == MOMENT
    sent(journal, moment=MOMENT - dt.timedelta(hours=1))
    assert journal.latest() == MOMENT
    earlier = MOMENT - dt.timedelta(days=40)
    journal.confirm_clock(earlier)
    assert journal.latest() == earlier
    assert journal.events() == [Event(1, earlier, EventKind.CLOCK_CONFIRMED, None, {"latest": MOMENT.isoformat()})]
    assert journal.events(after=1) == []


@pytest.mark.parametrize("damage", ["kind = 'x'", "moment = 'x'", "details = '{'"])
def test_a_damaged_event_is_not_passed_over(journal: TerminalJournal, path: Path, damage: str) -> None:
    journal.confirm_clock(MOMENT)
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"UPDATE event SET {damage}")  # noqa: S608
        db.commit()
    with pytest.raises(JournalDamaged):
        journal.events()


def test_a_damaged_time_is_not_passed_over(journal: TerminalJournal, path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE terminal SET latest = 'yesterday'")
        db.commit()
    with pytest.raises(JournalDamaged):
        journal.latest()


@pytest.mark.parametrize("state", ["in_doubt", "done", "void", "gone"])
@pytest.mark.parametrize(
    "lack",
    ["seq = 0", "seq = NULL", "body = x''", "seq = 1, body = zeroblob(35)"],
)
def test_nothing_is_sent_without_number_and_body(journal: TerminalJournal, path: Path, state: str, lack: str) -> None:
    """The database's own rule."""
    sent(journal)
    with closing(sqlite3.connect(path)) as db, pytest.raises(sqlite3.IntegrityError):
        db.execute(f"UPDATE movement SET state = '{state}', {lack}")  # noqa: S608


def test_the_banks_file_of_what_is_gone(journal: TerminalJournal) -> None:
    """The format is documented, and the bank's settlement reads it."""
    entry = sent(journal)
    file = io.StringIO()
    write_gone(file, 7, entry)
    (line,) = file.getvalue().splitlines(keepends=True)
    assert line.startswith('{"schema":"ssn-card/terminal-gone/1","terminal_id":7,')
    assert line.endswith("}\n")
    assert json.loads(line) == {
        "schema": "ssn-card/terminal-gone/1",
        "terminal_id": 7,
        "serial": "5353000000000042",
        "seq": 3,
        "type": 1,
        "body": SALE.movement.hex(),
        "terminal_txn": entry.terminal_txn,
    }
