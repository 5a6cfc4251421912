# SPDX-License-Identifier: Apache-2.0
"""The state file of a running simulator: its control port and token, for programs of the same user.

``$SSN_SIM_STATE``, else ``$XDG_RUNTIME_DIR/ssn-card/sim.json``, else ``~/.cache/ssn-card/sim.json``. Mode 0600, and
refused otherwise: who can read it can have all cards.
"""

from __future__ import annotations

import json
import os
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from .errors import BadState, NoRunningSimulator

STATE_VARIABLE = "SSN_SIM_STATE"
FORMAT, VERSION = "ssn-sim-state", 1
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True)
class SimulatorState:
    """How to reach a running simulator. ``pid`` is of the Java process and for people to read."""

    control_port: int
    pid: int
    token: str = field(repr=False)


def state_path() -> Path:
    """Where the state file is, for this user and environment."""
    named = os.environ.get(STATE_VARIABLE)
    if named:
        return Path(named)
    runtime = os.environ.get("XDG_RUNTIME_DIR")
    base = Path(runtime) if runtime else Path.home() / ".cache"
    return base / "ssn-card" / "sim.json"


def write_state(state: SimulatorState, path: Path | None = None) -> Path:
    """Write the file whole or not at all; returns its path. Raises :class:`BadState`."""
    path = path or state_path()
    content = {
        "format": FORMAT,
        "version": VERSION,
        "control_port": state.control_port,
        "pid": state.pid,
        "token": state.token,
    }
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".sim-")  # mode 0600
        try:
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                json.dump(content, file)
            Path(draft).replace(path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
    except OSError as error:
        what = Text("cannot be written: {why}", "tidak dapat ditulis: {why}").filled(why=system_reason(error))
        raise BadState(path, what) from error
    return path


def read_state(path: Path | None = None) -> SimulatorState:
    """Raises :class:`NoRunningSimulator` when there is no file, :class:`BadState` when it must not be used."""
    path = path or state_path()
    try:
        with path.open(encoding="ascii") as file:
            status = os.fstat(file.fileno())
            if status.st_uid != os.geteuid() or status.st_mode & _OTHERS:
                raise BadState(path, Text("can be read by other users", "dapat dibaca pengguna lain"))
            content = json.load(file)
    except FileNotFoundError:
        raise NoRunningSimulator(path) from None
    except OSError as error:
        what = Text("cannot be read: {why}", "tidak dapat dibaca: {why}").filled(why=system_reason(error))
        raise BadState(path, what) from error
    except ValueError:
        content = None
    try:
        if content["format"] != FORMAT or content["version"] != VERSION:
            raise ValueError("another format")
        return SimulatorState(int(content["control_port"]), int(content["pid"]), str(content["token"]))
    except (KeyError, TypeError, ValueError):
        raise BadState(path, Text("is not one of this version", "bukan dari versi ini")) from None


def remove_state(state: SimulatorState, path: Path | None = None) -> None:
    """Remove the file if it is still this simulator's."""
    path = path or state_path()
    try:
        if read_state(path) == state:
            path.unlink(missing_ok=True)
    except (NoRunningSimulator, BadState):
        return
