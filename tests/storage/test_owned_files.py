# SPDX-License-Identifier: Apache-2.0
"""What the terminal's journal, the station's and the register of updates have in common, tried on each of the three."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ssn_card.entitlement import register_file
from ssn_card.personalization.journal import file as station_file
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import SsnCardError
from ssn_card.storage import OwnedFile, opening
from ssn_card.terminal import journal_file


class Room(NamedTuple):
    """One kind of file: how it is made and opened, and a statement that changes it."""

    owned: type[OwnedFile]
    make: Callable[[Path], None]
    open: Callable[[Path, bool], OwnedFile]
    change: str
    counting: str


def made_by_terminal(path: Path) -> None:
    journal_file.JournalFile(path, 7, read_only=False).close()


ROOMS = {
    "terminal": Room(
        journal_file.JournalFile,
        made_by_terminal,
        lambda path, read_only: journal_file.JournalFile(path, None, read_only=read_only),
        "INSERT INTO event (moment, kind, details) VALUES ('now', 'false_card', '{}')",
        "SELECT count(*) FROM event",
    ),
    "register": Room(
        register_file.RegisterFile,
        register_file.RegisterFile.write_new,
        lambda path, read_only: register_file.RegisterFile(path, read_only=read_only),
        "INSERT INTO issue (out, digest, issued_at) VALUES ('out', zeroblob(32), 'now')",
        "SELECT count(*) FROM issue",
    ),
    "station": Room(
        station_file.JournalFile,
        lambda path: station_file.JournalFile.make(path, SecretKey(bytes(16), "secret"), 1),
        lambda path, read_only: station_file.JournalFile(path, read_only=read_only),
        "INSERT INTO event (state, at) VALUES ('failed', 'now')",
        "SELECT count(*) FROM event",
    ),
}
VERSION_AT = 60  #: in the header of a database


@pytest.fixture(params=ROOMS)
def room(request: pytest.FixtureRequest) -> Room:
    return ROOMS[request.param]


@pytest.fixture
def path(tmp_path: Path, room: Room) -> Path:
    """A file of the room, closed."""
    path = tmp_path / "owned.db"
    room.make(path)
    return path


def change(file: OwnedFile, room: Room) -> None:
    with file.writing() as database:
        database.execute(room.change)


def count(file: OwnedFile, room: Room) -> int:
    found: int = file.one(room.counting)[0]
    return found


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=60)


LOOKED_INTO = """
    import sqlite3, sys
    database = sqlite3.connect(sys.argv[1])
    print(database.execute(sys.argv[2]).fetchone()[0])
    database.close()  # whoever is the last to close a file folds its log into it, and deletes the log
