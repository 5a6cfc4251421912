# SPDX-License-Identifier: Apache-2.0
"""A simulator that other programs of the same user find by its state file: ``python -m ssn_card.simulator.serve``."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from .cost.pace import java_options
from .errors import AlreadyRunning, NoRunningSimulator, SimulatorDied, StaleState
from .process import pipe_of
from .simulator import Simulator
from .state import remove_state, state_path, write_state

_START_SECONDS = 30.0
_POLL_SECONDS = 0.05


def serve(path: Path | None = None, on_ready: Callable[[Path], None] | None = None, *, pace: str = "") -> None:
    """Run a simulator until it is shut down or we are interrupted; the state file lives as long.

    ``pace``: the measured card in whose time its cards answer; empty: none. Raises :class:`AlreadyRunning`, and what
    :meth:`Simulator.start` and :func:`write_state` raise.
    """
    path = path or state_path()
    require_none(path)
    with Simulator(java_options=java_options(pace)) as simulator:
        state = simulator.state()
        write_state(state, path)
        try:
            if on_ready is not None:
                on_ready(path)
            simulator.wait()
        finally:
            remove_state(state, path)


def start_in_background(path: Path | None = None, *, pace: str = "") -> Path:
    """Start a process of :func:`serve` that outlives us; returns the state file once it can be used.

    Raises :class:`AlreadyRunning`, :class:`SimulatorDied` with what the process said.
    """
    path = path or state_path()
    require_none(path)
    process = subprocess.Popen(
        [sys.executable, "-m", "ssn_card.simulator.serve", str(path), pace],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    deadline = time.monotonic() + _START_SECONDS
    while True:
        with contextlib.suppress(NoRunningSimulator, StaleState):
            Simulator.attach(path).stop()
            return path
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            said = pipe_of(process.stderr).read().decode(errors="replace")
            raise SimulatorDied(said.splitlines()[-5:])
        time.sleep(_POLL_SECONDS)


def require_none(path: Path) -> None:
    """Raises :class:`AlreadyRunning` when the state file leads to a running simulator."""
    with contextlib.suppress(NoRunningSimulator, StaleState):
        Simulator.attach(path).stop()
        raise AlreadyRunning(path)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def main(arguments: list[str]) -> int:
    """``[STATE_FILE [PACE]]``."""
    signal.signal(signal.SIGTERM, _leave)
    signal.signal(signal.SIGINT, _leave)
    signal.signal(signal.SIGHUP, _leave)
    serve(Path(arguments[0]) if arguments else None, pace="".join(arguments[1:2]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
