# SPDX-License-Identifier: Apache-2.0
"""A simulator found by its state file, and the sim: URLs."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ssn_card.simulator import (
    AlreadyRunning,
    BadState,
    NoRunningSimulator,
    NoSuchCard,
    SimConnection,
    Simulator,
    SimulatorDied,
    SimulatorState,
    StaleState,
    blank_card,
    read_state,
    remove_state,
    state_path,
    write_state,
)
from ssn_card.simulator.serve import serve, start_in_background
from ssn_card.transport import BadUrl, CardInUse, open_connection

pytestmark = pytest.mark.sim
SELECT = bytes.fromhex("00a4040009f053534e434152440100")
SERIAL = bytes.fromhex("1122334455667788")


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "deep" / "sim.json"
    monkeypatch.setenv("SSN_SIM_STATE", str(path))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(entry for entry in sys.path if entry))
    return path


@pytest.fixture
def running(path: Path) -> Iterator[Simulator]:
    with Simulator() as simulator:
        write_state(simulator.state())
        yield simulator


def test_where_the_file_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("SSN_SIM_STATE", raising=False)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("HOME", "/home/budi")
    assert state_path() == Path("/home/budi/.cache/ssn-card/sim.json")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1000")
    assert state_path() == Path("/run/user/1000/ssn-card/sim.json")
    monkeypatch.setenv("SSN_SIM_STATE", str(tmp_path))
    assert state_path() == tmp_path


def test_the_file_is_private_whole_and_without_leftovers(path: Path) -> None:
    state = SimulatorState(4711, 42, "ab" * 16)
    assert write_state(state) == path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]
    assert read_state() == state
    assert "abab" not in repr(state)
    remove_state(SimulatorState(4711, 43, "cd" * 16))
    assert path.exists()
    remove_state(state)
    assert not path.exists()
    remove_state(state)


def test_a_file_that_others_can_read_is_refused(path: Path) -> None:
    write_state(SimulatorState(4711, 42, "ab"))
    path.chmod(0o640)
    with pytest.raises(BadState):
        read_state()


@pytest.mark.parametrize("content", ["", "[]", "null", "{", '{"format": "other"}', '{"format": "ssn-sim-state"}', "é"])
def test_files_that_are_none(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    path.chmod(0o600)
    with pytest.raises(BadState):
        read_state()


def test_none_and_stale(path: Path) -> None:
    with pytest.raises(NoRunningSimulator, match="ssn sim start"):
        Simulator.attach()
    with Simulator() as simulator:
        write_state(simulator.state())
    with pytest.raises(StaleState, match="ssn sim start"):
        Simulator.attach()


def test_a_simulator_that_does_not_know_the_token_is_not_ours(path: Path, running: Simulator) -> None:
    content = json.loads(path.read_text())
    path.write_text(json.dumps({**content, "token": "00" * 16}))
    with pytest.raises(StaleState):
        Simulator.attach()
    assert running.cards() == []


def test_attached(running: Simulator) -> None:
    attached = Simulator.attach()
    card = blank_card(attached, SERIAL)
    assert running.cards() == [card]
    attached.stop()
    assert running.cards() == [card]
    Simulator.attach().shutdown()
    with pytest.raises(SimulatorDied):
        running.cards()


def test_sim_with_a_serial_is_the_card_of_the_running_simulator(running: Simulator) -> None:
    blank_card(running, SERIAL)
    with open_connection(f"sim:{SERIAL.hex().upper()}") as card:
        assert SERIAL in card.transmit(SELECT)
        with pytest.raises(CardInUse):
            open_connection(f"sim:{SERIAL.hex()}?wait=0.1")
    with open_connection(f"sim:{SERIAL.hex()}") as card:
        assert SERIAL in card.transmit(SELECT)
    with pytest.raises(NoSuchCard, match=SERIAL.hex()):
        open_connection("sim:0000000000000000")


def test_sim_alone_is_a_new_card_that_ends_with_its_connection() -> None:
    with open_connection(f"sim:?serial={SERIAL.hex()}") as card:
        assert isinstance(card, SimConnection)
        assert SERIAL in card.transmit(SELECT)
        port = card.card.port
    with open_connection("sim:") as other:
        assert SERIAL not in other.transmit(SELECT)
        assert isinstance(other, SimConnection)
        assert len(other.card.name) == 16
    with pytest.raises(Exception, match=str(port)):
        open_connection(f"vpcd:127.0.0.1:{port}")


@pytest.mark.parametrize("url", ["sim:01", "sim:xx", "sim:?serial=01", f"sim:{SERIAL.hex()}?serial=01", "sim:?x=1"])
def test_bad_sim_urls(path: Path, url: str) -> None:
    with pytest.raises(BadUrl):
        open_connection(url)


def test_serve(path: Path) -> None:
    ready = threading.Event()
    server = threading.Thread(target=serve, kwargs={"on_ready": lambda _path: ready.set()})
    server.start()
    assert ready.wait(30)
    with pytest.raises(AlreadyRunning):
        serve()
    Simulator.attach().shutdown()
    server.join(10)
    assert not server.is_alive()
    assert not path.exists()


def test_in_the_background(path: Path) -> None:
    assert start_in_background() == path
    with pytest.raises(AlreadyRunning):
        start_in_background()
    java = read_state().pid
    os.kill(int(Path(f"/proc/{java}/stat").read_text().rpartition(")")[2].split()[1]), signal.SIGTERM)
    for _ in range(200):
        if not path.exists() and not Path(f"/proc/{java}").exists():
            break
        threading.Event().wait(0.05)
    assert not path.exists()
    assert not Path(f"/proc/{java}").exists()


def test_a_background_start_that_fails_says_why(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_SIMULATOR_JAR", "/none.jar")
    with pytest.raises(SimulatorDied, match=r"/none\.jar"):
        start_in_background()
