# SPDX-License-Identifier: Apache-2.0
"""The journal's file: made whole or not at all, opened only if it is ours, and every refusal names it and why."""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from ssn_card.bank.errors import SecretMissing
from ssn_card.personalization.journal import errors
from ssn_card.personalization.journal.file import JournalFile
from ssn_card.personalization.journal.journal import Journal
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import SsnCardError

SECRET = SecretKey(bytes(range(16)), "secret")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


def refused(act: Callable[[], object], kind: type[SsnCardError], path: Path, en: str, indonesian: str) -> None:
    """The act fails with an error that says what, why and where, in both languages."""
    with pytest.raises(kind) as caught:
        act()
    assert type(caught.value) is kind
    assert en in caught.value.text.en
    assert indonesian in caught.value.text.id
    assert caught.value.where == str(path)


def test_a_name_that_nothing_else_has(path: Path) -> None:
    with Journal.create(path, SECRET) as one, Journal.create(path.with_name("other"), SECRET) as other:
        assert re.fullmatch("[0-9a-f]{16}", one.name)
        assert one.name != other.name
        assert one.path == path
        assert one.secret.value() == SECRET.value()
    with Journal.open(path, SECRET) as again:
        assert (again.name, again.secret.value()) == (one.name, SECRET.value())


def test_a_file_that_is_there_is_never_replaced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(b"mine")
    refused(lambda: Journal.create(path, SECRET), errors.StationJournalExists, path, "exists", "sudah ada")
    # Another station makes it at the same moment.
    monkeypatch.setattr(Path, "exists", lambda *_: False)
    refused(lambda: Journal.create(path, SECRET), errors.StationJournalExists, path, "exists", "sudah ada")
    assert [(file.name, file.read_bytes()) for file in path.parent.iterdir()] == [("journal.db", b"mine")]


