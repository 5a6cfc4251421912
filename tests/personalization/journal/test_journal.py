# SPDX-License-Identifier: Apache-2.0
"""The journal: numbers in sequence, one card a person and a family, states in order, one writer, whole after a kill."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from ssn_card.bank.errors import SecretMissing
from ssn_card.personalization.journal import errors
from ssn_card.personalization.journal.file import JournalFile
from ssn_card.personalization.journal.journal import FamilyHasCard, Journal
from ssn_card.personalization.journal.records import CardOutcome, Entry, NumberState, RowKeys
from ssn_card.protocol.crypto import SecretKey

SECRET = SecretKey(bytes(range(16)), "secret")
TAG = bytes(16)
FULL = 2  #: PRAGMA synchronous


def keys(person: int, family: int | None = None) -> RowKeys:
    return RowKeys(person.to_bytes(16, "big"), (1000 + (person if family is None else family)).to_bytes(16, "big"))


def serial(number: int) -> bytes:
    return number.to_bytes(8, "big")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with Journal.create(path, SECRET) as journal:
        yield journal


@pytest.fixture
def batch(journal: Journal) -> int:
    return journal.batch("ab" * 32, 2025, "x.csv")


def test_numbers_follow_each_other_behind_the_station(path: Path) -> None:
    with Journal.create(path, SECRET, station=3) as journal:
        batch = journal.batch("ab", 2025, "x.csv")
        ids = [journal.plan(batch, 2 + number, keys(number)).beneficiary_id.hex() for number in range(3)]
    assert ids == ["0003000000000001", "0003000000000002", "0003000000000003"]
    with Journal.open(path, SECRET) as journal:
        assert journal.plan(batch, 9, keys(9)).beneficiary_id.hex() == "0003000000000004"


def test_a_batch_is_one_extract_under_one_policy(journal: Journal, batch: int) -> None:
    assert journal.batch("ab" * 32, 2025, "renamed.csv") == batch
    assert journal.batch("ab" * 32, 2026, "x.csv") != batch
    journal.finish(batch)
    assert [found.finished is None for found in journal.batches()] == [False, True]


def test_the_way_of_a_card(journal: Journal, batch: int) -> None:
    entry = journal.plan(batch, 2, keys(1))
    assert (entry.state, entry.serial, entry.attempts) == (NumberState.PLANNED, None, 0)
    assert journal.plan(batch, 2, keys(1)) == entry
    entry = journal.sent(entry, serial(5), TAG)
    assert (entry.state, entry.serial, entry.attempts) == (NumberState.SENT, serial(5), 1)
    assert journal.in_doubt() == (entry,)
    assert journal.by_serial(serial(5)) == entry
    entry = journal.done(entry, 1.5)
    assert journal.find(keys(1)) == entry
    assert journal.plan(batch, 7, keys(1)) == entry
    (event,) = journal.unreported()
    assert (event.state, event.seconds, event.serial, event.line) == (CardOutcome.DONE, 1.5, serial(5), 2)
    journal.reported([event])
    assert journal.unreported() == ()


def test_a_blank_failure_keeps_the_number(journal: Journal, batch: int) -> None:
    entry = journal.sent(journal.plan(batch, 2, keys(1)), serial(5), TAG)
    again = journal.blank_again(entry, "card-removed: x")
    assert (again.state, again.beneficiary_id, again.serial) == (NumberState.PLANNED, entry.beneficiary_id, None)
    assert journal.by_serial(serial(5)) is None
    assert [event.state for event in journal.unreported()] == [CardOutcome.FAILED]
    assert journal.sent(again, serial(6), TAG).attempts == 2


def test_a_lost_card_burns_its_number(journal: Journal, batch: int) -> None:
    entry = journal.sent(journal.plan(batch, 2, keys(1)), serial(5), TAG)
    assert journal.lose(entry, "gone").state is NumberState.LOST
    other = journal.plan(batch, 2, keys(1))
    assert other.beneficiary_id != entry.beneficiary_id
    with pytest.raises(errors.StationJournalConflict):
        journal.sent(other, serial(5), TAG)  # the serial of the lost card never comes back


def test_the_family_of_another_member(journal: Journal, batch: int) -> None:
    first = journal.plan(batch, 2, keys(1, family=1))
    moved = journal.plan(batch, 3, keys(2, family=1))  # only planned: the extract was corrected
    assert (moved.beneficiary_id, moved.row_key) == (first.beneficiary_id, keys(2).row)
    journal.sent(moved, serial(5), TAG)
    with pytest.raises(FamilyHasCard) as caught:
        journal.plan(batch, 4, keys(3, family=1))
    assert moved.beneficiary_id.hex() in caught.value.text.en
    assert moved.beneficiary_id.hex() in caught.value.text.id
    with pytest.raises(FamilyHasCard):
        journal.find(keys(3, family=1))


def test_a_person_who_moves_into_a_family_that_has_a_card(journal: Journal, batch: int) -> None:
    planned = journal.plan(batch, 2, keys(1, family=1))
    journal.done(journal.sent(journal.plan(batch, 3, keys(2, family=2)), serial(2), TAG))
    with pytest.raises(FamilyHasCard):
        journal.find(keys(1, family=2))  # no card of one's own yet: the family's is enough
    done = journal.done(journal.sent(planned, serial(1), TAG))
    assert journal.find(keys(1, family=2)) == done


def test_a_person_and_a_family_planned_apart_become_one(journal: Journal, batch: int) -> None:
    one, two = journal.plan(batch, 2, keys(1, family=1)), journal.plan(batch, 3, keys(2, family=2))
    both = journal.plan(batch, 4, keys(1, family=2))
    assert both.beneficiary_id == one.beneficiary_id
    assert journal.batches()[0].states == {NumberState.PLANNED: 1, NumberState.VOID: 1}
    assert journal.plan(batch, 5, keys(2, family=3)).beneficiary_id not in (one.beneficiary_id, two.beneficiary_id)


def step_sent(journal: Journal, entry: Entry) -> object:
    return journal.sent(entry, serial(9), TAG)


STEPS: dict[str, tuple[Callable[[Journal, Entry], object], set[NumberState]]] = {
    "sent": (step_sent, {NumberState.PLANNED}),
    "done": (lambda journal, entry: journal.done(entry), {NumberState.SENT}),
    "blank_again": (lambda journal, entry: journal.blank_again(entry, "x"), {NumberState.SENT}),
    "lose": (lambda journal, entry: journal.lose(entry, "x"), {NumberState.SENT, NumberState.DONE}),
}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", [NumberState.PLANNED, NumberState.SENT, NumberState.DONE, NumberState.LOST])
def test_steps_only_from_their_states(journal: Journal, batch: int, step: str, state: NumberState) -> None:
    entry = journal.plan(batch, 2, keys(1))
    stale = entry
    if state is not NumberState.PLANNED:
        entry = journal.sent(entry, serial(5), TAG)
    if state is NumberState.DONE:
        entry = journal.done(entry)
    if state is NumberState.LOST:
        entry = journal.lose(entry, "x")
    act, allowed = STEPS[step]
    events = len(journal.unreported())
    if state in allowed:
        act(journal, entry)
        return
    with pytest.raises(errors.StationJournalConflict):
        act(journal, entry)
    assert len(journal.unreported()) == events  # nothing half done
    if state is not NumberState.PLANNED:
        with pytest.raises(errors.StationJournalConflict):
            step_sent(journal, stale)


def test_the_tables_themselves_refuse_doubles(path: Path, journal: Journal, batch: int) -> None:
    entry = journal.plan(batch, 2, keys(1))
    journal.sent(entry, serial(5), TAG)
    journal.plan(batch, 3, keys(2))
    with sqlite3.connect(path) as raw:
        for change in (
            "UPDATE card SET row_key = (SELECT row_key FROM card WHERE line = 2) WHERE line = 3",
            "UPDATE card SET family_key = (SELECT family_key FROM card WHERE line = 2) WHERE line = 3",
            "UPDATE card SET beneficiary_id = (SELECT beneficiary_id FROM card WHERE line = 2) WHERE line = 3",
            "UPDATE card SET state = 'sent' WHERE line = 3",
            "UPDATE card SET state = 'sent', serial = (SELECT serial FROM card WHERE line = 2) WHERE line = 3",
        ):
            with pytest.raises(sqlite3.IntegrityError):
                raw.execute(change)


def test_one_writer_and_many_readers(path: Path, journal: Journal, batch: int) -> None:
    with pytest.raises(errors.StationJournalBusy):
        Journal.open(path, SECRET)
    journal.plan(batch, 2, keys(1))
    with Journal.open(path, read_only=True) as reader:
        assert reader.batches()[0].states == {NumberState.PLANNED: 1}
        with pytest.raises(errors.StationJournalError):
            reader.batch("cd", 1, "y.csv")
    journal.plan(batch, 3, keys(2))


def test_wrong_secret_missing_file_and_foreign_file(path: Path, tmp_path: Path) -> None:
    Journal.create(path, SECRET).close()
    with pytest.raises(errors.StationJournalExists):
        Journal.create(path, SECRET)
    with pytest.raises(errors.SecretMismatch):
        Journal.open(path, SecretKey(bytes(16), "other"))
    Journal.open(path, SECRET).close()  # the refusal gave the lock back
    with Journal.open(path) as journal, pytest.raises(SecretMissing):
        _ = journal.secret
    with pytest.raises(errors.StationJournalNotFound):
        Journal.open(tmp_path / "none.db")
    for name, content in (("text.db", b"text"), ("empty.db", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(errors.StationJournalNotOurs):
            Journal.open(tmp_path / name)


def test_private_and_on_the_disk(path: Path, journal: Journal, batch: int) -> None:
    journal.plan(batch, 2, keys(1))
    assert path.stat().st_mode & 0o077 == 0
    assert all(file.stat().st_mode & 0o077 == 0 for file in path.parent.iterdir())
    with sqlite3.connect(path) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("wal",)


CHILD = """
import os, signal, sys
from pathlib import Path
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import RowKeys
from ssn_card.protocol.crypto import SecretKey
with Journal.open(Path(sys.argv[1]), SecretKey(bytes(range(16)), "secret")) as journal:
    for number in range(1, 10_000):
        row = number.to_bytes(16, "big")
        entry = journal.plan(1, number, RowKeys(row, row))
        print("planned", number, flush=True)
        journal.done(journal.sent(entry, number.to_bytes(8, "big"), bytes(16)))
        print("done", number, flush=True)
