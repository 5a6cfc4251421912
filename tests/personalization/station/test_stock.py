# SPDX-License-Identifier: Apache-2.0
"""A station that keeps stock: foreign, returned, used and issued cards are refused, each with its own reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssn_card.personalization.card.personalize import inspect
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.stock import BlankState
from ssn_card.personalization.station.errors import ForeignCard
from ssn_card.personalization.station.feeder import Fate
from ssn_card.personalization.station.report import Stop, Verdict
from ssn_card.programme import Policy
from ssn_card.transport import open_connection

from .scene import Station, held_by
from .support import Noting, Rack

pytestmark = pytest.mark.sim


def serial_of(url: str) -> bytes:
    with open_connection(url) as connection:
        return inspect(connection).serial


@pytest.fixture
def station(tmp_path: Path, policy: Policy, header: str, good_rows: tuple[str, str]) -> Station:
    return Station(tmp_path, policy, [header, *good_rows])


def counted(station: Station) -> dict[str, int]:
    with Journal.open(station.journal_path, read_only=True) as journal:
        (one,) = journal.stock.deliveries()
        return {state.value: count for state, count in one.states.items() if count}


def test_each_card_that_is_not_to_be_used_is_refused_with_its_reason(
    station: Station, tmp_path: Path, rack: Rack, policy: Policy, header: str, good_rows: tuple[str, str]
) -> None:
    first, second, foreign, returned, other = rack.blanks(5)
    (tmp_path / "other").mkdir()
    Station(tmp_path / "other", policy, [header, good_rows[0]]).run([other])
    with Journal.open(station.journal_path) as journal:
        journal.stock.add("A", [serial_of(url) for url in (first, second, returned, other)])
        journal.stock.give_back([serial_of(returned)])
    feeder = Noting([first, foreign, returned, other, first, second])
    report = station.run(feeder)
    assert (report.verdicts[Verdict.ISSUED], report.failed_cards) == (2, 3)
    assert feeder.fates == [Fate.DONE, Fate.REJECTED, Fate.REJECTED, Fate.REJECTED, Fate.KNOWN, Fate.DONE]
    reasons = [(line["serial"], line["reason"].partition(":")[0]) for line in station.cards("failed")]
    assert reasons == [
        (serial_of(foreign).hex(), "foreign-card"),
        (serial_of(returned).hex(), "returned-card-found"),
        (serial_of(other).hex(), "already-personalized"),
    ]
    assert [held_by(url) for url in (foreign, returned)] == [None, None]
    assert counted(station) == {"used": 2, "spoiled": 1, "returned": 1}
    with Journal.open(station.journal_path, read_only=True) as journal:
        journal.check_log()


def test_a_delivery_that_was_not_counted_in_stops_the_run_and_spoils_nothing(station: Station, rack: Rack) -> None:
    old, *cards = rack.blanks(4)
    with Journal.open(station.journal_path) as journal:
        journal.stock.add("A", [serial_of(old)])
    report = station.run([*cards, old], max_bad=3)
    assert report.stop is Stop.BAD_CARDS
    assert isinstance(report.last_error, ForeignCard)
    with Journal.open(station.journal_path) as journal:
        journal.stock.add("B", [serial_of(url) for url in cards])
        assert journal.stock.deliveries()[1].states[BlankState.LEFT] == 3
    assert station.run(cards).complete


def test_a_station_without_deliveries_takes_any_blank_card(station: Station, rack: Rack) -> None:
    assert station.run(rack.blanks(2)).complete
    with Journal.open(station.journal_path, read_only=True) as journal:
        assert not journal.stock.kept
        assert journal.stock.deliveries() == ()