def test_a_place_that_cannot_be_written(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = path.parent / "none" / "journal.db"
    refused(
        lambda: Journal.create(there, SECRET), errors.StationJournalError, there, "No such file", "tidak dapat dipakai"
    )

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    drafts: list[tuple[Path, str]] = []

    def link(draft: str, _: Path) -> None:
        drafts.append((Path(draft).parent, Path(draft).name))
        full()

    monkeypatch.setattr(os, "link", link)
    refused(
        lambda: Journal.create(path, SECRET), errors.StationJournalError, path, "No space left", "tidak dapat dipakai"
    )
    assert list(path.parent.iterdir()) == []
    ((folder, name),) = drafts  # on the same disk, out of the way of who lists the folder, and named after the journal
    assert folder == path.parent
    assert name.startswith(".journal.db.")


@pytest.mark.parametrize("station", [-1, 0x10000])
def test_a_stations_number_is_looked_at_first(path: Path, station: int) -> None:
    with pytest.raises(errors.StationJournalError, match="A station's number") as caught:
        Journal.create(path, SECRET, station)
    assert "Nomor stasiun" in caught.value.text.id


@pytest.mark.parametrize("read_only", [False, True])
def test_a_file_that_is_not_there_is_not_made(path: Path, read_only: bool) -> None:
    refused(
        lambda: Journal.open(path, read_only=read_only),
        errors.StationJournalNotFound,
        path,
        "There is no journal",
        "Jurnal tidak ada",
    )
    assert list(path.parent.iterdir()) == []


@pytest.mark.parametrize(
    ("pragma", "kind", "en", "indonesian"),
    [
        ("user_version = 5", errors.StationJournalOfAnotherVersion, "version 5, this program knows 4", "versi 5"),
        ("application_id = 1", errors.StationJournalNotOurs, "no station's journal", "bukan jurnal stasiun"),
    ],
)
def test_another_version_and_another_program(
    path: Path, pragma: str, kind: type[errors.StationJournalError], en: str, indonesian: str
) -> None:
    Journal.create(path, SECRET).close()
    raw = sqlite3.connect(path)
    raw.execute(f"PRAGMA {pragma}")
    raw.close()
    refused(lambda: Journal.open(path), kind, path, en, indonesian)


@pytest.mark.parametrize("content", [b"text", b"SQLite format 3\x00" + b"x" * 2000])
def test_another_kind_of_file(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for read_only in (False, True):
        refused(
            lambda ro=read_only: Journal.open(path, read_only=ro),  # type: ignore[misc]
            errors.StationJournalNotOurs,
            path,
            "no station's journal",
            "bukan jurnal stasiun",
        )
    assert path.read_bytes() == content


def test_a_whole_journal_that_the_disk_does_not_give(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no other program's file: nobody should be sent to look for his own."""
    Journal.create(path, SECRET).close()
    wal = path.with_name("journal.db-wal")
    wal.mkdir()  # where SQLite wants a file
    refused(
        lambda: Journal.open(path, SECRET), errors.StationJournalError, path, "unable to open", "tidak dapat dipakai"
    )
    wal.rmdir()
    Journal.open(path, SECRET).close()

    def connect(*_: object, **__: object) -> sqlite3.Connection:
        raise sqlite3.InterfaceError("no memory")  # of Python's own, without SQLite's code

    monkeypatch.setattr(sqlite3, "connect", connect)
    refused(lambda: Journal.open(path, SECRET), errors.StationJournalError, path, "no memory", "tidak dapat dipakai")


def test_a_name_with_signs_of_a_url(path: Path) -> None:
    odd = path.with_name("jurnal 50%?mode=memory#1.db")
    Journal.create(odd, SECRET).close()
    with Journal.open(odd, SECRET) as journal:
        journal.batch("ab", 2025, "x.csv")
    with Journal.open(odd, read_only=True) as journal:
        assert len(journal.batches()) == 1


def test_another_secret(path: Path) -> None:
    Journal.create(path, SECRET).close()
    other = SecretKey(bytes(16), "other")
    refused(lambda: Journal.open(path, other), errors.SecretMismatch, path, "does not belong", "bukan milik")
    with Journal.open(path) as journal:
        refused(lambda: journal.secret, SecretMissing, path, "without its secret", "tanpa rahasianya")


def test_a_second_writer_and_one_after_the_other(path: Path) -> None:
    with Journal.create(path, SECRET):
        refused(lambda: Journal.open(path), errors.StationJournalBusy, path, "Another process", "Proses lain")
    Journal.open(path).close()
    lock = path.with_name("journal.db.lock")
    assert lock.stat().st_mode & 0o777 == 0o600
    lock.unlink()
    lock.mkdir()
    refused(lambda: Journal.open(path), errors.StationJournalError, path, "Is a directory", "tidak dapat dipakai")


def test_a_lock_is_given_back_by_whatever_fails(path: Path) -> None:
    path.write_bytes(b"text")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        with pytest.raises(errors.StationJournalNotOurs):
            Journal.open(path)
    with pytest.raises(errors.StationJournalNotFound):
        Journal.open(path.with_name("none"))
    path.unlink()
    with Journal.create(path, SECRET), pytest.raises(errors.StationJournalBusy):
        Journal.open(path)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_what_the_tables_refuse_and_what_the_disk_does(path: Path) -> None:
    Journal.create(path, SECRET).close()
    file = JournalFile(path, read_only=False)

    def doubled() -> None:
        with file.writing() as database:
            database.execute("INSERT INTO journal SELECT * FROM journal")

    refused(doubled, errors.StationJournalConflict, path, "refuses a step: UNIQUE", "menolak langkah: ")

    def unheard() -> None:
        with file.writing() as database:
            database.execute("UPDATE nowhere SET x = 1")

    refused(unheard, errors.StationJournalError, path, "no such table: nowhere", "tidak dapat dipakai: ")
    refused(
        lambda: file.rows("SELECT * FROM nowhere"), errors.StationJournalError, path, "no such table", "tidak dapat"
    )
    assert file.one("SELECT count(*) FROM journal")[0] == 1  # no transaction was left open
    with file.writing() as database:
        database.execute("UPDATE journal SET last_number = 5")
    file.close()
    file.close()  # twice is once


def test_a_transaction_ends_with_whatever_leaves_it(path: Path) -> None:
    Journal.create(path, SECRET).close()
    file = JournalFile(path, read_only=False)

    def leave(error: BaseException) -> None:
        with file.writing(), file.writing() as database:
            database.execute("UPDATE journal SET last_number = 5")
            raise error

    for error in (KeyboardInterrupt(), KeyError()):
        with pytest.raises(type(error)):
            leave(error)
        assert file.one("SELECT last_number FROM journal")[0] == 0
    file.close()