"""


def refused(room: Room, path: Path, kind: type[SsnCardError], *, read_only: bool = False) -> SsnCardError:
    """Opening is refused with this very error, which names the file; no try leaves more open than the one before."""
    descriptors = []
    for _ in range(2):  # SQLite keeps one descriptor of a file that is locked here, and uses it again
        with pytest.raises(SsnCardError) as caught:
            room.open(path, read_only)
        assert type(caught.value) is kind
        assert caught.value.where == str(path)
        assert caught.value.remedy.en
        descriptors.append(len(list(Path("/proc/self/fd").iterdir())))
    assert descriptors[0] == descriptors[1]
    return caught.value


@pytest.mark.parametrize("read_only", [False, True])
def test_what_was_committed_is_on_the_disk(room: Room, path: Path, read_only: bool) -> None:
    """WAL with synchronous=FULL (2): every promise of the three rests on these."""
    room.open(path, False).close()
    with closing(room.open(path, read_only)) as file:
        found = {name: file.one(f"PRAGMA {name}")[0] for name in ("synchronous", "journal_mode", "foreign_keys")}
        assert found == {"synchronous": 2, "journal_mode": "wal", "foreign_keys": 1}
        assert file.one("PRAGMA busy_timeout")[0] == 5_000
        assert file.one("PRAGMA query_only")[0] == read_only


def test_a_new_file_is_on_the_disk_before_and_after_it_has_its_name(
    room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    synced: list[int] = []
    connect, fsync = sqlite3.connect, os.fsync

    def listening(*arguments: object, **options: object) -> sqlite3.Connection:
        database: sqlite3.Connection = connect(*arguments, **options)  # type: ignore[call-overload]
        database.set_trace_callback(said.append)
        return database

    def recorded(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(sqlite3, "connect", listening)
    monkeypatch.setattr(os, "fsync", recorded)
    room.make(tmp_path / "owned.db")
    assert said.index("PRAGMA synchronous = EXTRA") < next(at for at, one in enumerate(said) if "CREATE TABLE" in one)
    assert synced == [tmp_path.stat().st_ino]
    assert (tmp_path / "owned.db").stat().st_mode & 0o777 == 0o600


def test_a_file_system_without_links(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as FAT: the file is moved to its name, and still never over another one."""
    path = tmp_path / "owned.db"

    def link(*_: object) -> None:
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)
    room.make(path)
    assert [one.name for one in tmp_path.iterdir() if not one.name.endswith(".lock")] == ["owned.db"]
    room.open(path, False).close()
    before = path.read_bytes()
    with pytest.raises(room.owned.kind.exists) as caught:
        room.owned.write_new(path)
    assert caught.value.where == str(path)
    assert path.read_bytes() == before


def test_a_name_that_is_taken_at_the_last_moment(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, link = tmp_path / "owned.db", os.link

    def late(draft: Path, name: Path) -> None:
        name.write_bytes(b"theirs")
        link(draft, name)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(room.owned.kind.exists) as caught:
        room.owned.write_new(path)
    assert caught.value.where == str(path)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("owned.db", b"theirs")]


