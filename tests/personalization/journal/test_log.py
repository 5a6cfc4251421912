# SPDX-License-Identifier: Apache-2.0
"""The journal's log: every step is in it, and whatever is changed behind its back shows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ssn_card.bank.secret import development_secret
from ssn_card.personalization.journal import errors, log
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import RowKeys

ROW, OTHER = RowKeys(bytes(16), b"f" * 16), RowKeys(b"r" * 16, b"g" * 16)
TAG = b"t" * 16


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal with a done card, a rejected one, a void number and one in doubt."""
    path = tmp_path / "journal.db"
    with Journal.create(path, development_secret()) as journal:
        batch = journal.batch("0" * 64, 2025, "x.csv")
        journal.done(journal.sent(journal.plan(batch, 2, ROW), b"serial 1", TAG), 1.5)
        journal.reject(b"serial 2", "no-such-card: it is another's")
        journal.plan(batch, 3, OTHER)
        journal.plan(batch, 4, RowKeys(b"s" * 16, b"g" * 16))
        journal.sent(journal.plan(batch, 5, RowKeys(b"u" * 16, b"h" * 16)), b"serial 3", TAG)
    return path


def altered(path: Path, *statements: str) -> None:
    with sqlite3.connect(path) as database:
        for statement in statements:
            database.execute(statement)
    database.close()


def checked(path: Path, heads: dict[int, bytes] | None = None) -> log.LogHead:
    with Journal.open(path, read_only=True) as journal:
        return journal.check_log(heads)


def test_every_step_is_in_the_log(path: Path) -> None:
    head = checked(path)
    with Journal.open(path, read_only=True) as journal:
        assert head == journal.log_head()
    with sqlite3.connect(path) as database:
        texts = [content for (content,) in database.execute("SELECT content FROM log ORDER BY id")]
    database.close()
    states = [text.partition('"state":"')[2].partition('"')[0] for text in texts]
    assert states == ["planned", "sent", "done", "done", "failed", "planned", "planned", "planned", "sent"]
    assert head.rows == len(texts)


def test_a_new_journal_has_an_empty_log(tmp_path: Path) -> None:
    with Journal.create(tmp_path / "new.db", development_secret()) as journal:
        assert journal.check_log() == (0, bytes(32))


def test_the_log_is_append_only(path: Path) -> None:
    for statement in ("UPDATE log SET at = 'x'", "DELETE FROM log WHERE id = 2"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            altered(path, statement)
    checked(path)


def _open_log(*statements: str) -> tuple[str, ...]:
    return ("DROP TRIGGER log_is_not_changed", "DROP TRIGGER log_is_not_shortened", *statements)


@pytest.mark.parametrize(
    ("statements", "row"),
    [
        (_open_log("UPDATE log SET at = 'x' WHERE id = 3"), 3),
        (_open_log("UPDATE log SET content = replace(content, 'sent', 'done') WHERE id = 2"), 2),
        (_open_log("UPDATE log SET chain = zeroblob(32) WHERE id = 1"), 1),
        (_open_log("DELETE FROM log WHERE id = 4"), 4),
        (_open_log("DELETE FROM log WHERE id = (SELECT max(id) FROM log)"), 0),
        (("UPDATE card SET beneficiary_id = x'00000000000000ff' WHERE state = 'done'",), 0),
        (("UPDATE card SET state = 'planned', serial = NULL WHERE state = 'sent'",), 0),
        (("DELETE FROM card WHERE state = 'planned'",), 0),
        (("UPDATE event SET serial = x'0000000000000000' WHERE state = 'failed'",), 0),
        (("DELETE FROM event WHERE state = 'failed'",), 0),
        (("INSERT INTO event (serial, state, at) VALUES (x'00', 'failed', 'now')",), 0),
    ],
)
def test_what_is_changed_behind_its_back_is_found(path: Path, statements: tuple[str, ...], row: int) -> None:
    altered(path, *statements)
    with pytest.raises(errors.StationLogBroken) as caught:
        checked(path)
    assert caught.value.row == row
    assert caught.value.where == str(path)


def test_a_past_that_was_given_away_cannot_be_rewritten(path: Path, tmp_path: Path) -> None:
    before = checked(path)
    with Journal.open(path, development_secret()) as journal:
        journal.reject(b"serial 4", "later")
    assert checked(path, {before.rows: before.chain}).rows == before.rows + 1
    with pytest.raises(errors.StationLogBroken, match="given away"):
        checked(path, {before.rows: b"x" * 32})
    with pytest.raises(errors.StationLogBroken, match="shortened"):
        checked(path, {before.rows + 9: before.chain})


def test_a_step_that_is_rolled_back_leaves_no_log(path: Path) -> None:
    before = checked(path)

    def broken(journal: Journal) -> None:
        with journal.together():
            journal.reject(b"serial 4", "later")
            raise KeyError

    with Journal.open(path, development_secret()) as journal, pytest.raises(KeyError):
        broken(journal)
    assert checked(path) == before


_STEPS: list[Callable[[Journal], object]] = [
    lambda journal: journal.lose(journal.in_doubt()[0], "gone"),
    lambda journal: journal.blank_again(journal.in_doubt()[0], "torn"),
    lambda journal: journal.doubt(journal.in_doubt()[0], "line"),
    lambda journal: journal.turn_up(journal.lose(journal.in_doubt()[0], "gone")),
    lambda journal: journal.correct(journal.cards()[0], RowKeys(ROW.row, b"n" * 16), b"n" * 16),
]


@pytest.mark.parametrize("step", _STEPS)
def test_each_kind_of_step_is_logged(path: Path, step: Callable[[Journal], object]) -> None:
    before = checked(path).rows
    with Journal.open(path, development_secret()) as journal:
        step(journal)
    assert checked(path).rows > before