"""


def test_what_was_said_to_be_written_is_there_after_a_kill(path: Path) -> None:
    with Journal.create(path, SECRET) as journal:
        batch = journal.batch("ab", 2025, "x.csv")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert child.stdout is not None
    said = [child.stdout.readline().split() for _ in range(41)]
    os.kill(child.pid, signal.SIGKILL)
    said += [line.split() for line in child.stdout]
    child.wait()
    with Journal.open(path, SECRET) as journal:
        for what, number in said:
            row = int(number).to_bytes(16, "big")
            entry = journal.find(RowKeys(row, row))
            assert entry is not None
            assert what == "planned" or entry.state is NumberState.DONE
        following = journal.plan(batch, 1, keys(0)).beneficiary_id
        assert int.from_bytes(following, "big") > int(said[-1][1])


@pytest.mark.parametrize("read_only", [False, True])
def test_a_commit_is_on_the_disk(path: Path, journal: Journal, read_only: bool) -> None:
    """What the station is told to have been written must survive a power cut, not only the end of the process."""
    journal.close()
    file = JournalFile(path, read_only=read_only)
    found = {name: file.one(f"PRAGMA {name}")[0] for name in ("synchronous", "journal_mode", "foreign_keys")}
    assert found == {"synchronous": FULL, "journal_mode": "wal", "foreign_keys": 1}
    assert file.one("PRAGMA busy_timeout")[0] == 5_000
    assert file.one("PRAGMA query_only")[0] == read_only
    file.close()


def test_a_new_journal_is_on_the_disk_before_it_has_its_name(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    connect = sqlite3.connect

    def listening(*arguments: Any, **options: Any) -> sqlite3.Connection:
        database: sqlite3.Connection = connect(*arguments, **options)
        database.set_trace_callback(said.append)
        return database

    monkeypatch.setattr(sqlite3, "connect", listening)
    Journal.create(path, SECRET).close()
    begun = next(number for number, statement in enumerate(said) if statement.lstrip().startswith("BEGIN"))
    assert "PRAGMA synchronous = EXTRA" in said[:begun]
    assert "PRAGMA synchronous = FULL" in said[begun:]


def test_a_declared_lost_card_that_turns_up_is_remembered(journal: Journal, batch: int) -> None:
    entry = journal.sent(journal.plan(batch, 2, keys(1)), serial(5), TAG)
    with pytest.raises(errors.StationJournalConflict):
        journal.turn_up(entry)
    lost = journal.lose(entry, "gone")
    assert lost.turned_up is None
    first = journal.turn_up(lost)
    assert first.turned_up is not None
    assert dt.datetime.fromisoformat(first.turned_up).utcoffset() == dt.timedelta(0)
    assert journal.turn_up(first).turned_up == first.turned_up
    assert journal.by_serial(serial(5)) == first


def test_barred_are_the_cards_in_doubt_and_the_lost(journal: Journal, batch: int) -> None:
    entries = [journal.sent(journal.plan(batch, number, keys(number)), serial(number), TAG) for number in range(1, 4)]
    journal.done(entries[0])
    journal.lose(entries[1], "gone")
    journal.plan(batch, 9, keys(9))
    assert [entry.serial for entry in journal.barred()] == [serial(2), serial(3)]
    assert [entry.serial for entry in journal.in_doubt()] == [serial(3)]
    assert (journal.lost_in(batch), journal.lost_in(batch + 1)) == (1, 0)


def test_a_doubt_is_told_and_stays(journal: Journal, batch: int) -> None:
    entry = journal.sent(journal.plan(batch, 2, keys(1)), serial(5), TAG)
    journal.doubt(entry, "connection-lost: x")
    (event,) = journal.unreported()
    assert (event.state, event.serial, event.reason, event.line, event.seconds, event.beneficiary_id) == (
        CardOutcome.IN_DOUBT,
        serial(5),
        "connection-lost: x",
        2,
        None,
        entry.beneficiary_id,
    )
    assert journal.in_doubt() == (entry,)


def test_what_an_event_tells(journal: Journal, batch: int) -> None:
    """Each step's line for the bank: what, which card, whose row, why, and when."""
    one = journal.sent(journal.plan(batch, 2, keys(1)), serial(1), TAG)
    journal.blank_again(one, "why: one")
    two = journal.sent(journal.plan(batch, 3, keys(2)), serial(2), TAG)
    journal.lose(two, "why: two")
    three = journal.sent(journal.plan(batch, 4, keys(3)), serial(3), TAG)
    journal.done(three, 2.5)
    journal.reject(serial(4), "why: four")
    journal.reject(None, "why: five")
    told = journal.unreported()
    assert [(event.state, event.serial, event.reason, event.seconds, event.line) for event in told] == [
        (CardOutcome.FAILED, serial(1), "why: one", None, 2),
        (CardOutcome.LOST, serial(2), "why: two", None, 3),
        (CardOutcome.DONE, serial(3), None, 2.5, 4),
        (CardOutcome.FAILED, serial(4), "why: four", None, None),
        (CardOutcome.FAILED, None, "why: five", None, None),
    ]
    assert {(event.sha256, event.policy) for event in told[:3]} == {("ab" * 32, 2025)}
    assert [event.row_key for event in told] == [keys(1).row, keys(2).row, keys(3).row, None, None]
    assert [event.beneficiary_id for event in told[:3]] == [
        one.beneficiary_id,
        two.beneficiary_id,
        three.beneficiary_id,
    ]
    assert all(dt.datetime.fromisoformat(event.at).utcoffset() == dt.timedelta(0) for event in told)
    journal.reported(told[:2])
    assert journal.unreported() == told[2:]


