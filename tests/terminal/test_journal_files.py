# SPDX-License-Identifier: Apache-2.0
"""Which file is a journal, whose it is, and who may have it open: what is refused is left as it was."""

from __future__ import annotations

import datetime as dt
import gc
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from tests.card.live_card import LiveCard
from tests.terminal.conftest import EGGS, KEYS, RICE, Shop, activated, status
from tests.terminal.line import Line
from tests.terminal.written import intended

from ssn_card.personalization.journal.journal import Journal
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError
from ssn_card.terminal import (
    JournalBusy,
    JournalDamaged,
    JournalError,
    JournalNotFound,
    JournalNotOurs,
    JournalOfAnotherTerminal,
    JournalOfAnotherVersion,
    ReferenceInUse,
    Terminal,
    TerminalJournal,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "terminal.db"


def made(path: Path, sales: int = 0) -> Path:
    """A journal of terminal 7, closed."""
    with TerminalJournal(path, 7) as journal:
        for _ in range(sales):
            intended(journal)
    return path


def a_station(path: Path) -> None:
    Journal.create(path, SecretKey(bytes(16), "test secret")).close()


def somebody_elses(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA journal_mode = WAL; CREATE TABLE film (title TEXT); INSERT INTO film VALUES ('x');")


def newer(path: Path) -> None:
    made(path)
    with closing(sqlite3.connect(path)) as db:
        db.executescript("PRAGMA user_version = 3; PRAGMA wal_checkpoint(TRUNCATE);")


def cut(path: Path) -> None:
    path.write_bytes(made(path, sales=300).read_bytes()[:-4096])


def overwritten(path: Path) -> None:
    data = bytearray(made(path, sales=300).read_bytes())
    data[4096 * 6 : 4096 * 7] = b"\xa5" * 4096
    path.write_bytes(data)


def ownerless(path: Path) -> None:
    made(path)
    with closing(sqlite3.connect(path)) as db:
        db.executescript("DELETE FROM terminal; PRAGMA wal_checkpoint(TRUNCATE);")


STRANGE: list[tuple[Callable[[Path], object], type[JournalError]]] = [
    (a_station, JournalNotOurs),
    (somebody_elses, JournalNotOurs),
    (lambda path: path.touch(), JournalNotOurs),
    (lambda path: path.write_bytes(b"SQLite format 3\x00"), JournalNotOurs),
    (lambda path: path.write_text("terminal_txn,amount\n" * 50), JournalNotOurs),
    (newer, JournalOfAnotherVersion),
    (cut, JournalDamaged),
    (overwritten, JournalDamaged),
    (ownerless, JournalDamaged),
    (lambda path: path.mkdir(), JournalError),
]


@pytest.mark.parametrize("read_only", [False, True])
@pytest.mark.parametrize(("write", "kind"), STRANGE)
def test_a_file_that_is_no_journal_is_refused_and_left_as_it_is(
    path: Path, write: Callable[[Path], object], kind: type[JournalError], read_only: bool
) -> None:
    write(path)
    before = path.read_bytes() if path.is_file() else None
    descriptors = len(list(Path("/proc/self/fd").iterdir()))
    for terminal_id in (7, None):
        with pytest.raises(JournalError) as caught:
            TerminalJournal(path, terminal_id, read_only=read_only)
        assert len(list(Path("/proc/self/fd").iterdir())) == descriptors, "something is left open"
        assert type(caught.value) is kind
        assert caught.value.where == str(path)
        assert caught.value.remedy.en
        assert caught.value.__cause__ is None
    assert (path.read_bytes() if path.is_file() else None) == before


def test_a_foreign_database_is_not_even_opened(path: Path) -> None:
    """SQLite would fold its write-ahead log into it, and make files beside it."""
    with closing(sqlite3.connect(path)) as other:
        other.executescript("PRAGMA journal_mode = WAL; CREATE TABLE film (title TEXT);")
        before = {one.name: one.read_bytes() for one in path.parent.iterdir()}
        with pytest.raises(JournalNotOurs):
            TerminalJournal(path, 7)
        assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == before


def test_a_newer_versions_journal_names_both_versions(path: Path) -> None:
    newer(path)
    with pytest.raises(JournalOfAnotherVersion) as caught:
        TerminalJournal(path)
    for text in caught.value.text:
        assert "3" in text
        assert "2" in text


def test_a_journal_says_whose_it_is(path: Path, tmp_path: Path) -> None:
    with pytest.raises(JournalNotFound):
        TerminalJournal(path)
    with pytest.raises(JournalNotFound):
        TerminalJournal(path, 7, read_only=True)
    assert list(tmp_path.iterdir()) == []
    with TerminalJournal(path, 7) as journal:
        assert (journal.terminal_id, journal.path) == (7, str(path))
    with TerminalJournal(path) as journal:
        assert journal.terminal_id == 7
    with pytest.raises(JournalOfAnotherTerminal) as caught:
        TerminalJournal(path, 8)
    assert caught.value.where == str(path)
    for text in caught.value.text:
        assert "7" in text
        assert "8" in text
    made(path)  # the refusal has let go of it


def test_a_terminal_is_the_one_that_its_journal_names(active: LiveCard, path: Path) -> None:
    with TerminalJournal(path, 8) as journal, active.connect() as card:
        terminal = Terminal(KEYS, journal, clock=lambda: dt.datetime(2025, 10, 3, 10))
        assert terminal.terminal_id == 8
        assert terminal.debit(card, RICE).receipt.terminal_id == 8
    with pytest.raises(JournalOfAnotherTerminal) as caught:
        TerminalJournal(path, 7)
    assert caught.value.details == {"terminal": 8}


@pytest.mark.parametrize("number", [-1, 0, 2**32, "7", True, 7.0])
def test_a_number_that_no_terminal_has(path: Path, tmp_path: Path, number: int) -> None:
    with pytest.raises(InputError) as caught:
        TerminalJournal(path, number)
    assert caught.value.where == "terminal_id"
    assert all(f"{number!r}." in text for text in caught.value.text)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", [1, 2**32 - 1])
def test_the_first_and_the_last_number_of_a_terminal(path: Path, number: int) -> None:
    with TerminalJournal(path, number) as journal:
        assert journal.terminal_id == number


@pytest.mark.parametrize("folder", [".", "no-folder"])
def test_a_place_where_no_journal_can_be_made(tmp_path: Path, folder: str) -> None:
    place = tmp_path / folder / "terminal.db"
    if folder == ".":
        place.with_name("terminal.db.lock").mkdir()
    with pytest.raises(JournalError) as caught:
        TerminalJournal(place, 7)
    assert caught.value.where == str(place)


READ_ONLY = """
    import os, sys
    from ssn_card.terminal import JournalError, TerminalJournal, now

    folder = sys.argv[1]
    os.chmod(folder + "/terminal.db.lock", 0o666)
    os.chmod(folder + "/terminal.db", 0o444)
    os.chmod(folder, int(sys.argv[2], 8))
    if os.getuid() == 0:
        os.setgid(65534)
        os.setuid(65534)  # nobody: root may write everywhere
    try:
        TerminalJournal(folder + "/terminal.db", 7)
    except JournalError as error:
        print(error.code, error.where)
"""


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """A script in a process of its own."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", textwrap.dedent(script), *map(str, arguments)]
    return subprocess.run(command, env=environment, check=False, capture_output=True, text=True, timeout=60)


@pytest.mark.parametrize("folders_mode", ["555", "777"])
def test_a_journal_that_cannot_be_written_is_refused_when_it_is_opened(folders_mode: str) -> None:
    """In a folder of its own: pytest's are closed to the user that the script becomes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "terminal.db"
        before = made(path).read_bytes()
        ran = run(READ_ONLY, folder, folders_mode)
        assert (ran.stdout, ran.stderr) == (f"journal {path}\n", "")
        assert path.read_bytes() == before
        path.parent.chmod(0o755)


OPENED = """
    import sys
    from ssn_card.terminal import JournalError, TerminalJournal, now
    try:
        with TerminalJournal(sys.argv[1], read_only=len(sys.argv) > 2) as journal:
            print(len(journal.in_doubt()))
    except JournalError as error:
        print(error.code)
"""


def test_one_process_at_a_time_owns_a_journal_and_others_may_look(path: Path) -> None:
    made(path, sales=2)
    with TerminalJournal(path) as journal:
        assert run(OPENED, path).stdout == "journal-busy\n"
        with pytest.raises(JournalBusy):
            TerminalJournal(path)
        first, second = journal.in_doubt()
        journal.void(first, 0)
        assert run(OPENED, path, "read only").stdout == "1\n"
        with TerminalJournal(path, read_only=True) as reader, pytest.raises(JournalError):
            reader.void(second, 0)
        assert len(journal.in_doubt()) == 1
    assert run(OPENED, path).stdout == "1\n"


def test_a_forgotten_journal_is_let_go(path: Path) -> None:
    journal = TerminalJournal(path, 7)
    del journal
    gc.collect()
    made(path)


KILLED = """
    import os, signal, sys
    from ssn_card.terminal import TerminalJournal
    journal = TerminalJournal(sys.argv[1], 7)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_a_killed_process_owns_nothing(path: Path) -> None:
    assert run(KILLED, path).returncode == -signal.SIGKILL
    made(path)


MAKING = """
    import sys
    from ssn_card.terminal import JournalBusy, TerminalJournal

    print("ready", flush=True)
    sys.stdin.readline()
    try:
        with TerminalJournal(sys.argv[1], int(sys.argv[2])):
            print("made", flush=True)
            sys.stdin.readline()
    except JournalBusy as error:
        print(error.code, flush=True)
"""


def test_two_processes_make_one_journal(path: Path) -> None:
    """Both at once, and the one that made it keeps it until the other has tried."""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    script = [sys.executable, "-c", textwrap.dedent(MAKING), str(path)]
    both = [
        subprocess.Popen(
            [*script, str(number)], env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for number in (7, 8)
    ]
    assert [one.stdout.readline() for one in both if one.stdout] == ["ready\n"] * 2
    for one in both:
        assert one.stdin
        one.stdin.write("\n")
        one.stdin.flush()
    assert sorted(one.stdout.readline() for one in both if one.stdout) == ["journal-busy\n", "made\n"]
    for one in both:
        one.communicate(timeout=60)
    with TerminalJournal(path) as journal:
        assert journal.terminal_id in (7, 8)


def test_a_child_of_a_fork_does_not_write_into_its_parents_journal(path: Path) -> None:
    with TerminalJournal(path, 7) as journal:
        child = os.fork()
        if not child:
            try:
                intended(journal)
            except JournalBusy:
                os._exit(7)
            finally:
                os._exit(1)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7
        assert intended(journal).terminal_txn == 1


def test_a_new_journals_name_is_on_the_disk_too(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A power cut behind the first sale must not take the whole file."""
    synced: list[int] = []
    fsync = os.fsync

    def recorded(descriptor: int) -> None:
        synced.append(os.fstat(descriptor).st_ino)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", recorded)
    made(path)
    assert synced == [path.parent.stat().st_ino]


def test_threads_share_a_journal(path: Path) -> None:
    numbers: list[int] = []
    with TerminalJournal(path, 7) as journal:

        def write() -> None:
            numbers.extend(intended(journal).terminal_txn for _ in range(100))

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert sorted(numbers) == list(range(1, 401))


def test_threads_share_a_terminal(shop: Shop, active: LiveCard, new_card: Callable[[], LiveCard]) -> None:
    """Two threads, a reader each, at one terminal: every sale is made, each number given once, none in doubt."""
    cards = [active, activated(new_card())]
    failures: list[BaseException] = []

    def serve(card: LiveCard) -> None:
        try:
            with card.connect() as connection:
                for number in range(4):
                    shop.terminal.debit(connection, EGGS, reference=f"{card.serial.hex()}-{number}")
                    shop.terminal.status(connection)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=serve, args=(card,)) for card in cards]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert shop.journal.in_doubt() == []
    numbers = [receipt.terminal_txn for receipt, _ in shop.journal.receipts()]
    assert sorted(numbers) == list(range(1, 9))
    assert [status(card, shop).balance for card in cards] == [900_000 - 4 * 55_500] * 2


