# SPDX-License-Identifier: Apache-2.0
"""What commands cost: counts of the real applet, and projections that never guess."""

from __future__ import annotations

import json

import pytest

from ssn_card.cli.main import run
from ssn_card.simulator import Simulator
from ssn_card.simulator.cost import CardTimings, load_timings, measured, project
from ssn_card.simulator.cost.project import Measured


@pytest.fixture(scope="module")
def commands() -> dict[str, Measured]:
    with Simulator() as simulator:
        return {one.command: one for one in measured(simulator)}


@pytest.mark.sim
def test_a_debit_is_one_atomic_write(commands: dict[str, Measured]) -> None:
    debit, select = commands["DEBIT"].counters, commands["SELECT"].counters
    assert (select.writes, select.commit_bytes) == (0, 0)
    assert (debit.writes, debit.transactions) == (1, 0)
    assert [(event.size, event.divisible) for event in debit.write_events] == [(76, False)]
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
def test_the_command_lists_each_card_and_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["card", "cost", "--card", "J3R180", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"card", "command", "low_ms", "high_ms", "unknown"} == set(rows[0])
    assert "SELECT + DEBIT" in {row["command"] for row in rows}
