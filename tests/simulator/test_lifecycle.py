# SPDX-License-Identifier: Apache-2.0
"""The simulator's process: found, started, ended with us, and mourned when it dies."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from tests.simulator.probe import COUNT, OK, SELECT, probe_card

from ssn_card.simulator import (
    JavaMissing,
    SimulatedCard,
    Simulator,
    SimulatorDied,
    SimulatorJarMissing,
    SimulatorStopped,
    blank_card,
)
from ssn_card.transport import ConnectionLost, open_connection

pytestmark = pytest.mark.sim


def alive(pid: int) -> bool:
    """Whether the process runs; a zombie does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def gone_within(pid: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def child(program: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    return subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, text=True)


def test_started_and_stopped() -> None:
    simulator = Simulator()
    with pytest.raises(SimulatorStopped):
        simulator.cards()
    start = time.monotonic()
    with simulator as same:
        assert time.monotonic() - start < 10
        assert same is simulator
        pid = simulator.state().pid
        simulator.start()
        assert simulator.state().pid == pid
        assert alive(pid)
    assert not alive(pid)
    simulator.stop()
    with pytest.raises(SimulatorStopped):
        simulator.cards()


def test_two_simulators_share_nothing() -> None:
    with Simulator() as one, Simulator() as two:
        blank_card(one)
        assert len(one.cards()) == 1
        assert two.cards() == []


@pytest.mark.parametrize("end", ["", "sys.exit(1)", "os.kill(os.getpid(), 15)", "raise RuntimeError", "os._exit(0)"])
def test_it_ends_with_its_parent(end: str) -> None:
    program = (
        "import os, sys\nfrom ssn_card.simulator import Simulator\n"
        f"s = Simulator().start()\nprint(s.state().pid, flush=True)\nsys.stderr.close()\n{end}"
    )
    with child(program) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        parent.wait(10)
    assert gone_within(pid, 5)


def test_it_ends_when_its_parent_is_killed() -> None:
    program = (
        "import time\nfrom ssn_card.simulator import Simulator\n"
        "s = Simulator().start()\nprint(s.state().pid, flush=True)\ntime.sleep(60)"
    )
    with child(program) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        assert alive(pid)
        parent.kill()
    assert gone_within(pid, 5)


def test_a_forked_copy_does_not_end_its_parents_simulator() -> None:
    program = (
        "import os, sys\nfrom ssn_card.simulator import Simulator\n"
        "s = Simulator().start()\n"
        "if os.fork() == 0:\n    s.stop(); sys.exit(0)\n"
        "os.wait()\nprint(len(s.cards()))"
    )
    with child(program) as parent:
        assert parent.communicate()[0] == "0\n"


def test_a_simulator_that_dies_is_reported_with_its_last_words() -> None:
    with Simulator() as simulator:
        card = blank_card(simulator)
        connection = open_connection(card.url)
        os.kill(simulator.state().pid, signal.SIGKILL)
        with pytest.raises(SimulatorDied):
            simulator.cards()
        with pytest.raises(ConnectionLost):
            connection.transmit(SELECT)
        connection.close()


def test_an_interrupted_request_leaves_no_answer_to_the_next() -> None:
    """Ctrl-C while the simulator is at it: what it answers afterwards must not be taken for another answer."""
    with Simulator() as simulator:
        card, pid = blank_card(simulator), simulator.state().pid
        before = signal.signal(signal.SIGUSR1, signal.default_int_handler)
        try:
            os.kill(pid, signal.SIGSTOP)
            main = threading.main_thread().ident or 0
            threading.Timer(0.3, signal.pthread_kill, (main, signal.SIGUSR1)).start()
            with pytest.raises(KeyboardInterrupt):
                simulator.memory(card)
        finally:
            signal.signal(signal.SIGUSR1, before)
            os.kill(pid, signal.SIGCONT)
        with pytest.raises(SimulatorDied):
            simulator.cards()
    assert gone_within(pid, 5)


def test_a_jvm_that_does_not_start_says_why() -> None:
    with pytest.raises(SimulatorDied, match="NoSuchOption") as caught:
        Simulator(java_options=["-XX:+NoSuchOption"]).start()
    assert "NoSuchOption" in " ".join(caught.value.stderr)


def test_something_else_than_the_simulator(tmp_path: Path) -> None:
    fake = tmp_path / "java"
    fake.write_text("#!/bin/sh\necho hello\necho Oops >&2\n")
    fake.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        patch.delenv("JAVA_HOME", raising=False)
        with pytest.raises(SimulatorDied, match="Oops"):
            Simulator().start()
        fake.write_text("#!/bin/sh\necho 'java.lang.UnsupportedClassVersionError' >&2\n")
        with pytest.raises(JavaMissing, match="older than Java 17"):
            Simulator().start()


def test_no_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(JavaMissing) as caught:
        Simulator().start()
    assert "apt install" in caught.value.describe("id")


def test_no_jar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SSN_SIMULATOR_JAR", str(tmp_path / "none.jar"))
    with pytest.raises(SimulatorJarMissing, match="make java"):
        Simulator().start()


def test_many_threads_many_cards(probe_simulator: Simulator) -> None:
    cards: list[SimulatedCard] = []
    problems: list[BaseException] = []

    def work() -> None:
        try:
            card = probe_card(probe_simulator)
            cards.append(card)
            with open_connection(card.url) as connection:
                assert connection.transmit(SELECT) == OK
                for index in range(1, 201):
                    assert connection.transmit(COUNT) == index.to_bytes(2, "big") + OK
        except BaseException as problem:  # reported by the main thread
            problems.append(problem)

    threads = [threading.Thread(target=work) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for card in cards:
        probe_simulator.remove(card)
    assert problems == []
    assert len({card.port for card in cards}) == 16