def test_a_disk_that_is_full(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(room.owned.kind.failed, match="No space left") as caught:
        room.make(tmp_path / "owned.db")
    assert caught.value.where == str(tmp_path / "owned.db")
    assert [one.name for one in tmp_path.iterdir() if not one.name.endswith(".lock")] == []


@pytest.mark.parametrize("read_only", [False, True])
def test_what_is_there_is_told_from_what_is_not(room: Room, path: Path, read_only: bool) -> None:
    """Missing, a folder, no file, without permission, another program's, another version's: each its own error."""
    kind = room.owned.kind
    refused(room, path.with_name("none"), kind.missing, read_only=read_only)
    refused(room, path / "below-a-file", kind.missing, read_only=read_only)
    folder = path.with_name("folder")
    folder.mkdir()
    assert "Is a directory" in refused(room, folder, kind.failed, read_only=read_only).text.en
    pipe = path.with_name("pipe")
    os.mkfifo(pipe)
    refused(room, pipe, kind.foreign, read_only=read_only)
    empty = path.with_name("empty")
    empty.touch()
    refused(room, empty, kind.foreign, read_only=read_only)
    data = bytearray(path.read_bytes())
    other = path.with_name("owned.other")
    other.write_bytes(b"s" + data[1:])
    refused(room, other, kind.foreign, read_only=read_only)
    for length in (15, 71):
        other.write_bytes(data[:length])
        refused(room, other, kind.foreign, read_only=read_only)
    other.write_bytes(data[:99])
    refused(room, other, kind.damaged, read_only=read_only)
    data[VERSION_AT + 3] += 1
    newer = path.with_name("newer")
    newer.write_bytes(data)
    error = refused(room, newer, kind.another_version, read_only=read_only)
    for text in error.text:
        assert str(kind.version) in text
        assert str(kind.version + 1) in text
    assert newer.read_bytes() == data
    beside = {one.name for one in path.parent.iterdir()}
    assert {name for name in beside if not name.startswith("owned")} == {"folder", "pipe", "empty", "newer"}


@pytest.mark.parametrize("other", ROOMS)
def test_each_others_files_are_not_even_opened(room: Room, path: Path, other: str) -> None:
    if ROOMS[other].owned is room.owned:
        return
    with closing(room.open(path, False)) as file:
        change(file, room)
        before = {one.name: one.read_bytes() for one in path.parent.iterdir()}
        script = f"""
            import sys
            from pathlib import Path
            from tests.storage.test_owned_files import ROOMS
            for read_only in (False, True):
                try:
                    ROOMS[{other!r}].open(Path(sys.argv[1]), read_only)
                except ROOMS[{other!r}].owned.kind.foreign as error:
                    print(error.where)
        """
        assert run(script, path).stdout == f"{path}\n" * 2
        assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == before


def test_a_file_that_may_not_be_read(room: Room, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may well be ours: that is no reason to call it another program's."""
    for name in ("stat", "open"):

        def denied(*_: object, **__: object) -> None:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

        with monkeypatch.context() as patched:
            patched.setattr(Path, name, denied)
            with pytest.raises(room.owned.kind.failed, match="Permission denied") as caught:
                room.open(path, False)
        assert type(caught.value) is room.owned.kind.failed


def test_a_folder_that_may_not_be_searched(room: Room, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "stat", denied)
    with pytest.raises(room.owned.kind.failed, match="Permission denied"):
        room.make(tmp_path / "owned.db")


@pytest.mark.parametrize("read_only", [False, True])
def test_a_damaged_file(room: Room, path: Path, read_only: bool) -> None:
    """Found when it is opened, not when half of the work is done; and called damaged, not another program's."""
    with closing(room.open(path, False)) as file, file.writing() as database:
        for _ in range(3_000):
            database.execute(room.change)
    whole = path.read_bytes()
    path.write_bytes(whole[:-4096])
    refused(room, path, room.owned.kind.damaged, read_only=read_only)
    middle = len(whole) // 2 // 4096 * 4096
    path.write_bytes(whole[:middle] + b"\xa5" * 4096 + whole[middle + 4096 :])
    refused(room, path, room.owned.kind.damaged, read_only=read_only)


def test_looking_twice_in_one_process_takes_no_lock_from_the_owner(room: Room, path: Path) -> None:
    """POSIX drops all of a process's locks on a file when it closes any descriptor of it. Without them, whoever looks
    into the file last deletes its log, and what the owner writes later is in a deleted file: gone with a crash."""
    with closing(room.open(path, False)) as file:
        change(file, room)
        refused(room, path, room.owned.kind.busy)
        room.open(path, True).close()
        refused(room, path, room.owned.kind.busy)
        script = """
            import sys
            from pathlib import Path
            from tests.storage.test_owned_files import ROOMS
            room = next(one for one in ROOMS.values() if one.owned.__qualname__ + one.owned.__module__ == sys.argv[2])
            try:
                room.open(Path(sys.argv[1]), False)
            except room.owned.kind.busy:
                print("busy")
        """
        assert run(script, path, room.owned.__qualname__ + room.owned.__module__).stdout == "busy\n"
        assert run(LOOKED_INTO, path, room.counting).stdout == "1\n"
        change(file, room)
        assert run(LOOKED_INTO, path, room.counting).stdout == "2\n"


def test_one_owner_at_a_time_and_as_many_readers_as_like(room: Room, path: Path) -> None:
    with closing(room.open(path, False)) as file, closing(room.open(path, True)) as reader:
        error = refused(room, path, room.owned.kind.busy)
        assert "has the " in error.text.en
        change(file, room)
        assert count(reader, room) == 1
        with pytest.raises(room.owned.kind.failed):
            change(reader, room)
    with closing(room.open(path, False)) as file:
        assert count(file, room) == 1
    assert {one.name for one in path.parent.iterdir()} == {"owned.db", "owned.db.lock"}
    assert path.with_name("owned.db.lock").stat().st_mode & 0o777 == 0o600


def test_a_lock_that_cannot_be_taken(room: Room, path: Path) -> None:
    place = path.with_name("owned.db.lock")
    place.unlink(missing_ok=True)
    place.mkdir()
    error = refused(room, path, room.owned.kind.failed)
    assert "Is a directory" in error.text.en
    assert "ini folder" in error.text.id


def test_who_asks_at_the_same_moment_keeps_nobody_out(room: Room, path: Path) -> None:
    """Each of two looks at the lock before it takes it; were it to be taken alone, neither would get it."""
    room.open(path, False).close()
    place = path.with_name("owned.db.lock")
    with closing(sqlite3.connect(place, isolation_level=None)) as asking:
        asking.execute("BEGIN")
        asking.execute("SELECT * FROM sqlite_master").fetchall()
        with closing(room.open(path, False)):
            refused(room, path, room.owned.kind.busy)
    assert place.stat().st_size == 0


class WithoutLocks(sqlite3.Connection):
    """Of a file system that knows none."""

    def execute(self, sql: str, *arguments: Any) -> sqlite3.Cursor:
        if sql == "BEGIN IMMEDIATE":
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode, error.sqlite_errorname = sqlite3.SQLITE_IOERR_LOCK, "SQLITE_IOERR_LOCK"
            raise error
        return super().execute(sql, *arguments)


def test_a_disk_that_knows_no_locks(room: Room, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is told as what it is, not as another program; and nothing stays open."""
    before = len(list(Path("/proc/self/fd").iterdir()))
    monkeypatch.setitem(opening.CONNECTION, "factory", WithoutLocks)
    error = refused(room, path, room.owned.kind.failed)
    assert type(error) is room.owned.kind.failed
    assert ("disk I/O error" in error.text.en, "disk bermasalah" in error.text.id) == (True, True)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_a_forgotten_file_is_let_go(room: Room, path: Path) -> None:
    file = room.open(path, False)
    change(file, room)
    del file
    gc.collect()
    with closing(room.open(path, False)) as again:
        assert count(again, room) == 1


def test_a_killed_owner_owns_nothing_and_has_lost_nothing(room: Room, path: Path) -> None:
    child = os.fork()
    if not child:
        change(room.open(path, False), room)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    with closing(room.open(path, False)) as file:
        assert count(file, room) == 1


def test_a_child_of_a_fork_is_no_owner(room: Room, path: Path) -> None:
    with closing(room.open(path, False)) as file:
        child = os.fork()
        if not child:
            try:
                change(file, room)
            except room.owned.kind.busy as error:
                os._exit(7 if error.remedy.en == f"Open the {room.owned.kind.name.en} behind the fork." else 8)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        change(file, room)
        assert count(file, room) == 1


def test_a_child_is_told_what_to_do(room: Room, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(room.open(path, False)) as file:
        with monkeypatch.context() as in_child:
            in_child.setattr(os, "getpid", lambda: -1)
            with pytest.raises(room.owned.kind.busy) as caught:
                file.rows("SELECT 1")
        name = room.owned.kind.name
        assert caught.value.text.en == f"The {name.en} belongs to the parent process."
        assert caught.value.text.id == f"{name.id.capitalize()} ini milik proses induk."
        assert caught.value.remedy == (f"Open the {name.en} behind the fork.", f"Buka {name.id} sesudah fork.")
        assert caught.value.where == str(path)


def test_a_file_outlives_no_parent_in_its_child(room: Room, path: Path) -> None:
    """A child that goes on does not keep the lock of the parent that has closed the file, or died."""
    file = room.open(path, False)
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(writing)
        os.read(reading, 1)  # until the test is over
        os._exit(0)
    os.close(reading)
    try:
        file.close()
        room.open(path, False).close()
    finally:
        os.close(writing)
        os.waitpid(child, 0)


def test_a_transaction_is_whole_or_not_there(room: Room, path: Path) -> None:
    with closing(room.open(path, False)) as file:

        def leave(error: BaseException) -> None:
            with file.writing(), file.writing() as database:
                database.execute(room.change)
                raise error

        for error in (KeyboardInterrupt(), KeyError("x")):
            with pytest.raises(type(error)):
                leave(error)
            assert count(file, room) == 0
        with file.writing():
            change(file, room)
            change(file, room)
        assert count(file, room) == 2
        with pytest.raises(room.owned.kind.failed, match="no such table: nowhere"):
            file.rows("SELECT * FROM nowhere")
        assert file.rows("SELECT ? AS one", 5)[0]["one"] == 5
        assert file.one("SELECT ? AS one", 5)["one"] == 5


def test_what_a_rule_of_the_tables_forbids(room: Room, path: Path) -> None:
    with closing(room.open(path, False)) as file:
        with pytest.raises(room.owned.kind.conflict, match="refuses a step: NOT NULL") as caught, file.writing() as db:
            db.execute(room.change.replace("'now'", "NULL"))
        assert "menolak langkah: aturan jurnal akan dilanggar." in caught.value.text.id
        assert caught.value.where == str(path)
        assert count(file, room) == 0


def test_any_thread_may_call(room: Room, path: Path) -> None:
    with closing(room.open(path, False)) as file:

        def write() -> None:
            for _ in range(50):
                change(file, room)

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert count(file, room) == 200
        closer = threading.Thread(target=file.close)
        closer.start()
        closer.join(60)
    with closing(room.open(path, False)) as again:
        assert count(again, room) == 200


def test_a_closed_file_says_so(room: Room, path: Path) -> None:
    file = room.open(path, False)
    file.close()
    file.close()
    with pytest.raises(room.owned.kind.failed, match="closed"):
        file.rows("SELECT 1")


def test_no_two_kinds_share_a_mark() -> None:
    marks = [room.owned.kind.application for room in ROOMS.values()]
    assert len(set(marks)) == len(marks)
    assert all(mark.to_bytes(4, "big").startswith(b"SSN") for mark in marks)
    longs = [room.owned.kind.long_name for room in ROOMS.values()]
    assert len(set(longs)) == len(longs)


SENTENCES = {
    "missing": ("There is no journal.", "Jurnal tidak ada."),
    "exists": ("The file exists already.", "Berkas sudah ada."),
    "foreign": ("The file is no terminal's journal.", "Berkas ini bukan jurnal terminal."),
    "another_version": (
        "The journal has version 9, this program knows {version}.",
        "Jurnal ini versi 9, program ini mengenal versi {version}.",
    ),
    "damaged": ("The journal is damaged.", "Jurnal rusak."),
    "busy": (
        "Another process, or another part of this one, has the journal open.",
        "Proses lain, atau bagian lain dari proses ini, sudah membuka jurnal.",
    ),
    "failed": ("The journal cannot be used: Is a directory.", "Jurnal tidak dapat dipakai: ini folder."),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_what_a_person_reads(name: str) -> None:
    kind, path = journal_file.JournalFile.kind, Path("journal.db")
    made: dict[str, Callable[[Path], SsnCardError]] = {
        "missing": kind.is_missing,
        "exists": kind.is_taken,
        "foreign": kind.is_foreign,
        "another_version": lambda path: kind.is_of_version(path, 9),
        "damaged": kind.is_damaged,
        "busy": kind.is_busy,
        "failed": lambda path: kind.failure(path, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))),
    }
    error = made[name](path)
    assert type(error) is getattr(kind, name)
    assert error.text == tuple(sentence.format(version=kind.version) for sentence in SENTENCES[name])
    assert error.where == "journal.db"


def test_a_trial_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    room = ROOMS["terminal"]
    with closing(journal_file.JournalFile(":memory:", 7, read_only=False)) as file:
        change(file, room)
        assert count(file, room) == 1
    assert list(tmp_path.iterdir()) == []


def test_who_says_nothing_may_write_and_a_childs_end_closes_nothing(tmp_path: Path) -> None:
    room = ROOMS["register"]
    room.make(tmp_path / "owned.db")
    with closing(register_file.RegisterFile(tmp_path / "owned.db")) as file:
        change(file, room)
        assert file._let_go.atexit is False
