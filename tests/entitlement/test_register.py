# SPDX-License-Identifier: Apache-2.0
"""The register of updates: no number twice, no file twice, and a kill at any step loses and doubles nothing."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from tests.entitlement.test_update import PLAIN, SERIAL, changed

from ssn_card.entitlement import BarredCard, Register, SignedUpdate, issue, read_updates
from ssn_card.entitlement.errors import (
    RegisterBusy,
    RegisterError,
    RegisterExists,
    RegisterNotFound,
    RegisterNotOurs,
    RegisterOfAnotherVersion,
    UpdateFileTaken,
    UpdateSeqUsed,
)
from ssn_card.keys import development_keyring
from ssn_card.protocol.errors import InputError

MOMENT = dt.datetime(2025, 10, 1, 8, 0)
OTHER = bytes(8)
#: The modules of which any line may be the last.
WRITING = ("register.py", "files.py", "storage/file.py", "storage/opening.py")


def signed(update_seq: int, serial: bytes = SERIAL, **values: object) -> SignedUpdate:
    return issue(changed(update_seq=update_seq, **values), serial, development_keyring())


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    with Register.create(tmp_path / "register.sqlite") as register:
        yield register


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "updates.jsonl"


def test_it_knows_what_was_issued_and_in_which_file(register: Register, out: Path, tmp_path: Path) -> None:
    first, second = [signed(1), signed(7, OTHER)], [signed(2, reference=b"VISIT-01")]
    register.issue(out, first, MOMENT)
    register.issue(tmp_path / "second.jsonl", second, MOMENT)
    newest, other = register.newest(SERIAL), register.newest(OTHER)
    assert newest is not None
    assert other is not None
    assert (newest.signed, other.signed) == (second[0], first[1])
    before = register.before(newest)
    assert before is not None
    assert before.signed == first[0]
    assert register.before(before) is None
    assert [one.signed for one in register.cards()] == [first[1], second[0]]
    assert [(one.out, one.written) for one in register.issues()] == [(out, True), (tmp_path / "second.jsonl", True)]
    assert register.issues()[0].digest == hashlib.sha256(out.read_bytes()).digest()
    assert register.updates_of(register.issues()[0]) == first == list(read_updates(out))
    assert register.newest(b"stranger") is None


def test_a_number_is_used_once_and_never_goes_back(register: Register, out: Path, tmp_path: Path) -> None:
    register.issue(out, [signed(3)], MOMENT)
    for number in (2, 3):
        with pytest.raises(UpdateSeqUsed) as caught:
            register.issue(tmp_path / "again.jsonl", [signed(1, OTHER), signed(number, loaded_total=1)], MOMENT)
        assert caught.value.details["newest_update_seq"] == 3
    assert not (tmp_path / "again.jsonl").exists()
    assert register.newest(OTHER) is None
    assert len(register.issues()) == 1


def test_one_update_for_a_card_in_a_file(register: Register, out: Path) -> None:
    with pytest.raises(RegisterError) as failed:
        register.issue(out, [signed(1), signed(1, loaded_total=1)], MOMENT)
    assert failed.value.where == str(register.path)
    with pytest.raises(InputError) as caught:
        register.issue(out, [], MOMENT)
    assert caught.value.where == str(out)
    assert register.issues() == []
    assert register.newest(SERIAL) is None
    assert not out.exists()


def test_the_tables_themselves_refuse_a_number_twice(register: Register, out: Path) -> None:
    register.issue(out, [signed(1)], MOMENT)
    database = sqlite3.connect(register.path)
    with pytest.raises(sqlite3.IntegrityError):
        database.execute("INSERT INTO entitlement (serial, update_seq, body) VALUES (?, 1, ?)", (SERIAL, bytes(55)))
    database.close()


def test_nothing_is_overwritten(register: Register, out: Path) -> None:
    out.write_text("on its way")
    with pytest.raises(UpdateFileTaken):
        register.issue(out, [signed(1)], MOMENT)
    assert out.read_text() == "on its way"
    out.unlink()
    assert register.complete()[0][0].out == out
    assert list(read_updates(out)) == [signed(1)]


def test_what_cannot_be_written_waits_and_what_is_superseded_is_not_needed(
    register: Register, out: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "stick" / "updates.jsonl"
    with pytest.raises(InputError):
        register.issue(gone, [signed(1)], MOMENT)
    done, failed = register.complete()
    assert (done, [one.out for one, _ in failed]) == ([], [gone])
    register.issue(out, [signed(2)], MOMENT)
    assert register.complete() == ([], [])
    gone.parent.mkdir()
    assert register.complete() == ([], [])
    assert not gone.exists()


def test_a_file_that_is_not_needed_holds_none_up(register: Register, out: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "stick" / "first.jsonl", tmp_path / "stick" / "second.jsonl"
    for gone, update in ((first, signed(1)), (second, signed(1, OTHER))):
        with pytest.raises(InputError):
            register.issue(gone, [update], MOMENT)
    register.issue(out, [signed(2)], MOMENT)
    first.parent.mkdir()
    done, failed = register.complete()
    assert ([one.out for one in done], failed) == ([second], [])
    assert not first.exists()


def test_loads_under_other_policies_are_remembered(register: Register, tmp_path: Path) -> None:
    for number, policy, total in ((1, 2024, 900), (2, 2024, 1800), (3, 2025, 2700), (4, 2025, 3600)):
        update = signed(number, policy_id=policy, loaded_total=total)
        register.issue(tmp_path / f"{number}.jsonl", [update], MOMENT)
    assert register.followed(SERIAL, 4) == [(2024, 1800), (2025, 3600)]
    assert register.followed(SERIAL, 3) == [(2024, 1800), (2025, 2700)]
    assert register.followed(OTHER, 4) == []


def test_the_last_file_of_a_name_is_known_from_wherever_it_is_named(
    register: Register, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first was fetched and moved away."""
    assert register.last_issue_to(out) is None
    first = register.issue(out, [signed(1)], MOMENT)
    out.rename(out.with_name("fetched.jsonl"))
    second = register.issue(out, [signed(2), signed(4, OTHER)], MOMENT)
    monkeypatch.chdir(out.parent)
    last = register.last_issue_to(Path(out.name))
    assert last == second
    assert register.issues() == [first, second]
    assert (last.out, last.issued_at, last.written) == (out, "2025-10-01T08:00:00", True)
    assert register.last_issue_to(out.with_name("none.jsonl")) is None
    assert register.updates_of(last) == [signed(2), signed(4, OTHER)]
    lines = register._file.rows("SELECT line FROM entitlement WHERE issue = ? ORDER BY update_seq", last.id)
    assert [row["line"] for row in lines] == [1, 2]