def test_threads_do_not_sell_under_one_reference(
    shop: Shop, active: LiveCard, new_card: Callable[[], LiveCard]
) -> None:
    """The second waits until the first is known: it is told of another card, not of a doubt that is none."""
    other = activated(new_card())
    found: list[BaseException] = []

    def second() -> None:
        try:
            with other.connect() as connection:
                shop.terminal.debit(connection, RICE, reference="17")
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=second)

    class Meanwhile(Line):
        def _exchange(self, command: bytes) -> bytes:
            if command[1] == 0x40:
                thread.start()
                thread.join(1)
            return super()._exchange(command)

    with Meanwhile(active.connect()) as line:
        shop.terminal.debit(line, RICE, reference="17")
    thread.join(60)
    assert [type(error) for error in found] == [ReferenceInUse]
    assert (status(active, shop).balance, status(other, shop).balance) == (738_000, 900_000)


def test_threads_share_a_card(shop: Shop, active: LiveCard) -> None:
    """One connection, two threads, one of them at another terminal: neither uses up the other's challenge."""
    failures: list[BaseException] = []
    journal = TerminalJournal(":memory:", 8)
    other = Terminal(KEYS, journal, clock=lambda: shop.now)

    def serve(terminal: Terminal) -> None:
        try:
            for _ in range(5):
                terminal.debit(line, EGGS)
        except BaseException as error:
            failures.append(error)

    with Line(active.connect()) as line:
        threads = [threading.Thread(target=serve, args=(terminal,)) for terminal in (shop.terminal, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
    assert failures == []
    assert line.count == 20
    assert status(active, shop).balance == 900_000 - 10 * 55_500
