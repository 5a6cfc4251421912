# SPDX-License-Identifier: Apache-2.0
"""The board of a run, its lines in a log, and its events as JSON."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console
from tests.personalization.cli.test_perso import cards, files, perso
from tests.personalization.station.support import PRIVATE, Rack

from ssn_card.personalization.cli import live
from ssn_card.personalization.cli.live import RunBoard, RunTally, json_events
from ssn_card.personalization.station.feeder import Fate
from ssn_card.personalization.station.interrupts import Interrupts
from ssn_card.personalization.station.watch import RunEvent, What
from ssn_card.transport import ConnectionLost, ReaderNotFound

SERIAL = bytes.fromhex("5353000000000001")
GONE = ConnectionLost("pcsc:front", "the card was taken out", in_flight=True)


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")


def done(serial: bytes = SERIAL) -> RunEvent:
    return RunEvent(What.DONE, "front [1]", serial, 2, Fate.DONE, 4.2)


def test_rate_and_time_left_are_of_the_last_two_minutes() -> None:
    now = 1000.0
    tally = RunTally(lambda: now)
    assert tally.totals(10).startswith("0.0 cards/min, ? left")
    for _ in range(6):
        now += 10
        tally.note(done())
    assert tally.totals(12).startswith("6.0 cards/min, 0:02:00 left")
    now += 90  # two of them are older than the window
    assert tally.totals(None).startswith("2.0 cards/min, ? left")
    now += 200
    assert tally.totals(12).startswith("0.0 cards/min, ? left")


def test_a_doubt_ends_when_its_card_is_found_finished() -> None:
    tally = RunTally()
    tally.expect([bytes(8)])
    tally.note(RunEvent(What.IN_DOUBT, "1", SERIAL, 2, Fate.SUSPECT, error=GONE))
    tally.note(RunEvent(What.REJECTED, "1", fate=Fate.REJECTED, error=GONE))
    assert tally.totals(None).endswith("1 spoiled, 2 in doubt")
    tally.note(done())
    assert tally.totals(None).endswith("1 spoiled, 1 in doubt")


def drawn(board: RunBoard) -> str:
    console = Console(file=io.StringIO(), width=120)
    console.print(*board.get_renderables())
    text = console.file.getvalue()  # type: ignore[attr-defined]
    return str(text)


def test_the_board_has_a_line_for_each_reader_and_the_last_errors() -> None:
    board = RunBoard()
    board.note(RunEvent(What.JOINED, "front [1]"))
    board.note(RunEvent(What.JOINED, "back"))
    text = drawn(board)
    assert text.count("waits for a card") == 2
    assert "front [1]" in text  # no markup
    board.note(RunEvent(What.BEGAN, "front [1]", SERIAL, 2))
    board.tell("back", None)
    text = drawn(board)
    assert "works on 5353000000000001" in text
    assert "put a card in" in text
    for number in range(5):
        event = RunEvent(What.REJECTED, "back", bytes([number] * 8), fate=Fate.REJECTED, error=GONE)
        board.note(event)
    board.note(RunEvent(What.LEFT, "back", error=ReaderNotFound("back", [])))
    text = drawn(board)
    assert "0303030303030303" in text
    assert "0101010101010101" not in text  # the last three only
    assert "does no more" in text


def test_a_log_has_what_went_wrong_at_once_and_how_far_the_run_is_now_and_then(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with RunBoard() as board:
        board.note(done())
        assert capsys.readouterr().err == ""
        board.note(RunEvent(What.IN_DOUBT, "1", SERIAL, 2, Fate.SUSPECT, error=GONE))
        (line,) = capsys.readouterr().err.splitlines()
        assert line.startswith("reader 1: 5353000000000001: keep it under lock")
        assert "the card was taken out" in line
        monkeypatch.setattr(live, "_LOG_SECONDS", 0.0)
        board.note(done())
        assert capsys.readouterr().err.startswith("2 cards made: ")


def test_json_tells_nothing_on_stderr_but_what_a_person_must_do(capsys: pytest.CaptureFixture[str]) -> None:
    with RunBoard(as_json=True) as board:
        tell = json_events(board, Interrupts())
        tell(RunEvent(What.REJECTED, "back", SERIAL, fate=Fate.REJECTED, error=GONE))
        board.tell("back", Fate.REJECTED)
    shown = capsys.readouterr()
    event = json.loads(shown.out)
    assert event.pop("at")
    assert event.pop("error")["code"] == "connection-lost"
    assert event == {
        "schema": "ssn-card/perso-event/1", "event": "rejected", "reader": "back", "serial": SERIAL.hex(),
        "fate": "rejected",
    }  # fmt: skip
    assert shown.err == "back: put it aside\n"


def test_who_reads_no_more_ends_the_run_as_ctrl_c_does(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed(io.StringIO):
        def write(self, text: str, /) -> int:
            raise BrokenPipeError

    monkeypatch.setattr("sys.stdout", Closed())
    interrupts = Interrupts()
    json_events(RunBoard(as_json=True), interrupts)(done())
    assert interrupts.pressed


@pytest.mark.sim
def test_events_come_before_the_totals_and_name_no_person(
    rack: Rack, header: str, good_rows: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    extract = tmp_path / "extract.csv"
    extract.write_text("\n".join([header, *good_rows]) + "\n")
    options = ("--development", "--allow-expired", "--json")
    ran = perso("run", extract, *files(), *cards(rack.blanks(2)), *options)
    *events, totals = map(json.loads, ran.stdout.splitlines())
    assert totals["schema"] == "ssn-card/perso-run/1"
    assert [event["event"] for event in events] == ["joined", "began", "done", "began", "done", "stopped"]
    assert {event["schema"] for event in events} == {"ssn-card/perso-event/1"}
    assert not any(word in ran.stdout for word in PRIVATE)
