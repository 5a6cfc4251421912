# SPDX-License-Identifier: Apache-2.0
"""A simulator that also has the probe applet, for the tests of simulator and transports."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.simulator.probe import compile_probe, probe_card

from ssn_card.simulator import SimulatedCard, Simulator


@pytest.fixture(scope="session")
def probe_simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with Simulator(classpath=[compile_probe(tmp_path_factory.mktemp("probe"))]) as simulator:
        yield simulator


@pytest.fixture
def probe(probe_simulator: Simulator) -> Iterator[SimulatedCard]:
    card = probe_card(probe_simulator)
    yield card
    if card in probe_simulator.cards():
        probe_simulator.remove(card)
