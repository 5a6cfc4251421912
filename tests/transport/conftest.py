# SPDX-License-Identifier: Apache-2.0
"""One probe card, over its own port or in a PC/SC reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.simulator.conftest import probe, probe_simulator
from tests.simulator.probe import SELECT
from tests.transport.service import Service

from ssn_card.simulator import SimulatedCard, Simulator
from ssn_card.simulator.pcscd import Pcscd, virtual_reader
from ssn_card.transport import CardConnection, Tracer, open_connection, wait_for_card

__all__ = ["probe", "probe_simulator"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what stands here, for `make mutants-python`."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker("transport")


@dataclass(frozen=True)
class Place:
    """Where the probe is, and how to take it from there while it works."""

    kind: str
    url: str
    take_away: Callable[[], None]

    def open(self, tracer: Tracer | None = None) -> CardConnection:
        """A connection with the probe selected."""
        connection = open_connection(self.url, tracer)
        connection.transmit(SELECT)
        return connection


@pytest.fixture
def inserted(
    request: pytest.FixtureRequest, probe_simulator: Simulator, probe: SimulatedCard
) -> Iterator[SimulatedCard]:
    """The probe in the first slot of the virtual reader."""
    request.getfixturevalue("pcscd")
    probe_simulator.insert(probe)
    wait_for_card(virtual_reader())
    yield probe
    if probe in probe_simulator.cards():
        probe_simulator.eject(probe)


@pytest.fixture(params=["vpcd", pytest.param("pcsc", marks=pytest.mark.pcsc)])
def place(request: pytest.FixtureRequest, probe_simulator: Simulator, probe: SimulatedCard) -> Place:
    if request.param == "vpcd":
        return Place("vpcd", probe.url, lambda: probe_simulator.remove(probe))
    request.getfixturevalue("inserted")
    return Place("pcsc", f"pcsc:{virtual_reader()}", lambda: probe_simulator.eject(probe))


@pytest.fixture
def own_service(pcscd: Pcscd) -> Iterator[Callable[[Path | None], Service]]:
    """Makes a PC/SC service to be maltreated, in place of the one of the other tests."""
    if not pcscd.ours:
        pytest.skip("somebody else's pcscd runs here")
    pcscd.stop()
    made: list[Service] = []

    def make(configuration: Path | None = None) -> Service:
        made.append(Service(configuration))
        return made[-1]

    yield make
    for service in made:
        service.end()
    pcscd.start()
