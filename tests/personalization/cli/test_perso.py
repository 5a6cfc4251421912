# SPDX-License-Identifier: Apache-2.0
"""``ssn perso`` as an operator types it, over the real applet."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Callable
from importlib.metadata import EntryPoint, EntryPoints
from pathlib import Path
from typing import Any

import pytest
from tests.personalization.station.scene import TODAY
from tests.personalization.station.support import PRIVATE, Noting, Rack
from typer.testing import CliRunner, Result

from ssn_card.bank.errors import SecretMissing
from ssn_card.cli.errors import EXIT_FINDINGS, KeysNotChosen
from ssn_card.keys import SoftwareKeyring
from ssn_card.personalization.cli import main as cli
from ssn_card.personalization.cli.live import RunBoard
from ssn_card.personalization.cli.main import app, shown
from ssn_card.personalization.cli.readers import _ask
from ssn_card.personalization.journal.errors import SecretMismatch, StationJournalNotFound
from ssn_card.personalization.station import feeder
from ssn_card.personalization.station.errors import BatchRefused
from ssn_card.personalization.station.feeder import CardFeeder, Fate, OutOfCards, ReaderFeeder, UrlFeeder, open_feeders
from ssn_card.personalization.station.report import Progress, Verdict
from ssn_card.programme import PolicyExpired
from ssn_card.protocol.errors import InputError
from ssn_card.transport import UnknownScheme

pytestmark = pytest.mark.sim


@pytest.fixture
def extract(written: Callable[[str], Path], header: str, good_rows: tuple[str, str]) -> Path:
    return written("\n".join([header, *good_rows]) + "\n")


@pytest.fixture(autouse=True)
def _plain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSN_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.delenv("SSN_KEYRING_PASSWORD", raising=False)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(cli, "now", lambda: TODAY)


def perso(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments], input=stdin)


def perso_json(*arguments: object) -> dict[str, Any]:
    result = perso(*arguments, "--json")
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    *events, last = map(json.loads, result.stdout.splitlines())
    assert {event["schema"] for event in events} <= {"ssn-card/perso-event/1"}
    data: dict[str, Any] = last
    return data


def files() -> tuple[object, ...]:
    return "--policy", 2025, "--journal", "journal.db", "--results", "results.jsonl"


def cards(urls: list[str]) -> list[object]:
    return [part for url in urls for part in ("--cards", url)]


def test_check(extract: Path) -> None:
    data = perso_json("check", extract, "--policy", 2025)
    assert (data["schema"], data["accepted"], data["warnings"]) == ("ssn-card/perso-check/1", 2, [])
    shown = perso("check", extract, "--policy", 2025)
    assert shown.exit_code == 0
    assert not any(word in shown.stdout for word in PRIVATE)


def test_check_says_by_its_exit_code_that_a_file_is_suspicious(written: Callable[[str], Path], header: str) -> None:
    assert perso("check", written(f"{header}\nx\n"), "--policy", 2025).exit_code == EXIT_FINDINGS


def test_run_twice_and_status(rack: Rack, extract: Path) -> None:
    data = perso_json("run", extract, *files(), *cards(rack.blanks(2)), "--development", "--limit", 1)
    assert (data["schema"], data["issued"], data["stopped"]) == ("ssn-card/perso-run/1", 1, "limit")
    shown = perso("run", extract, *files(), *cards(rack.blanks(2)), "--development")
    assert shown.exit_code == 0, shown.exception
    assert "issued in this run" in shown.stdout
    assert not any(word in shown.output for word in PRIVATE)
    status = perso_json("status", "--journal", "journal.db")
    assert status["batches"][0]["numbers"] == {"done": 2}
    assert (status["in_doubt"], status["unreported"]) == ([], 0)
    assert "x.csv" in perso("status", "--journal", "journal.db").stdout


def test_station_number_and_key_versions(rack: Rack, extract: Path) -> None:
    options = ("--development", "--station", 9, "--use-key", "debit=2:3", "--use-key", "issuer=2")
    assert perso_json("run", extract, *files(), *cards(rack.blanks(2)), *options)["complete"]
    first = json.loads(Path("results.jsonl").read_text().splitlines()[0])
    assert first["beneficiary_id"] == "0009000000000001"


@pytest.mark.parametrize("option", ["debit=0", "debit=256", "issuer=1:2", "nik=1", "debit", "debit=3:3"])
def test_impossible_key_versions(extract: Path, option: str) -> None:
    result = perso("run", extract, *files(), "--prepare-only", "--development", "--use-key", option)
    assert isinstance(result.exception, InputError)
    assert not Path("journal.db").exists()


def test_prepare_only_needs_no_cards(extract: Path) -> None:
    assert perso_json("run", extract, *files(), "--prepare-only", "--development")["waiting"] == 2
    result = perso("run", extract, *files(), "--development")
    assert isinstance(result.exception, InputError)


def test_a_real_keyring_with_its_sealed_secret(
    rack: Rack, extract: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "beras lima kilo")
    keyring = tmp_path / "bank.keyring"
    SoftwareKeyring.create(keyring, versions=(1, 2)).close()
    data = perso_json("run", extract, *files(), "--keyring", keyring, "--prepare-only")
    assert data["waiting"] == 2
    secret = tmp_path / "bank.keyring.station"
    assert secret.stat().st_mode & 0o077 == 0
    assert perso_json("run", extract, *files(), "--keyring", keyring, "--prepare-only")["waiting"] == 2
    assert isinstance(perso("run", extract, *files(), "--development", "--prepare-only").exception, SecretMismatch)
    # The rack's cards have the development transport keys: the whole stock is wrong, and the run says so.
    wrong = perso("run", extract, *files(), "--keyring", keyring, *cards(rack.blanks(2)))
    assert wrong.exit_code == 1
    assert "The station's keys do not fit the cards" in wrong.stdout
    assert "--use-key transport" in wrong.stdout
    secret.unlink()
    assert isinstance(perso("run", extract, *files(), "--keyring", keyring, "--prepare-only").exception, SecretMissing)


@pytest.mark.parametrize("options", [(), ("--development", "--keyring", "x")])
def test_keys_must_be_named_once(extract: Path, options: tuple[str, ...]) -> None:
    assert isinstance(perso("run", extract, *files(), "--prepare-only", *options).exception, KeysNotChosen)


def test_lost(rack: Rack, extract: Path) -> None:
    perso_json("run", extract, *files(), *cards(rack.blanks(2)), "--development")
    serial = json.loads(Path("results.jsonl").read_text().splitlines()[0])["serial"]
    data = perso_json("lost", serial, *files()[2:], "--reason", "stolen")
    assert (data["state"], data["beneficiary_id"]) == ("lost", "0000000000000001")
    assert json.loads(Path("results.jsonl").read_text().splitlines()[-1])["state"] == "lost"
    for bad in (serial, "00" * 8, "zz"):
        assert isinstance(perso("lost", bad, *files()[2:], "--reason", "again").exception, InputError)
    again = perso_json("run", extract, *files(), *cards(rack.blanks(1)), "--development")
    (batch,) = perso_json("status", *files()[2:4])["batches"]
    assert (again["issued"], again["lost_cards"], batch["numbers"]["lost"]) == (1, 1, 1)  # one count in both


@pytest.mark.parametrize("command", ["check", "run"])
def test_a_policy_that_is_over_is_refused(extract: Path, monkeypatch: pytest.MonkeyPatch, command: str) -> None:
    monkeypatch.setattr(cli, "now", lambda: dt.datetime(2026, 1, 1))
    options: tuple[object, ...] = ("check", extract, "--policy", 2025)
    if command == "run":
        options = ("run", extract, *files(), "--prepare-only", "--development")
    refused = perso(*options).exception
    assert isinstance(refused, PolicyExpired)
    assert "--allow-expired" in refused.remedy.en
    assert not Path("journal.db").exists()
    assert perso(*options, "--allow-expired").exit_code == 0
    monkeypatch.setattr(cli, "now", lambda: dt.datetime(2025, 12, 31, 23, 59))
    assert perso(*options).exit_code == 0


def test_status_makes_no_journal(tmp_path: Path) -> None:
    assert isinstance(perso("status", "--journal", "journal.db").exception, StationJournalNotFound)
    assert list(tmp_path.iterdir()) == []


def test_a_suspicious_file_is_refused(rack: Rack, written: Callable[[str], Path], header: str) -> None:
    result = perso("run", written(f"{header}\nx\n"), *files(), *cards(rack.blanks(1)), "--development")
    assert isinstance(result.exception, BatchRefused)


def test_feeders_by_url() -> None:
    def never(_: Fate | None) -> bool:
        return False

    assert isinstance(open_feeders(["vpcd:127.0.0.1:1", "vpcd:127.0.0.1:2"], never)[0], UrlFeeder)
    assert isinstance(open_feeders(["pcsc:0"], never)[0], ReaderFeeder)
    for bad in ([], ["pcsc:0", "pcsc:1"]):
        with pytest.raises(InputError):
            open_feeders(bad, never)


def test_a_scheme_may_bring_its_own_feeder(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("stock", "tests.personalization.station.support:noting", feeder.ENTRY_POINTS)
    monkeypatch.setattr(feeder, "entry_points", lambda group: EntryPoints([point]).select(group=group))
    assert isinstance(open_feeders(["stock:"], lambda _: False)[0], Noting)
    with pytest.raises(InputError):
        open_feeders(["stock:", "vpcd:127.0.0.1:1"], lambda _: False)


@pytest.mark.parametrize(("typed", "goes_on"), [("\n", True), ("q\n", False), ("", False)])
def test_the_operator_is_asked_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], typed: str, goes_on: bool
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(typed))
    with RunBoard() as bar:
        assert _ask(bar, Fate.SUSPECT) is goes_on
    shown = capsys.readouterr()
    assert "under lock" in shown.err
    assert "under lock" not in shown.out


def test_a_misspelt_url_stops_the_run(extract: Path) -> None:
    result = perso("run", extract, *files(), "--cards", "vpdc:127.0.0.1:1", "--development")
    assert isinstance(result.exception, UnknownScheme)


def test_a_reader_asks_for_each_card_and_tells_where_the_last_one_goes(rack: Rack) -> None:
    asked: list[Fate | None] = []

    def ask(last: Fate | None) -> bool:
        asked.append(last)
        return len(asked) < 3

    reader: CardFeeder = ReaderFeeder(rack.blank(), ask)
    for fate in (Fate.DONE, Fate.REJECTED):
        with reader.next() as connection:
            assert connection.transmit(bytes.fromhex("00A4040009F053534E4341524401"))[-2:] == b"\x90\x00"
        reader.release(fate)
    with pytest.raises(OutOfCards):
        reader.next()
    assert asked == [None, Fate.DONE, Fate.REJECTED]


@pytest.mark.parametrize(
    ("limit", "verdicts", "end"),
    [
        (None, "AIIWW", (5, 5)),
        (2, "AIIWW", (2, 2)),
        (9, "AII", (2, 2)),  # fewer rows than the limit
        (3, "AAI", (1, 1)),
        (0, "WW", (0, 0)),
    ],
)
def test_the_bar_counts_what_ends_the_run(limit: int | None, verdicts: str, end: tuple[int, int]) -> None:
    kinds = {"A": Verdict.ALREADY, "I": Verdict.ISSUED, "W": Verdict.WAITING}
    with RunBoard() as bar:
        show = shown(bar, limit)
        totals = []
        for position, kind in enumerate(verdicts, start=1):
            show(Progress(position, len(verdicts), position + 1, kinds[kind]))
            totals.append(bar.tasks[0].total or 0)
        assert (bar.tasks[0].completed, bar.tasks[0].total) == end
    if limit is not None:
        assert max(totals) <= limit
