# SPDX-License-Identifier: Apache-2.0
"""What commands cost: counts of the real applet, and projections that never guess."""

from __future__ import annotations

import html
import io
import json
import re
import sys
from pathlib import Path
from xml.etree.ElementTree import fromstring

import pytest
from rich.console import Console

from ssn_card.cli.main import run
from ssn_card.pictures import PlotsMissing
from ssn_card.simulator import Simulator
from ssn_card.simulator.cost import CardTimings, Projection, load_timings, measured, project
from ssn_card.simulator.cost.chart import draw
from ssn_card.simulator.cost.counts import all_counts
from ssn_card.simulator.cost.goals import TOGETHER, met
from ssn_card.simulator.cost.project import Measured
from ssn_card.simulator.cost.tables import card_table
from ssn_card.simulator.cost.words import unknown_terms


@pytest.fixture(scope="module")
def commands() -> dict[str, Measured]:
    with Simulator() as simulator:
        return {one.command: one for one in measured(simulator)}


@pytest.mark.sim
def test_a_debit_is_one_atomic_write(commands: dict[str, Measured]) -> None:
    debit, select = commands["DEBIT"].counters, commands["SELECT"].counters
    assert (select.writes, select.commit_bytes) == (0, 0)
    assert (debit.writes, debit.transactions) == (1, 0)
    assert [(event.size, event.divisible) for event in debit.write_events] == [(94, False)]
    assert (debit.cipher_finals, debit.inits) == (3, 0)


@pytest.mark.sim
def test_what_every_card_must_offer_is_enough(commands: dict[str, Measured]) -> None:
    for one in commands.values():
        assert one.counters.apdu_buffer_bytes <= 133, one.command
        assert one.counters.commit_bytes <= 200, one.command
        assert one.counters.ram_reset_bytes + one.counters.ram_deselect_bytes <= 256, one.command
        assert one.counters.allocations == 0, one.command
        assert one.counters.violations == (), one.command


@pytest.mark.sim
def test_what_was_not_measured_is_named_and_left_out(commands: dict[str, Measured]) -> None:
    full = next(card for card in load_timings() if "J3R180" in card.card)
    whole = project(commands["DEBIT"], full)
    assert whole.unknown == ()
    assert 0 < whole.low_ms < whole.high_ms
    without = {name: value for name, value in full.ms.items() if name != "us_per_bytecode"}
    part = project(commands["DEBIT"], CardTimings("part", "", without))
    assert part.unknown == ("bytecodes",)
    assert part.high_ms < whole.high_ms


def test_thirteen_cards_were_measured() -> None:
    assert len(load_timings()) == 13


@pytest.mark.sim
def test_the_counts_are_the_same_at_every_run(commands: dict[str, Measured]) -> None:
    with Simulator() as simulator:
        assert all_counts(measured(simulator)) == all_counts(list(commands.values()))


@pytest.mark.sim
def test_the_command_lists_each_card_and_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["card", "cost", "--only", "J3R180", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"card", "command", "low_ms", "high_ms", "unknown", "goal_ms", "counts"} == set(rows[0])
    assert [row["command"] for row in rows][:3] == ["SELECT + DEBIT", "SELECT", "DEBIT"]
    together, select, debit = rows[:3]
    for name in ("writes", "bytecodes", "api_calls", "written_bytes"):
        assert together["counts"][name] == select["counts"][name] + debit["counts"][name]
    assert together["counts"]["apdu_buffer_bytes"] == debit["counts"]["apdu_buffer_bytes"]
    assert together["low_ms"] == pytest.approx(select["low_ms"] + debit["low_ms"])
    assert together["goal_ms"] == 35
    assert debit["goal_ms"] is None


def projected(high: float, *unknown: str, card: str = "J3R180", command: str = TOGETHER) -> Projection:
    return Projection(card, command, 20, high, unknown)


