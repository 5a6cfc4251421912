# SPDX-License-Identifier: Apache-2.0
"""Simulated cards in a real card's time: the simulator waits out what `ssn card cost` projects."""

from __future__ import annotations

import time

import pytest

from ssn_card.keys import development_keyring
from ssn_card.simulator import Simulator
from ssn_card.simulator.campaign.bench import Bench
from ssn_card.simulator.campaign.scenes import SCENES
from ssn_card.simulator.cost.pace import NoSuchPace, java_options, timings_of, weights
from ssn_card.simulator.cost.project import Measured, project
from ssn_card.simulator.cost.timings import load_timings
from ssn_card.simulator.factory import blank_card
from ssn_card.transport import open_connection

PACE = "J3R180"


@pytest.mark.parametrize("name", ["DEBIT: second of the month", "UPDATE: load", "VERIFY: right PIN"])
def test_a_card_takes_the_time_that_its_projection_says(name: str) -> None:
    scene = next(one for one in SCENES if one.name == name)
    with Simulator(java_options=java_options(PACE)) as simulator:
        card = blank_card(simulator)
        with open_connection(card.url) as connection:
            prepared = scene.prepare(Bench(connection, development_keyring()))
            began = time.monotonic()
            answer = connection.transmit(prepared.apdu)
            elapsed = (time.monotonic() - began) * 1000
        counters = simulator.counters(card, events=True)
        paced = simulator.paced_ms(card)
    projected = project(Measured(name, len(prepared.apdu) + len(answer), counters), timings_of(PACE)).high_ms
    assert paced == pytest.approx(projected, abs=0.06)
    assert elapsed >= paced > 1


def test_without_a_pace_a_card_takes_no_time() -> None:
    with Simulator() as simulator:
        card = blank_card(simulator)
        with open_connection(card.url) as connection:
            Bench(connection, development_keyring()).select()
        assert simulator.paced_ms(card) == 0


@pytest.mark.parametrize("name", ["J9", "", "NXP"])
def test_a_pace_names_one_measured_card(name: str) -> None:
    with pytest.raises(NoSuchPace, match="J3R180"):
        timings_of(name)


def test_what_was_never_measured_takes_no_time() -> None:
    for timings in load_timings():
        given = weights(timings)
        assert ("write_atomic_32" in given) == any(name.startswith("write_atomic") for name in timings.ms)
        assert ("bytecode" in given) == ("us_per_bytecode" in timings.ms)
