# SPDX-License-Identifier: Apache-2.0
"""Cards in a simulator: made, named, power-cycled, removed; the factory's blank card."""

from __future__ import annotations

import pytest
from tests.simulator.probe import COUNT, NOT_SELECTED, OK, PROBE, SELECT, probe_card

from ssn_card.keys import development_keyring
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import INSTALL_DATA
from ssn_card.simulator import (
    AppletClass,
    NameTaken,
    NoSuchCard,
    SimulatedCard,
    Simulator,
    SimulatorRefused,
    VirtualReaderMissing,
    blank_card,
    factory_install_data,
)
from ssn_card.simulator.simulator import VPCD_PORT
from ssn_card.transport import CardNotReachable, ConnectionLost, open_connection

pytestmark = pytest.mark.sim
SERIAL = bytes.fromhex("0102030405060708")


def test_names_are_unique_and_listed(probe_simulator: Simulator) -> None:
    card = probe_card(probe_simulator, "first")
    assert card in probe_simulator.cards()
    with pytest.raises(NameTaken):
        probe_card(probe_simulator, "first")
    probe_simulator.remove(card)
    assert card not in probe_simulator.cards()
    probe_simulator.remove(probe_card(probe_simulator, "first"))


def test_a_removed_card_is_gone_for_everybody(probe_simulator: Simulator) -> None:
    card = probe_card(probe_simulator)
    connection = open_connection(card.url)
    probe_simulator.remove(card)
    with pytest.raises(ConnectionLost):
        connection.transmit(SELECT)
    with pytest.raises(CardNotReachable):
        open_connection(card.url)
    for request in (probe_simulator.remove, probe_simulator.eject, probe_simulator.power_cycle, probe_simulator.insert):
        with pytest.raises(NoSuchCard):
            request(card)


def test_power_cycle_under_an_open_connection(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    with open_connection(probe.url) as connection:
        connection.transmit(SELECT)
        assert connection.transmit(COUNT) == b"\x00\x01" + OK
        probe_simulator.power_cycle(probe)
        assert connection.transmit(COUNT) == NOT_SELECTED
        connection.transmit(SELECT)
        assert connection.transmit(COUNT) == b"\x00\x02" + OK


def test_refusals_do_not_end_the_simulator(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    with pytest.raises(SimulatorRefused, match="6A80"):
        probe_simulator.create_card(b"\xff", applet=PROBE)
    with pytest.raises(SimulatorRefused) as caught:
        probe_simulator.create_card(b"", applet=AppletClass("no.such.Applet", PROBE.aid))
    assert caught.value.reason == "no-such-applet"
    with pytest.raises(SimulatorRefused):
        probe_simulator.create_card(bytes(200), applet=PROBE)
    with pytest.raises(VirtualReaderMissing):
        probe_simulator.insert(probe, port=1)
    probe_simulator.eject(probe)
    assert probe in probe_simulator.cards()


def test_no_card_takes_a_port_of_the_virtual_reader(probe_simulator: Simulator, probe: SimulatedCard) -> None:
    # A listener there would keep pcscd, when it starts, from its own reader.
    assert probe.port not in range(VPCD_PORT, VPCD_PORT + 16)


def test_factory_install_data() -> None:
    data = INSTALL_DATA.decode(factory_install_data(SERIAL))
    with development_keyring() as keyring:
        assert data["serial"] == SERIAL
        assert data["transport_enc"] == keyring.diversify(KeyLabel.TRANSPORT_ENC, 1, SERIAL).value()
        assert data["transport_mac"] == keyring.diversify(KeyLabel.TRANSPORT_MAC, 1, SERIAL).value()
        assert data["transport_dek"] == keyring.diversify(KeyLabel.TRANSPORT_DEK, 1, SERIAL).value()
    with pytest.raises(InputError):
        factory_install_data(SERIAL[:7])


def test_a_blank_card_runs_the_programmes_applet(simulator: Simulator) -> None:
    card = blank_card(simulator)
    serial = bytes.fromhex(card.name)
    assert len(serial) == 8
    with open_connection(card.url) as connection:
        answer = connection.transmit(bytes.fromhex("00a4040009f053534e434152440100"))
    assert answer[-2:] == OK
    assert serial in answer
    simulator.remove(card)