def test_a_goal_is_met_by_the_upper_bracket_alone() -> None:
    assert met(projected(35)) is True
    assert met(projected(35.1)) is False
    assert met(projected(35, "AES")) is None
    assert met(projected(1, card="another")) is None
    assert met(projected(1, command="DEBIT")) is None


@pytest.mark.sim
def test_the_tables_name_each_card_once_and_tell_the_goal(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "card", "cost"]) == 0
    printed = capsys.readouterr().out
    for card in load_timings():
        assert printed.count(f"\n{card.card}") == 1
    assert printed.count("goal 35: ") == 1
    assert printed.count("goal 80: ") == 1
    assert "not known: AES" in printed


def test_the_longest_bar_fits_and_the_shortest_shows() -> None:
    rows = [Projection("card", "UPDATE", 400, 500, ()), Projection("card", "VERIFY", 0.1, 0.2, ())]
    console = Console(file=io.StringIO(), width=100)
    console.print(card_table(rows))
    update, verify = console.file.getvalue().splitlines()[-2:]  # type: ignore[attr-defined]
    assert update.count("█") + update.count("·") == 22
    assert verify.count("█") == 1
    assert "░" not in update + verify


def test_a_bracket_with_an_unknown_term_is_open() -> None:
    console = Console(file=io.StringIO(), width=100)
    console.print(
        card_table([Projection("card", "UPDATE", 400, 500, ("AES",)), Projection("card", "DEBIT", 1, 600, ())])
    )
    update, debit = console.file.getvalue().splitlines()[-2:]  # type: ignore[attr-defined]
    assert "≥ 400.0" in update
    assert update.count("·") + update.count("█") + update.count("░") == 22
    assert update.count("░") > 1
    assert "≥" not in debit


def comments(drawn: bytes) -> list[str]:
    """The texts of a drawing: matplotlib turns letters into paths and leaves each text as a comment."""
    assert fromstring(drawn).tag.endswith("svg")  # noqa: S314  (our own file)
    return [html.unescape(text) for text in re.findall("<!-- (.*?) -->", drawn.decode())]


@pytest.mark.sim
@pytest.mark.parametrize(("language", "title"), [("en", "Projected time"), ("id", "Perkiraan waktu")])
def test_the_chart_shows_all_cards_and_what_is_not_known(
    commands: dict[str, Measured], tmp_path: Path, language: str, title: str
) -> None:
    chart = tmp_path / "cost.svg"
    assert run(["--lang", language, "card", "cost", "--chart", str(chart), "--json"]) == 0
    texts = comments(chart.read_bytes())
    assert any(text.startswith(title) for text in texts)
    for card in load_timings():
        assert card.card in texts
        for one in (project(counted, card) for counted in commands.values()):
            bracket = f"≥ {one.low_ms:.1f}" if one.unknown else f"{one.low_ms:.1f} – {one.high_ms:.1f}"
            assert any(text.startswith(bracket) and unknown_terms(one, language) in text for text in texts), one
    assert len([text for text in texts if "35 ms" in text or "80 ms" in text]) == 2


def test_a_chart_is_the_same_at_every_run_and_may_be_a_png() -> None:
    cards = [[projected(36), projected(50, "AES", command="DEBIT")]]
    assert draw(cards, "en") == draw(cards, "en")
    assert draw(cards, "en") != draw(cards, "id")
    assert draw(cards, "en", "png").startswith(b"\x89PNG\r\n")


@pytest.mark.parametrize("name", ["chart.pdf", "chart", "missing/chart.svg"])
def test_a_chart_that_cannot_be_written_is_refused_before_the_work(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", "en", "card", "cost", "--chart", str(tmp_path / name)]) != 0
    assert "The picture cannot be written" in capsys.readouterr().err


def test_a_card_that_nobody_measured_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "card", "cost", "--only", "no such card"]) != 0
    assert "No measured card has 'no such card'" in capsys.readouterr().err


def test_without_matplotlib_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(PlotsMissing) as caught:
        draw([[projected(36)]], "en")
    assert "ssn-card[plots]" in caught.value.remedy.en
