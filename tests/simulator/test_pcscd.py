# SPDX-License-Identifier: Apache-2.0
"""pcscd beside the simulator: started where missing, never stopped when it is somebody else's."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from tests.simulator.probe import ATR, probe_card

from ssn_card.simulator import PcscdFailed, PcscdMissing, SimulatedCard, Simulator
from ssn_card.simulator.pcscd import Pcscd, pcscd_running, virtual_reader
from ssn_card.transport import NoCard, open_connection, wait_for_card


@pytest.mark.pcsc
def test_a_running_daemon_is_left_alone(pcscd: Pcscd) -> None:
    assert pcscd_running()
    with Pcscd() as second:
        assert not second.ours
    assert pcscd_running()


@pytest.mark.pcsc
def test_another_card_in_the_same_slot_right_after(probe_simulator: Simulator, pcscd: Pcscd) -> None:
    # pcscd looks every 400 ms; a change of cards in between must not go unnoticed.
    first, second = (probe_card(probe_simulator) for _ in range(2))
    reader = virtual_reader()
    for card in (first, second, first):
        probe_simulator.insert(card)
        assert wait_for_card(reader) == reader
        with open_connection(f"pcsc:{reader}") as connection:
            assert connection.atr == ATR
        probe_simulator.eject(card)
    probe_simulator.remove(first)
    probe_simulator.remove(second)


@pytest.mark.pcsc
def test_a_removed_card_leaves_its_reader(probe_simulator: Simulator, pcscd: Pcscd) -> None:
    card = probe_card(probe_simulator)
    probe_simulator.insert(card)
    wait_for_card(virtual_reader())
    probe_simulator.remove(card)
    for _ in range(100):
        try:
            open_connection(f"pcsc:{virtual_reader()}").close()
        except NoCard:
            return
    raise AssertionError("the card is still there")


@pytest.mark.pcsc
def test_opensc_sees_the_card(probe_simulator: Simulator, probe: SimulatedCard, pcscd: Pcscd) -> None:
    probe_simulator.insert(probe)
    wait_for_card(virtual_reader())
    command = ["opensc-tool", "--reader", virtual_reader(), "--atr"]
    try:
        shown = subprocess.run(command, capture_output=True, text=True, check=True)
    except FileNotFoundError:
        pytest.skip("opensc is not installed")
    finally:
        probe_simulator.eject(probe)
    assert shown.stdout.strip().replace(":", "") == ATR.hex()


@pytest.fixture
def nobody_runs(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine without any pcscd; the folder is its whole PATH."""
    monkeypatch.setenv("PCSCLITE_CSOCK_NAME", str(tmp_path / "none"))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def test_not_installed(nobody_runs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda *_args, **_options: None)
    with pytest.raises(PcscdMissing) as caught:
        Pcscd().start()
    assert "vsmartcard-vpcd" in caught.value.describe("en")


def test_a_daemon_that_ends_at_once_says_why(nobody_runs: Path) -> None:
    fake = nobody_runs / "pcscd"
    fake.write_text("#!/bin/sh\necho cannot listen\nexit 1\n")
    fake.chmod(0o755)
    with pytest.raises(PcscdFailed, match="cannot listen"):
        Pcscd().start()


def test_a_daemon_that_is_never_ready_is_ended(nobody_runs: Path) -> None:
    fake = nobody_runs / "pcscd"
    fake.write_text(f"#!/bin/sh\necho $$ >{nobody_runs / 'pid'}\nexec /bin/sleep 60\n")
    fake.chmod(0o755)
    with pytest.raises(PcscdFailed):
        Pcscd().start(timeout=0.5)
    assert not Path(f"/proc/{(nobody_runs / 'pid').read_text().strip()}").exists()
