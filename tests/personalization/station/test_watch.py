# SPDX-License-Identifier: Apache-2.0
"""Whoever watches a run is told what the journal has, once, in order, and whose word never harms a card."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from threading import Lock

import pytest
from tests.personalization.conftest import HEADER
from tests.personalization.station.scene import Station, assert_one_card_each
from tests.personalization.station.support import CuttingFeeder, Rack, cut_at
from tests.personalization.station.test_crew import Lost, people

from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station.feeder import Fate, UrlFeeder
from ssn_card.personalization.station.report import Stop
from ssn_card.personalization.station.watch import RunEvent, What
from ssn_card.programme import Policy
from ssn_card.transport import ReaderNotFound

pytestmark = pytest.mark.sim
FAMILIES = 4
COMMIT = 8


@pytest.fixture
def station(tmp_path: Path, policy: Policy) -> Station:
    return Station(tmp_path, policy, [HEADER, *people(FAMILIES)])


class Notes:
    """An observer that would notice two threads in it at once."""

    def __init__(self) -> None:
        self.events: list[RunEvent] = []
        self._alone = Lock()

    def __call__(self, event: RunEvent) -> None:
        assert self._alone.acquire(blocking=False)
        self.events.append(event)
        self._alone.release()

    def kinds(self) -> list[What]:
        return [event.what for event in self.events]


def test_each_card_is_told_as_it_begins_and_as_it_is_done(rack: Rack, station: Station) -> None:
    notes, urls = Notes(), rack.blanks(FAMILIES)
    station.run(urls, observer=notes)
    assert notes.kinds() == [What.JOINED, *[What.BEGAN, What.DONE] * FAMILIES, What.STOPPED]
    assert notes.events[-1].stop is None
    told = [(event.serial, event.line) for event in notes.events if event.what is What.DONE]
    assert [(line["serial"], line["line"]) for line in station.cards()] == [
        (serial.hex() if serial else None, line) for serial, line in told
    ]
    assert all(event.seconds and event.fate is Fate.DONE for event in notes.events if event.what is What.DONE)


def test_the_readers_of_a_crew_are_told_apart_and_one_that_is_lost_leaves_with_the_reason(
    rack: Rack, station: Station
) -> None:
    notes, urls = Notes(), rack.blanks(FAMILIES)
    station.run((Lost(urls[:1], 1), UrlFeeder(urls[1:])), observer=notes)
    counts = Counter(notes.kinds())
    assert (counts[What.JOINED], counts[What.DONE], counts[What.STOPPED]) == (2, FAMILIES, 1)
    assert {event.reader for event in notes.events if event.what is What.JOINED} == {"1", "2"}
    (left,) = [event for event in notes.events if event.what is What.LEFT]
    assert left.reader == "1"
    assert isinstance(left.error, ReaderNotFound)


def test_a_card_put_aside_and_a_card_in_doubt_come_with_their_reason(rack: Rack, station: Station) -> None:
    notes, urls = Notes(), rack.blanks(FAMILIES + 1)
    station.run(CuttingFeeder(urls, cut_at(COMMIT, "after"), back=False), observer=notes)
    (doubt,) = [event for event in notes.events if event.what is What.IN_DOUBT]
    assert (doubt.line, doubt.fate) == (2, Fate.SUSPECT)
    assert doubt.as_dict()["error"]["code"] == "connection-lost"

    station.write([HEADER, *people(FAMILIES + 2)])
    used, again = urls[1], Notes()
    good, last = rack.blanks(2)
    station.run([used, urls[0], good, rack.blank(transport_version=3), last], observer=again)
    kinds = again.kinds()
    assert kinds[:3] == [What.JOINED, What.RETURNED, What.DONE]  # the second is the card in doubt
    stranger = again.events[kinds.index(What.REJECTED)]
    assert (stranger.fate, stranger.line) == (Fate.REJECTED, FAMILIES + 3)
    assert again.events[-2].what is What.DONE


def test_the_end_is_told_with_its_reason(rack: Rack, station: Station) -> None:
    notes = Notes()
    station.run(rack.blanks(1), observer=notes)
    assert (notes.events[-1].what, notes.events[-1].stop) == (What.STOPPED, Stop.OUT_OF_CARDS)
    with pytest.raises(ReaderNotFound):
        station.run(Lost([], 0), observer=notes)
    assert isinstance(notes.events[-1].error, ReaderNotFound)


@pytest.mark.parametrize("what", [What.BEGAN, What.DONE])
def test_a_watcher_that_fails_costs_no_card(rack: Rack, station: Station, what: What) -> None:
    urls = rack.blanks(FAMILIES)

    def fail(event: RunEvent) -> None:
        if event.what is what:
            raise OSError("nobody reads this")

    with pytest.raises(OSError, match="nobody reads"):
        station.run(urls, observer=fail)
    with Journal.open(station.journal_path, read_only=True) as journal:
        assert len(journal.in_doubt()) == (what is What.BEGAN)
    assert station.run(urls).complete
    assert_one_card_each(station, urls)
