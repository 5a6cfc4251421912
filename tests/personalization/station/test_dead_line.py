# SPDX-License-Identifier: Apache-2.0
"""The line dies for good at every exchange: no family gets two cards, no blank is burnt, nothing stays in doubt."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.personalization.station.scene import Station, assert_one_card_each, held_by
from tests.personalization.station.support import CuttingFeeder, Noting, Rack, cut_at
from typer.testing import CliRunner, Result

from ssn_card.cli import entitlement
from ssn_card.entitlement import CardBarred, read_barred
from ssn_card.personalization.cli.main import app
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import Entry
from ssn_card.personalization.station.feeder import Fate
from ssn_card.personalization.station.report import Verdict
from ssn_card.programme import Policy

pytestmark = pytest.mark.sim
COMMIT = 8  #: the last STORE DATA, the station's own SELECT included
EXCHANGES = 12  #: of one card


@pytest.fixture
def station(tmp_path: Path, policy: Policy, header: str, good_rows: tuple[str, str]) -> Station:
    return Station(tmp_path, policy, [header, *good_rows])


def broken_off(station: Station, urls: list[str], number: int, when: str) -> CuttingFeeder:
    feeder = CuttingFeeder(urls, cut_at(number, when), back=False)
    station.run(feeder)
    return feeder


def in_doubt(station: Station) -> list[Entry]:
    with Journal.open(station.journal_path, read_only=True) as journal:
        return list(journal.in_doubt())


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(1, EXCHANGES + 1))
def test_a_card_that_is_seen_again(rack: Rack, station: Station, number: int, when: str) -> None:
    """Certainly blank: the number and the card are free. Perhaps complete: nobody gets another card for that row."""
    urls = rack.blanks(3)
    feeder = broken_off(station, urls, number, when)
    persons = [content[1] for content in map(held_by, urls) if content is not None]
    assert len(persons) == len(set(persons)), "two cards for one person"
    doubt = number >= COMMIT
    # The third card is asked for because it could be the one in doubt; it is not, and goes back unused.
    assert feeder.fates == ([Fate.SUSPECT, Fate.DONE, Fate.UNUSED] if doubt else [Fate.REJECTED, Fate.DONE, Fate.DONE])
    assert len(in_doubt(station)) == doubt
    assert station.lines()[-1]["in_doubt_lines"] == ([2] if doubt else [])
    assert station.cards("lost") == []
    assert [line["line"] for line in station.cards("in_doubt")] == ([2] if doubt else [])

    report = station.run(urls)  # the same command again
    assert (report.complete, report.stop, in_doubt(station)) == (True, None, [])
    assert report.verdicts[Verdict.RECOVERED] == (number > COMMIT or (number == COMMIT and when == "after"))
    assert_one_card_each(station, urls)
    assert sorted(line["beneficiary_id"] for line in station.cards()) == ["0000000000000001", "0000000000000002"]


@pytest.mark.parametrize("number", range(2, COMMIT))
def test_a_card_that_is_still_blank_is_as_good_as_new(rack: Rack, station: Station, number: int) -> None:
    first, second, third = rack.blanks(3)
    broken_off(station, [first, second], number, "after")
    feeder = Noting([first, third])
    assert station.run(feeder).complete
    assert feeder.fates == [Fate.DONE]
    assert held_by(third) is None


def perso(*arguments: object) -> Result:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], catch_exceptions=False)
    assert result.exit_code == 0
    return result


Activate = Callable[[Station, bytes, Path], Result]


@pytest.fixture
def activate(monkeypatch: pytest.MonkeyPatch) -> Activate:
    """Load and activate, as the bank does it while the policy is in force."""
    monkeypatch.setattr(entitlement, "now", lambda: dt.datetime(2025, 11, 3, 8, 0))

    def issue(station: Station, serial: bytes, barred: Path) -> Result:
        register, out = (station.extract.with_name(f"{name}-{serial.hex()}") for name in ("register", "updates"))
        files = ("--register", register, *(() if register.exists() else ("--new-register",)), "--out", out)
        arguments = ("issue", "--policy", 2025, "--tranche", 1, "--development", "--barred", barred, *files)
        return CliRunner().invoke(entitlement.app, [*map(str, arguments), serial.hex()])

    return issue


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", range(COMMIT, EXCHANGES + 1))
def test_a_card_that_is_declared_lost_can_never_be_activated(
    rack: Rack, station: Station, examples: Path, activate: Activate, number: int, when: str
) -> None:
    first, *others = rack.blanks(4)
    broken_off(station, [first, *others[:1]], number, when)
    complete = held_by(first) is not None
    (doubtful,) = in_doubt(station)
    assert doubtful.serial is not None
    barred = station.extract.with_name("barred.jsonl")
    perso("barred", "--journal", station.journal_path, "--out", barred)
    assert [(card.serial, card.state) for card in read_barred(barred)] == [(doubtful.serial.hex(), "in_doubt")]
    assert isinstance(activate(station, doubtful.serial, barred).exception, CardBarred)

    files = ("--journal", station.journal_path, "--results", station.results)
    perso("lost", doubtful.serial.hex(), *files, "--reason", "never found")
    assert station.run(others).verdicts == {Verdict.ISSUED: 1, Verdict.ALREADY: 1}
    assert_one_card_each(station, others)

    station.write(examples.joinpath("beneficiaries.csv").read_text().splitlines()[:4])
    feeder = Noting([first, others[-1]])
    assert station.run(feeder).verdicts == {Verdict.ALREADY: 2, Verdict.ISSUED: 1}
    assert feeder.fates == [Fate.SUSPECT, Fate.DONE]
    reason = station.cards("failed")[-1]["reason"].partition(":")[0]
    assert reason == ("lost-card-found" if complete else "serial-taken")
    assert station.lines()[-1]["lost_cards"] == 0  # of this extract; the earlier one's
    perso("barred", "--journal", station.journal_path, "--out", barred)
    (card,) = read_barred(barred)
    assert (card.serial, card.state, card.turned_up is not None) == (doubtful.serial.hex(), "lost", complete)
    assert isinstance(activate(station, doubtful.serial, barred).exception, CardBarred)
    assert activate(station, bytes(8), barred).exit_code == 0