def test_a_correction_changes_what_is_known_of_the_person_and_no_more(journal: Journal, batch: int) -> None:
    planned = journal.plan(batch, 2, keys(1, family=1))
    with pytest.raises(errors.StationJournalConflict):
        journal.correct(planned, keys(1, family=1), TAG)
    entry = journal.done(journal.sent(planned, serial(1), TAG))
    other = journal.done(journal.sent(journal.plan(batch, 3, keys(2, family=2)), serial(2), TAG))
    same_family = journal.correct(entry, keys(1, family=1), b"n" * 16)
    assert same_family == dataclasses.replace(entry, identity_tag=b"n" * 16)
    moved = journal.correct(same_family, keys(1, family=3), b"m" * 16)
    assert moved == dataclasses.replace(entry, identity_tag=b"m" * 16, family_key=keys(1, family=3).family)
    with pytest.raises(FamilyHasCard) as caught:
        journal.correct(moved, keys(1, family=2), TAG)
    assert other.beneficiary_id.hex() in caught.value.text.en
    assert journal.by_serial(serial(1)) == moved
    assert journal.by_serial(serial(2)) == other


def test_several_steps_together_or_none(journal: Journal, batch: int) -> None:
    with pytest.raises(errors.StationJournalConflict), journal.together():
        journal.done(journal.plan(batch, 2, keys(1)))
    assert journal.find(keys(1)) is None
    with journal.together():
        first = journal.plan(batch, 2, keys(1))
        journal.plan(batch, 3, keys(2))
    assert first.beneficiary_id == bytes(7) + b"\x01"  # the number was not used up
    assert journal.batches()[0].states == {NumberState.PLANNED: 2}