def test_a_card_is_adopted_at_its_own_number(register: Register, out: Path) -> None:
    register.adopt(SERIAL, changed(update_seq=5))
    newest = register.newest(SERIAL)
    assert newest is not None
    assert (newest.entitlement, newest.signed) == (changed(update_seq=5), None)
    for number in (4, 5):
        for use in (
            lambda number: register.adopt(SERIAL, changed(update_seq=number)),
            lambda number: register.issue(out, [signed(number)], MOMENT),
        ):
            with pytest.raises(UpdateSeqUsed) as caught:
                use(number)
            assert f"update 5 already; {number} would" in caught.value.text.en
    register.issue(out, [signed(6)], MOMENT)


def test_a_lost_card_is_never_forgotten(register: Register) -> None:
    lost = BarredCard(serial=SERIAL.hex(), beneficiary_id="00" * 8, state="lost", turned_up=None)
    doubt = BarredCard(serial=OTHER.hex(), beneficiary_id="00" * 8, state="in_doubt", turned_up=None)
    cards = [lost, doubt, lost]
    register.bar(cards, MOMENT)
    register.bar([], MOMENT)
    path = register.path
    register.close()
    with Register(path) as again:
        assert again.barred() == (cards[0],)


def test_one_writer_and_any_readers(register: Register) -> None:
    with pytest.raises(RegisterBusy) as busy:
        Register(register.path)
    assert busy.value.where == str(register.path)
    lock = register.path.with_name(register.path.name + ".lock")
    assert lock.stat().st_mode & 0o777 == 0o600
    with Register(register.path, read_only=True) as reader:
        assert reader.cards() == []
        with pytest.raises(RegisterError) as caught:
            reader.adopt(SERIAL, PLAIN)
        assert caught.value.where == str(register.path)
    register.close()
    Register(register.path).close()


def test_a_busy_register_is_free_when_its_process_ends(register: Register) -> None:
    path = register.path
    register.close()
    child = os.fork()
    if child == 0:
        Register(path)  # keeps the lock until its end
        os.kill(os.getpid(), 9)
    os.waitpid(child, 0)
    Register(path).close()


