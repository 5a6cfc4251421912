# SPDX-License-Identifier: Apache-2.0
"""Accidents in a whole run with two readers: the token pulled out, the disk full, readers unplugged, lines cut.

Each ends in a clear error, or in fewer readers; then the same command goes on, and every family has one card.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from tests.audit.full_disk import disk_of
from tests.personalization.conftest import HEADER
from tests.personalization.station.scene import Station, assert_one_card_each, held_by
from tests.personalization.station.support import CuttingFeeder, Rack, cut_at
from tests.personalization.station.test_crew import people

from ssn_card.bench.perso import soft_token
from ssn_card.keys import TokenKeyring
from ssn_card.keys.token.errors import TokenGone
from ssn_card.keys.token.sessions import Line, TokenSessions
from ssn_card.personalization.journal.errors import StationJournalError
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import Entry
from ssn_card.personalization.station.feeder import UrlFeeder
from ssn_card.personalization.station.results import ResultsError
from ssn_card.programme import Policy
from ssn_card.transport import CardConnection, ReaderNotFound

pytestmark = pytest.mark.sim
FAMILIES = 4
EXCHANGES = 12  #: of one card
COMMIT = 8

New = Callable[[object], Station]


@pytest.fixture
def new(tmp_path: Path, policy: Policy) -> New:
    """A station of its own for each accident."""

    def station(name: object) -> Station:
        folder = tmp_path / f"{name}"
        folder.mkdir()
        return Station(folder, policy, [HEADER, *people(FAMILIES)])

    return station


def two_readers(urls: list[str]) -> tuple[UrlFeeder, UrlFeeder]:
    return UrlFeeder(urls[::2]), UrlFeeder(urls[1::2])


def in_doubt(station: Station) -> tuple[Entry, ...]:
    with Journal.open(station.journal_path, read_only=True) as journal:
        return journal.in_doubt()


def assert_whole(station: Station, urls: list[str]) -> None:
    """One card for each family, told once, and the log as it should be."""
    assert_one_card_each(station, urls)
    assert len(station.cards()) == FAMILIES
    events = [line["event"] for line in station.lines() if "event" in line]
    assert len(events) == len(set(events))
    assert in_doubt(station) == ()
    with Journal.open(station.journal_path, read_only=True) as journal:
        journal.check_log()
        assert journal.unreported() == ()


class Thief:
    """Pulls the token out at the n-th use of it."""

    def __init__(self, tokens: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._tokens, self._away = tokens, tokens.with_name("away")
        self.left = -1
        run = TokenSessions.run

        def robbed(sessions: TokenSessions, action: Callable[[Line], Any]) -> Any:
            self.left -= 1
            if self.left == 0:
                self._tokens.rename(self._away)
            return run(sessions, action)

        monkeypatch.setattr(TokenSessions, "run", robbed)

    def give_back(self) -> None:
        self.left = -1
        if self._away.exists():
            self._away.rename(self._tokens)


@pytest.fixture
def token(tmp_path: Path) -> Iterator[TokenKeyring]:
    (tmp_path / "token").mkdir()
    with soft_token(tmp_path / "token") as keys:
        yield keys


@pytest.mark.timeout(300)
def test_the_token_is_pulled_out_at_every_use_of_it(
    rack: Rack, new: New, token: TokenKeyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    thief, robberies = Thief(tmp_path / "token" / "tokens", monkeypatch), 0
    for use in range(1, 100):
        station, urls = new(use), rack.blanks(FAMILIES)
        thief.left = use
        try:
            station.run(two_readers(urls), keys=token)
        except TokenGone:
            robberies += 1
        else:
            break
        assert in_doubt(station) == ()  # no card had been sent what commits it
        thief.give_back()
        station.run(two_readers(urls), keys=token)  # with the same login
        assert_whole(station, urls)
    assert robberies > FAMILIES
    thief.give_back()
    assert_whole(station, urls)


@pytest.mark.timeout(300)
def test_the_disk_is_full_under_the_journal(rack: Rack, new: New) -> None:
    told = 0
    for size in range(0, 400_000, 40_000):
        station, urls = new(size), rack.blanks(FAMILIES + 2)
        try:
            with disk_of(size):
                station.run(two_readers(urls))
        except StationJournalError:
            told += 1
        station.run(two_readers(urls))
        assert_whole(station, urls)
    assert 3 <= told < 10  # some were too small, and some were not


@pytest.mark.parametrize("room", [0, 1, 100, 400, 700])
def test_the_disk_is_full_under_the_results(rack: Rack, new: New, room: int) -> None:
    """In the middle of a line too."""
    station, urls = new("results"), rack.blanks(FAMILIES)
    line = json.dumps({"schema": "ssn-card/batch/1", "journal": "another", "file": "x" * 900}) + "\n"
    station.results.write_text(line * 1500)  # longer than the journal will be
    with disk_of(station.results.stat().st_size + room), pytest.raises(ResultsError) as caught:
        station.run(two_readers(urls))
    assert caught.value.where == str(station.results)
    station.run(two_readers(urls))
    assert station.results.read_text().startswith(line * 1500)
    assert_whole(station, urls)


class Unplugged(CuttingFeeder):
    """A reader that is pulled out of its port over its first card."""

    def next(self) -> AbstractContextManager[CardConnection]:
        if self._cut is None:
            raise ReaderNotFound("front", [])
        return super().next()

    def again(self) -> AbstractContextManager[CardConnection]:
        raise ReaderNotFound("front", [])


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_reader_is_unplugged_at_every_exchange_and_the_other_goes_on(rack: Rack, new: New, when: str) -> None:
    for number in range(1, EXCHANGES + 1):
        station, urls = new(number), rack.blanks(FAMILIES + 1)
        report = station.run((Unplugged(urls[:1], cut_at(number, when), back=False), UrlFeeder(urls[1:])))
        doubts = number >= COMMIT
        assert report.cards == FAMILIES - doubts, number
        assert len(in_doubt(station)) == doubts
        station.run(two_readers(urls))
        assert_whole(station, urls)


@pytest.mark.parametrize("when", ["before", "after"])
def test_both_lines_are_cut_at_every_exchange(rack: Rack, new: New, when: str) -> None:
    for number in range(1, EXCHANGES + 1):
        station, urls = new(number), rack.blanks(FAMILIES + 2)
        halves = urls[::2], urls[1::2]
        report = station.run(tuple(CuttingFeeder(half, cut_at(number, when), back=False) for half in halves))
        persons = [content[1] for content in map(held_by, urls) if content is not None]
        assert len(persons) == len(set(persons)), "two cards for one person"
        assert len(in_doubt(station)) == FAMILIES - report.cards == (2 if number >= COMMIT else 0)
        station.run(two_readers(urls))
        assert_whole(station, urls)