def test_a_station_has_a_number_of_two_bytes(path: Path) -> None:
    for station in (-1, 0x10000):
        with pytest.raises(errors.StationJournalError, match="65535"):
            Journal.create(path, SECRET, station)
    assert list(path.parent.iterdir()) == []
    Journal.create(path, SECRET, 0xFFFF).close()


def test_every_number_is_listed_whatever_became_of_it(journal: Journal, batch: int) -> None:
    """For the hand-over: no family is left out, and the order is that of planning."""
    planned = [journal.plan(batch, number, keys(number)) for number in range(1, 7)]
    for number in (3, 1, 2):
        journal.sent(planned[number], serial(number), TAG)
    sent = journal.find(keys(4)), journal.find(keys(2))
    assert sent[0] is not None
    assert sent[1] is not None
    journal.done(sent[0])
    journal.lose(sent[1], "gone")
    journal.plan(batch, 7, keys(5, family=6))  # one family of the rows 5 and 6
    assert [(entry.beneficiary_id[-1], entry.state) for entry in journal.cards()] == [
        (1, NumberState.PLANNED),
        (2, NumberState.LOST),
        (3, NumberState.SENT),
        (4, NumberState.DONE),
        (5, NumberState.PLANNED),
        (6, NumberState.VOID),
    ]


def test_a_batch_without_cards(journal: Journal, batch: int) -> None:
    (found,) = journal.batches()
    assert found.states == {}
    assert (found.id, found.sha256, found.policy, found.file) == (batch, "ab" * 32, 2025, "x.csv")