@pytest.mark.parametrize(
    ("content", "error"),
    [(None, RegisterNotFound), (b"", RegisterNotOurs), (b"x" * 5000, RegisterNotOurs), ("sqlite", RegisterNotOurs)],
)
def test_no_other_file_serves(tmp_path: Path, content: bytes | str | None, error: type[RegisterError]) -> None:
    path = tmp_path / "r"
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        sqlite3.connect(path).executescript("CREATE TABLE terminal (x); PRAGMA user_version = 1;").connection.close()
    before = path.read_bytes() if path.exists() else None
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    for read_only in (True, False):
        with pytest.raises(error) as caught:
            Register(path, read_only=read_only)
        assert len(list(Path("/proc/self/fd").iterdir())) == descriptors, "something is left open"
        assert caught.value.remedy.en
        assert caught.value.where == str(path)
    assert (path.read_bytes() if path.exists() else None) == before


def test_another_version_is_not_touched(register: Register) -> None:
    register.close()
    sqlite3.connect(register.path).executescript("PRAGMA user_version = 2").connection.close()
    with pytest.raises(RegisterOfAnotherVersion) as caught:
        Register(register.path)
    assert caught.value.text.en == "The register has version 2, this program knows 1."


def test_it_is_made_once(register: Register) -> None:
    with pytest.raises(RegisterExists) as caught:
        Register.create(register.path)
    assert caught.value.where == str(register.path)
    nowhere = register.path.parent / "none" / "register"
    with pytest.raises(RegisterError) as failed:
        Register.create(nowhere)
    assert failed.value.where == str(nowhere)
    assert failed.value.text == (
        "The register cannot be used: No such file or directory.",
        "Register tidak dapat dipakai: berkas atau folder tidak ada.",
    )
    assert {one.suffix for one in register.path.parent.iterdir()} <= {".sqlite", ".sqlite-wal", ".sqlite-shm", ".lock"}


def test_what_cannot_be_read_is_told(register: Register) -> None:
    with pytest.raises(RegisterError, match="no such table: none") as failed:
        register._file.rows("SELECT * FROM none")
    assert failed.value.where == str(register.path)


def test_a_commit_is_on_the_disk(register: Register) -> None:
    assert register._file.rows("PRAGMA journal_mode")[0][0] == "wal"
    assert register._file.rows("PRAGMA synchronous")[0][0] == 2  # FULL


def _killed_at(step: int, work: Callable[[], object]) -> bool:
    """Do the work in a process that is killed before its ``step``-th line in the register; whether it was."""
    child = os.fork()
    if child == 0:
        left = step

        def line(frame: FrameType, event: str, _: Any) -> Any:
            nonlocal left
            if event == "line":
                left -= 1
                if left == 0:
                    os._exit(9)
            return line

        def call(frame: FrameType, event: str, _: Any) -> Any:
            return line if frame.f_code.co_filename.endswith(WRITING) else None

        sys.settrace(call)
        try:
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9


@pytest.fixture
def in_memory(tmp_path: Path) -> Iterator[Path]:
    """A folder where a hundred commits do not wait for a disk, if the system has such a place."""
    memory = Path("/dev/shm")  # noqa: S108
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        yield Path(folder)


def test_a_kill_at_any_step_loses_and_doubles_nothing(in_memory: Path) -> None:
    """Whatever line it dies before: a file under its name is whole and in the register, and the other way round after
    the next command has begun; the number is used by that very update or free."""
    first, second = signed(1), [signed(2, state=PLAIN.state), signed(1, OTHER)]
    fates = set()
    with Register.create(in_memory / "before") as register:
        register.issue(in_memory / "first.jsonl", [first], MOMENT)
    for step in range(1, 10_000):
        folder = in_memory / str(step)
        folder.mkdir()
        path, out = folder / "register", folder / "updates.jsonl"
        shutil.copyfile(in_memory / "before", path)

        def work(path: Path = path, out: Path = out) -> None:
            with Register(path) as register:
                register.issue(out, second, MOMENT)

        killed = _killed_at(step, work)
        if out.exists():
            assert list(read_updates(out)) == second
        with Register(path) as register:
            seen = out.exists()
            register.complete()
            newest = register.newest(SERIAL)
            assert newest is not None
            if newest.signed == first:
                assert not out.exists()
                register.issue(out, second, MOMENT)
            fates.add((newest.signed == first, seen))
            assert list(read_updates(out)) == second
            assert all(one.written for one in register.issues())
            assert [one.signed for one in register.cards()] == [second[1], second[0]]
        if not killed:
            break
    # Died before it was in the register, after that, and after the file had its name.
    assert fates == {(True, False), (False, False), (False, True)}
    assert step > 50
