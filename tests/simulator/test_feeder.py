# SPDX-License-Identifier: Apache-2.0
"""``--cards sim:``: cards in doubt come first, then blanks, then new ones; ``sim:SERIAL`` is that card or an error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.personalization.station.scene import Station, assert_one_card_each
from tests.personalization.station.support import CuttingFeeder, cut_at
from tests.simulator.probe import compile_probe, probe_card
from typer.testing import CliRunner, Result

from ssn_card.personalization.cli.main import app
from ssn_card.personalization.station.feeder import Fate, OutOfCards, open_feeders
from ssn_card.personalization.station.report import Stop, Verdict
from ssn_card.programme import load_policies
from ssn_card.simulator import NoSuchCard, Simulator, blank_card, write_state
from ssn_card.simulator.state import STATE_VARIABLE
from ssn_card.transport import BadUrl

pytestmark = pytest.mark.sim
COMPLETE = 9  #: exchange after which the card is complete, the station's own SELECT included
FAMILIES = 4


@pytest.fixture
def stock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Simulator]:
    """A simulator of this test's own, found as ``ssn sim start`` leaves one."""
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "sim.json"))
    with Simulator() as running:
        write_state(running.state())
        yield running


@pytest.fixture
def station(tmp_path: Path, examples: Path) -> Station:
    lines = examples.joinpath("beneficiaries.csv").read_text().splitlines()
    return Station(tmp_path, load_policies().by_id(2025), lines[: FAMILIES + 1])


@pytest.fixture
def examples() -> Path:
    return Path(__file__).parents[2] / "examples" / "data"


def cards(stock: Simulator) -> list[str]:
    return [card.url for card in stock.cards()]


def never(_: Fate | None) -> bool:
    return False


def test_the_same_command_again_finds_the_card_that_was_complete(stock: Simulator, station: Station) -> None:
    blank_card(stock)
    station.run(CuttingFeeder(cards(stock), cut_at(COMPLETE, "after"), back=False))
    assert len(stock.cards()) == 1
    report = station.run(tuple(open_feeders(["sim:"], never)))
    assert report.verdicts == {Verdict.RECOVERED: 1, Verdict.ISSUED: FAMILIES - 1}
    assert_one_card_each(station, cards(stock))


def test_cards_in_doubt_come_before_blanks_and_blanks_before_new_ones(stock: Simulator, station: Station) -> None:
    blanks = [blank_card(stock) for _ in range(2)]
    doubtful = blank_card(stock)
    station.run(CuttingFeeder([doubtful.url], cut_at(COMPLETE, "after"), back=False))
    (feeder,) = open_feeders(["sim:"], never)
    feeder.expect([bytes.fromhex(doubtful.name)])
    fed = []
    for _ in range(4):
        with feeder.next() as connection:
            fed.append(connection.url)
    feeder.close()
    assert fed == [doubtful.url, *(card.url for card in blanks), cards(stock)[-1]]
    assert len(stock.cards()) == 4


def test_finished_cards_are_not_fed(stock: Simulator, station: Station) -> None:
    station.run(tuple(open_feeders(["sim:"], never)))
    finished = cards(stock)
    assert len(finished) == FAMILIES
    (feeder,) = open_feeders(["sim:"], never)
    with feeder.next() as connection:
        assert connection.url not in finished
    feeder.close()


def test_a_card_with_another_applet_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, station: Station
) -> None:
    monkeypatch.setenv(STATE_VARIABLE, str(tmp_path / "sim.json"))
    with Simulator(classpath=[compile_probe(tmp_path)]) as stock:
        write_state(stock.state())
        stranger = probe_card(stock)
        report = station.run(tuple(open_feeders(["sim:"], never)))
        assert (report.complete, report.failed_cards) == (True, 0)
        assert stock.cards()[0] == stranger


def test_one_card_by_its_serial(stock: Simulator, station: Station) -> None:
    wanted, other = blank_card(stock), blank_card(stock)
    report = station.run(tuple(open_feeders([f"sim:{wanted.name.upper()}"], never)))
    assert (report.verdicts[Verdict.ISSUED], report.stop) == (1, Stop.OUT_OF_CARDS)
    assert [line["serial"] for line in station.cards()] == [wanted.name]
    assert len(stock.cards()) == 2  # no new one was made
    assert other.name not in station.results.read_text()


def test_one_card_in_doubt_by_its_serial(stock: Simulator, station: Station) -> None:
    wanted = blank_card(stock)
    station.run(CuttingFeeder([wanted.url], cut_at(COMPLETE, "after"), back=False))
    report = station.run(tuple(open_feeders([f"sim:{wanted.name}"], never)))
    assert report.verdicts[Verdict.RECOVERED] == 1


@pytest.mark.parametrize("url", ["sim:0102", "sim:card", "sim:?serial=0102030405060708", "sim:?wait=1"])
def test_urls_that_mean_nothing(stock: Simulator, url: str) -> None:
    with pytest.raises(BadUrl):
        open_feeders([url], never)


def test_a_card_that_is_not_there(stock: Simulator) -> None:
    blank_card(stock)
    with pytest.raises(NoSuchCard):
        open_feeders(["sim:0102030405060708"], never)


def test_nothing_is_fed_again_before_the_first(stock: Simulator) -> None:
    (feeder,) = open_feeders(["sim:"], never)
    with pytest.raises(OutOfCards):
        feeder.again()
    feeder.close()


def perso(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)


def test_as_an_operator_types_it(stock: Simulator, station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_LANG", "en")
    blank_card(stock)
    station.run(CuttingFeeder(cards(stock), cut_at(COMPLETE, "after"), back=False))
    files = ("--journal", station.journal_path, "--results", station.results, "--development", "--allow-expired")
    ran = perso("run", station.extract, "--policy", 2025, "--cards", "sim:", *files, "--json")
    assert "Show them to the station first" in ran.stderr
    assert json.loads(ran.stdout.splitlines()[-1])["recovered"] == 1
    assert "Show them" not in perso("run", station.extract, "--policy", 2025, "--cards", "sim:", *files).stderr
