# SPDX-License-Identifier: Apache-2.0
"""kill -9 at every step of a run over the real applet, then the same command again: no duplicate, no lost card."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.personalization.station.scene import Station, assert_one_card_each, held_by
from tests.personalization.station.support import Noting, Rack

from ssn_card.personalization.journal import file as journal_file
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station.feeder import Fate, UrlFeeder
from ssn_card.personalization.station.report import Verdict
from ssn_card.personalization.station.results import ResultsFile
from ssn_card.programme import Policy
from ssn_card.transport import VpcdConnection

pytestmark = pytest.mark.sim


@pytest.fixture
def station(tmp_path: Path, policy: Policy, header: str, good_rows: tuple[str, str]) -> Station:
    return Station(tmp_path, policy, [header, *good_rows])


class Steps:
    """Counts what a run does to disk and cards, before and after each, and kills the process at one of them."""

    def __init__(self, kill_at: int, log: Path) -> None:
        self.count = 0
        self._kill_at = kill_at
        self._log = log.open("a")

    def step(self, what: str) -> None:
        self.count += 1
        self._log.write(f"{self.count} {what}\n")
        self._log.flush()
        if self.count == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    def around(self, owner: Any, name: str) -> None:
        """Put steps around a method of a class."""
        inner: Callable[..., Any] = getattr(owner, name)

        def stepped(*arguments: Any) -> Any:
            self.step(f"before {name}")
            result = inner(*arguments)
            self.step(f"after {name}")
            return result

        setattr(owner, name, stepped)

    def around_transactions(self) -> None:
        """Put steps before and after each commit, and before a transaction begins."""
        inner = journal_file.JournalFile.writing

        @contextmanager
        def stepped(file: journal_file.JournalFile) -> Iterator[Any]:
            outermost = not file._database.in_transaction
            if outermost:
                self.step("before transaction")
            with inner(file) as database:
                yield database
                if outermost:
                    self.step("before commit")
            if outermost:
                self.step("after commit")

        setattr(journal_file.JournalFile, "writing", stepped)  # noqa: B010


def run_and_die(station: Station, urls: list[str], kill_at: int) -> bool:
    """Run the station in a child that is killed at that step; false if it ended before."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            steps = Steps(kill_at, station.extract.with_name("steps.log"))
            steps.around_transactions()
            steps.around(VpcdConnection, "_exchange")
            steps.around(ResultsFile, "_append")
            station.run(UrlFeeder(urls))
            status = 0
        finally:
            os._exit(status)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == signal.SIGKILL
        return True
    assert os.WEXITSTATUS(status) == 0
    return False


def assert_whole(station: Station, urls: list[str]) -> None:
    """Two rows, two cards, numbers 1 and 2, each told once."""
    assert_one_card_each(station, urls)
    assert sorted(line["beneficiary_id"] for line in station.cards()) == ["0000000000000001", "0000000000000002"]
    events = [line["event"] for line in station.lines() if "event" in line]
    assert len(events) == len(set(events))
    assert station.cards("failed") + station.cards("lost") == []


@pytest.mark.timeout(300)
def test_killed_at_every_step_then_run_again(
    rack: Rack, tmp_path: Path, policy: Policy, header: str, good_rows: tuple[str, str]
) -> None:
    kill_at = 1
    killed = True
    while killed:
        folder = tmp_path / str(kill_at)
        folder.mkdir()
        station = Station(folder, policy, [header, *good_rows])
        urls = rack.blanks(3)
        killed = run_and_die(station, urls, kill_at)
        report = station.run(urls)
        assert report.complete, f"step {kill_at}: {report.as_dict()}"
        assert report.cards == 2
        assert_whole(station, urls)
        kill_at += 1
    assert kill_at > 60  # the steps were there


@pytest.mark.timeout(300)
def test_killed_again_and_again_over_the_same_batch(rack: Rack, station: Station) -> None:
    urls = rack.blanks(2)
    kill_at = 3
    while run_and_die(station, urls, kill_at):
        kill_at += 4  # each run gets a little further
    assert_whole(station, urls)


def step_of(station: Station, urls: list[str], what: str, number: int) -> int:
    """Number of the ``number``-th step of that name in a whole run (of another station)."""
    assert not run_and_die(station, urls, 0)
    steps = [line.split(" ", 1) for line in station.extract.with_name("steps.log").read_text().splitlines()]
    return [int(count) for count, name in steps if name == what][number - 1]


@pytest.mark.parametrize(("commands", "complete"), [(5, False), (11, True)])
def test_a_card_that_is_not_shown_again_stays_in_doubt_until_it_is_declared_lost(
    rack: Rack,
    tmp_path: Path,
    policy: Policy,
    header: str,
    good_rows: tuple[str, str],
    commands: int,
    complete: bool,
) -> None:
    (tmp_path / "whole").mkdir()
    whole = Station(tmp_path / "whole", policy, [header, *good_rows])
    kill_at = step_of(whole, rack.blanks(2), "after _exchange", commands)
    station = Station(tmp_path, policy, [header, *good_rows])
    first, *others = rack.blanks(3)
    assert run_and_die(station, [first, *others], kill_at)

    report = station.run(Noting(others))
    assert report.verdicts == {Verdict.IN_DOUBT: 1, Verdict.ISSUED: 1}
    assert (report.in_doubt, report.complete, report.stop) == ([2], False, None)

    feeder = Noting([first])
    report = station.run(feeder)
    assert report.complete
    assert report.verdicts[Verdict.RECOVERED if complete else Verdict.ISSUED] == 1
    assert feeder.fates == [Fate.DONE]
    assert_one_card_each(station, [first, *others])
    assert sorted(line["beneficiary_id"] for line in station.cards()) == ["0000000000000001", "0000000000000002"]


def test_a_card_declared_lost_is_replaced_and_kept_apart_when_it_turns_up(
    rack: Rack, tmp_path: Path, policy: Policy, header: str, good_rows: tuple[str, str]
) -> None:
    (tmp_path / "whole").mkdir()
    whole = Station(tmp_path / "whole", policy, [header, *good_rows])
    kill_at = step_of(whole, rack.blanks(2), "after _exchange", 6)
    station = Station(tmp_path, policy, [header, *good_rows])
    first, *others = rack.blanks(3)
    assert run_and_die(station, [first, *others], kill_at)
    with Journal.open(station.journal_path) as journal:
        (entry,) = journal.in_doubt()
        journal.lose(entry, "declared: fell behind the machine")
    feeder = Noting([first, *others])
    report = station.run(feeder)
    assert report.verdicts == {Verdict.ISSUED: 2}
    assert feeder.fates == [Fate.SUSPECT, Fate.DONE, Fate.DONE]
    assert held_by(first) is None
    assert_one_card_each(station, others)
    assert [line["beneficiary_id"] for line in station.cards("lost")] == ["0000000000000001"]


@pytest.mark.parametrize("cut", [1, 10, 200])
def test_half_a_line_of_results_is_made_whole(rack: Rack, station: Station, cut: int) -> None:
    """The machine lost power between writing the line and syncing it: part of it reached the disk."""
    urls = rack.blanks(2)
    station.run(urls, limit=1)
    line = station.results.read_bytes().splitlines(keepends=True)[0]
    station.results.write_bytes(line[:cut])
    with sqlite3.connect(station.journal_path) as raw:
        raw.execute("UPDATE event SET reported = 0")
    station.run(urls)
    assert_whole(station, urls)
