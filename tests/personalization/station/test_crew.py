# SPDX-License-Identifier: Apache-2.0
"""Several readers at once: each row one card, whichever reader ends first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from tests.personalization.conftest import HEADER
from tests.personalization.station.scene import Station, assert_one_card_each
from tests.personalization.station.support import CuttingFeeder, Rack, cut_at

from ssn_card.personalization.intake.rows import read_rows
from ssn_card.personalization.station.feeder import UrlFeeder
from ssn_card.personalization.station.lines import LineQueue
from ssn_card.personalization.station.report import Stop, Verdict
from ssn_card.programme import Policy
from ssn_card.transport import CardConnection, ReaderNotFound

FAMILIES = 9
COMMIT = 8  #: the last STORE DATA, the station's own SELECT included


class Together(UrlFeeder):
    """Readers that begin when all of them have a card: a run that asks them in turn would hang."""

    def __init__(self, urls: list[str], start: threading.Barrier) -> None:
        super().__init__(urls)
        self._start: threading.Barrier | None = start

    def next(self) -> AbstractContextManager[CardConnection]:
        if self._start is not None:
            start, self._start = self._start, None
            start.wait(20)
        return super().next()


class Lost(UrlFeeder):
    """A reader that is unplugged after so many cards."""

    def __init__(self, urls: list[str], cards: int) -> None:
        super().__init__(urls)
        self._left = cards

    def next(self) -> AbstractContextManager[CardConnection]:
        if not self._left:
            raise ReaderNotFound("front", [])
        self._left -= 1
        return super().next()


def people(count: int) -> Iterator[str]:
    with (Path(__file__).parents[3] / "examples/data/beneficiaries.csv").open(encoding="utf-8") as file:
        next(file)
        for _ in range(count):
            yield next(file).rstrip("\n")


@pytest.fixture
def station(tmp_path: Path, policy: Policy) -> Station:
    return Station(tmp_path, policy, [HEADER, *people(FAMILIES)])


def test_four_readers_make_each_row_one_card(rack: Rack, station: Station) -> None:
    urls, start = rack.blanks(FAMILIES + 4), threading.Barrier(4)
    report = station.run(tuple(Together(urls[number::4], start) for number in range(4)))
    assert report.verdicts == {Verdict.ISSUED: FAMILIES}
    assert (report.stop, report.failed_cards) == (None, 0)
    assert_one_card_each(station, urls)
    assert len({line["event"] for line in station.cards()}) == FAMILIES


def test_a_reader_without_cards_leaves_its_row_to_the_others(rack: Rack, station: Station) -> None:
    urls = rack.blanks(FAMILIES)
    report = station.run((UrlFeeder(()), UrlFeeder(urls[:2]), UrlFeeder(urls[2:])))
    assert (report.verdicts, report.stop) == ({Verdict.ISSUED: FAMILIES}, None)
    assert_one_card_each(station, urls)


def test_when_all_readers_are_empty_the_run_stops_and_goes_on_later(rack: Rack, station: Station) -> None:
    urls = rack.blanks(FAMILIES)
    report = station.run((UrlFeeder(urls[:2]), UrlFeeder(urls[2:4])))
    assert report.stop is Stop.OUT_OF_CARDS
    assert report.verdicts == {Verdict.ISSUED: 4, Verdict.WAITING: FAMILIES - 4}
    report = station.run((UrlFeeder(urls[4:6]), UrlFeeder(urls[6:])))
    assert report.verdicts == {Verdict.ALREADY: 4, Verdict.ISSUED: FAMILIES - 4}
    assert_one_card_each(station, urls)


def test_a_lost_reader_leaves_the_others_at_work(rack: Rack, station: Station) -> None:
    urls = rack.blanks(FAMILIES)
    report = station.run((Lost(urls[:2], 2), UrlFeeder(urls[2:])))
    assert report.verdicts == {Verdict.ISSUED: FAMILIES}
    assert_one_card_each(station, urls)


def test_the_last_reader_s_loss_is_told(rack: Rack, station: Station) -> None:
    urls = rack.blanks(3)
    with pytest.raises(ReaderNotFound):
        station.run((Lost(urls[:1], 1), Lost(urls[1:], 2)))
    assert len(station.cards()) == 3


def test_no_more_cards_than_the_limit(rack: Rack, station: Station) -> None:
    urls = rack.blanks(8)
    report = station.run((UrlFeeder(urls[:4]), UrlFeeder(urls[4:])), limit=3)
    assert (report.verdicts, report.stop) == ({Verdict.ISSUED: 3, Verdict.WAITING: FAMILIES - 3}, Stop.LIMIT)


def test_a_reader_waits_while_another_may_give_its_line_back(station: Station, policy: Policy) -> None:
    first, second = list(read_rows(station.extract, policy))[:2]
    lines = LineQueue([first, second])
    assert (lines.take(), lines.take()) == (first, second)
    lines.done()
    lines.give_back(second)
    assert lines.take() is second
    lines.done()
    assert lines.take() is None


def test_who_waits_for_a_line_gets_one_that_is_given_back(station: Station, policy: Policy) -> None:
    (first, *_) = read_rows(station.extract, policy)
    lines = LineQueue([first])
    assert lines.take() is first
    taken: list[object] = []
    waiting = threading.Thread(target=lambda: taken.append(lines.take()))
    waiting.start()
    lines.give_back(first)
    waiting.join(10)
    assert taken == [first]


def test_a_stranger_s_card_in_one_reader_does_not_stop_the_others(rack: Rack, station: Station) -> None:
    urls = rack.blanks(FAMILIES)
    stranger = rack.blank(transport_version=3)
    report = station.run((UrlFeeder([stranger, *urls[:2]]), UrlFeeder(urls[2:])))
    assert (report.verdicts, report.stop) == ({Verdict.ISSUED: FAMILIES}, None)
    assert_one_card_each(station, urls)


def test_strangers_in_every_reader_are_the_station_s_own_fault(rack: Rack, station: Station) -> None:
    strangers = [rack.blank(transport_version=3) for _ in range(4)]
    report = station.run((UrlFeeder(strangers[:2]), UrlFeeder(strangers[2:])))
    assert (report.stop, report.failed_cards) == (Stop.KEYS, 0)
    assert report.verdicts == {Verdict.WAITING: FAMILIES}


@pytest.mark.parametrize("slow", [0, 1])
def test_a_card_in_doubt_is_looked_for_in_every_reader(rack: Rack, station: Station, slow: int) -> None:
    first, *others = rack.blanks(FAMILIES + 2)
    station.run(CuttingFeeder([first, *others], cut_at(COMMIT, "after"), back=False))
    readers = [UrlFeeder([first]), UrlFeeder(others[-1:])]  # the one has a blank in hand, the other the card itself
    assert station.run((readers[slow], readers[1 - slow])).verdicts == {
        Verdict.ALREADY: FAMILIES - 1,
        Verdict.RECOVERED: 1,
    }


def test_a_card_that_is_in_no_reader_stays_in_doubt(rack: Rack, station: Station) -> None:
    first, *others = rack.blanks(FAMILIES + 4)
    station.run(CuttingFeeder([first, *others], cut_at(COMMIT, "after"), back=False))
    report = station.run((UrlFeeder(others[-1:]), UrlFeeder(others[-2:-1])))
    assert (report.in_doubt, report.stop) == ([2], None)
    assert report.verdicts == {Verdict.ALREADY: FAMILIES - 1, Verdict.IN_DOUBT: 1}
