# SPDX-License-Identifier: Apache-2.0
"""The simulator's Java process, which never outlives us.

Three things see to that: :meth:`SimulatorProcess.stop`, a finalizer that also runs at interpreter exit, and the end of
the process's standard input, which the kernel brings about even when we are killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import subprocess
import time
import weakref
from collections.abc import Sequence
from typing import IO, Any

from ssn_card.protocol.errors import Text

from .errors import JavaMissing, SimulatorDied
from .tail import Tail

_READY_SECONDS = 30.0  #: far above the usual 0.2 s, for a machine under load
_OBITUARY_SECONDS = 1.0
_END_SECONDS = 5.0  #: it ends by itself within milliseconds; whatever watches it (coverage) may write its results
_LONGEST_READY_LINE = 4096


class SimulatorProcess:
    """A running simulator; ``control_port`` and ``token`` lead to its control socket."""

    def __init__(self, command: Sequence[str]) -> None:
        """Start ``command`` and wait until it is ready. Raises :class:`SimulatorDied`, :class:`JavaMissing`."""
        # A session of its own: Ctrl-C in the terminal is ours to handle, and must not kill cards in mid-command.
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        self._tail = Tail(pipe_of(self._process.stderr))
        self._finalizer = weakref.finalize(self, _end, self._process, os.getpid())
        try:
            ready = self._read_ready()
            self.control_port = int(ready["control_port"])
            self.token = str(ready["token"])
        except (KeyError, TypeError, ValueError):
            # Most likely it is ending by itself: let it finish its last words.
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(_OBITUARY_SECONDS)
            self.stop()
            raise self._death(command[0]) from None
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    def running(self) -> bool:
        """Whether the process lives."""
        return self._process.poll() is None

    def wait(self) -> None:
        """Block until the process ends."""
        self._process.wait()

    def stop(self) -> None:
        """End the process at once; it has nothing to save. Twice is fine."""
        self._finalizer()

    def died(self) -> SimulatorDied:
        """The error to raise when the process no longer answers."""
        return SimulatorDied(self._tail.lines(_OBITUARY_SECONDS))

    def _read_ready(self) -> dict[str, Any]:
        """The first line of standard output. Raises ``ValueError`` when it is no JSON object or does not come."""
        stdout = pipe_of(self._process.stdout)
        line, deadline = b"", time.monotonic() + _READY_SECONDS
        while not line.endswith(b"\n") and len(line) < _LONGEST_READY_LINE:
            readable, _, _ = select.select([stdout], [], [], max(deadline - time.monotonic(), 0.0))
            chunk = os.read(stdout.fileno(), _LONGEST_READY_LINE) if readable else b""
            if not chunk:
                break
            line += chunk
        ready = json.loads(line)
        if not isinstance(ready, dict):
            raise ValueError("not a JSON object")
        return ready

    def _death(self, java: str) -> SimulatorDied | JavaMissing:
        death = self.died()
        if any("UnsupportedClassVersionError" in line for line in death.stderr):
            return JavaMissing(Text(f"{java} is older than Java 17.", f"{java} lebih tua daripada Java 17."))
        return death


def pipe_of(stream: IO[bytes] | None) -> IO[bytes]:
    """A stream of a process that was started with a pipe for it."""
    if stream is None:
        raise ValueError("the process was started without this pipe")
    return stream


def _end(process: subprocess.Popen[bytes], owner: int) -> None:
    """Have it end, and reap. A forked copy of us must not end its parent's simulator."""
    if os.getpid() != owner:
        return
    pipe_of(process.stdin).close()
    try:
        process.wait(_END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    pipe_of(process.stdout).close()
