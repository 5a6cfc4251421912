# SPDX-License-Identifier: Apache-2.0
"""A corrected row goes onto the card that its person has, and nothing else of the card changes."""

from __future__ import annotations

import json
import shlex
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import pytest
from tests.personalization.station.scene import KEYS, TODAY, Station, held_by
from tests.personalization.station.support import PRIVATE, CuttableConnection, CuttingFeeder, Rack, cut_at
from typer.testing import CliRunner, Result

from ssn_card.bank.secret import development_secret
from ssn_card.personalization.card.errors import VerificationFailed
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.card.personalize import inspect, personalize, read_content
from ssn_card.personalization.cli import main as cli
from ssn_card.personalization.intake.identity import identity_block
from ssn_card.personalization.intake.rows import read_rows
from ssn_card.personalization.journal.errors import StationJournalError
from ssn_card.personalization.journal.journal import FamilyHasCard, Journal
from ssn_card.personalization.station.correction import CardNotCorrected, correct
from ssn_card.personalization.station.errors import BatchRefused
from ssn_card.programme import Policy
from ssn_card.terminal import Reader, SoftwareTerminalKeys
from ssn_card.transport import ConnectionLost, open_connection

pytestmark = pytest.mark.sim


@pytest.fixture
def station(
    tmp_path: Path, policy: Policy, header: str, good_rows: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> Station:
    monkeypatch.setenv("SSN_LANG", "en")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(cli, "now", lambda: TODAY)
    return Station(tmp_path, policy, [header, *good_rows])


@pytest.fixture
def urls(rack: Rack, station: Station) -> list[str]:
    """The two cards of the two rows."""
    urls = rack.blanks(2)
    station.run(urls)
    return urls


def rename(station: Station, old: str, new: str) -> None:
    station.extract.write_text(station.extract.read_text().replace(old, new))


def blocks(station: Station) -> list[bytes]:
    return [identity_block(person) for person in station.people()]


def perso(*arguments: object) -> Result:
    return CliRunner().invoke(cli.app, [str(argument) for argument in arguments])


def correcting(station: Station, url: str, *more: object) -> Result:
    files = ("--policy", 2025, "--journal", station.journal_path, "--development")
    return perso("correct", station.extract, *files, "--card", url, "--json", *more)


def correct_at(station: Station, connection: Any) -> None:
    with Journal.open(station.journal_path, development_secret()) as journal:
        correct(connection, read_rows(station.extract, station.policy), KEYS, journal)


def test_the_report_names_card_and_command_and_the_command_corrects(
    rack: Rack, station: Station, urls: list[str]
) -> None:
    rename(station, "Rahmah Pratama", "Rahmah Pratiwi")
    rename(station, "6472012802109001", "6472012802109009")  # a new family card, too
    files = ("--policy", 2025, "--journal", station.journal_path, "--results", station.results, "--cards", rack.blank())
    shown = perso("run", station.extract, *files, "--development").stdout
    told = json.loads(perso("run", station.extract, *files, "--development", "--json").stdout.splitlines()[-1])
    (line,) = told["changed_lines"]
    assert line == {"line": 2, "serial": station.cards()[0]["serial"]}
    assert line["serial"].upper() in shown
    command = next(one for one in shown.splitlines() if "ssn perso correct" in one)
    assert command.endswith(told["correct_with"])
    program, group, *arguments, _ = shlex.split(told["correct_with"])
    assert (program, group) == ("ssn", "perso")
    ran = perso(*arguments, urls[0], "--json")
    assert json.loads(ran.stdout)["result"] == "corrected"
    assert [content[1] for url in urls if (content := held_by(url))] == blocks(station)
    assert station.run([]).changed == {}
    assert not any(word in shown + ran.output + station.results.read_text() for word in (*PRIVATE, "Pratiwi"))


def test_money_and_number_stay(station: Station, urls: list[str]) -> None:
    def state() -> object:
        with open_connection(urls[0]) as card:
            return Reader(SoftwareTerminalKeys(KEYS)).status(card)

    before, number = state(), held_by(urls[0])
    rename(station, "Rahmah", "Rahma")
    assert json.loads(correcting(station, urls[0]).stdout)["result"] == "corrected"
    assert json.loads(correcting(station, urls[0]).stdout)["result"] == "already_correct"
    after = held_by(urls[0])
    assert state() == before
    assert number is not None
    assert after == (number[0], blocks(station)[0])


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_line_cut_anywhere_leaves_old_or_new_and_the_next_try_ends_it(
    rack: Rack, station: Station, when: str
) -> None:
    (url,) = urls = rack.blanks(1)
    station.run(urls)
    old = blocks(station)[0]
    name, cut = "Rahmah Pratama", 0
    while True:
        cut += 1
        other = f"Rahmah {ascii_uppercase[cut]}ani"
        rename(station, name, other)
        name = other
        new = blocks(station)[0]
        try:
            with CuttableConnection(url, cut_at(cut, when)) as connection:
                correct_at(station, connection)
            break
        except ConnectionLost:
            held = held_by(url)
            assert held is not None
            assert held[1] in (old, new)
            assert station.run([]).changed  # the journal does not take it for done
        with open_connection(url) as connection:
            correct_at(station, connection)
        held = held_by(url)
        assert held is not None
        assert held[1] == new
        assert station.run([]).changed == {}
        old = new
    assert cut > 8


def refusal(station: Station, url: str) -> CardNotCorrected:
    """What is said of a card that is not corrected; it holds what it held."""
    before = held_by(url)
    refused = correcting(station, url).exception
    assert isinstance(refused, CardNotCorrected)
    assert held_by(url) == before
    with open_connection(url) as connection:
        assert refused.where == inspect(connection).serial.hex().upper()
    return refused


def test_cards_that_cannot_be_corrected(rack: Rack, station: Station, urls: list[str]) -> None:
    stranger = refusal(station, rack.blank())
    assert stranger.text.en == f"The journal has no card {stranger.where}."
    assert stranger.text.id == f"Jurnal tidak memuat kartu {stranger.where}."
    assert "journal of the station that made it" in stranger.remedy.en
    assert "jurnal stasiun" in stranger.remedy.id
    rename(station, "6472017105639001", "6472017105639002")  # another NIK is another person
    unknown = refusal(station, urls[0])
    assert "no accepted row" in unknown.text.en
    assert "ssn perso check" in unknown.remedy.en
    assert "ssn perso check" in unknown.remedy.id
    rename(station, "6472017105639002", "6472017105639001")
    serial = station.cards()[0]["serial"]
    perso("lost", serial, "--journal", station.journal_path, "--results", station.results, "--reason", "gone")
    lost = refusal(station, urls[0])
    assert lost.text.en == f"Card {serial.upper()} was declared lost."
    assert lost.text.id == f"Kartu {serial.upper()} sudah dinyatakan hilang."
    assert "new card" in lost.remedy.en
    assert "kartu baru" in lost.remedy.id


def test_a_card_in_doubt_is_shown_to_the_station_first(rack: Rack, station: Station) -> None:
    (url,) = rack.blanks(1)
    station.run(CuttingFeeder([url], cut_at(8, "after"), back=False), limit=1)  # complete, and the station cannot know
    rename(station, "Rahmah", "Rahma")
    doubtful = refusal(station, url)
    assert doubtful.text.en == f"Card {doubtful.where} is in doubt."
    assert doubtful.text.id == f"Kartu {doubtful.where} belum pasti."
    assert "ssn perso run" in doubtful.remedy.en
    assert "ssn perso run" in doubtful.remedy.id


def test_another_familys_number_is_refused_before_the_card_is_touched(station: Station, urls: list[str]) -> None:
    rows = station.extract.read_text().splitlines()
    rename(station, "6472012802109001", "6472010108149002")
    station.write(station.extract.read_text().splitlines()[:2])
    before = held_by(urls[0])
    assert isinstance(correcting(station, urls[0]).exception, FamilyHasCard)
    assert held_by(urls[0]) == before
    station.write(rows)
    assert station.run([]).changed == {}


def test_a_suspicious_file_and_a_busy_journal(station: Station, urls: list[str]) -> None:
    with Journal.open(station.journal_path, development_secret()):
        assert isinstance(correcting(station, urls[0]).exception, StationJournalError)
    station.write([*station.extract.read_text().splitlines()[:1], "x"])
    assert isinstance(correcting(station, urls[0]).exception, BatchRefused)


def test_a_correction_with_another_version_of_the_issuers_keys(rack: Rack, station: Station) -> None:
    (url,) = rack.blanks(1)
    station.run([url], limit=1, versions=KeyVersions(issuer=2))
    rename(station, "Rahmah", "Rahma")
    assert correcting(station, url).exit_code == 1
    corrected = json.loads(correcting(station, url, "--use-key", "issuer=2").stdout)
    assert (corrected["result"], corrected["line"]) == ("corrected", 2)
    assert corrected["beneficiary_id"] == "0000000000000001"
    with open_connection(url) as connection:
        serial = inspect(connection).serial
        content = read_content(connection, KEYS, serial, KeyVersions(issuer=2))
    assert content.identity == blocks(station)[0]


def test_a_card_with_the_serial_of_another_is_not_corrected(rack: Rack, station: Station) -> None:
    """The journal's row is of another card then: its data must not go onto this one."""
    serial = bytes(7) + b"\x21"
    station.run([rack.blank(serial)], limit=1)
    twin = rack.blank(serial)
    with open_connection(twin) as connection:
        personalize(connection, KEYS, bytes(7) + b"\x63", blocks(station)[0])
    before = held_by(twin)
    rename(station, "Rahmah", "Rahma")
    refused = correcting(station, twin).exception
    assert isinstance(refused, VerificationFailed)
    assert refused.where == serial.hex().upper()
    assert "beneficiary differs" in refused.text.en
    assert "penerima berbeda" in refused.text.id
    assert held_by(twin) == before
