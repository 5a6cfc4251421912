# SPDX-License-Identifier: Apache-2.0
"""pcscd for machines where nobody started it, such as containers."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import weakref
from types import TracebackType
from typing import Self

from ssn_card.transport import PyscardMissing, TransportError, list_readers, wait_for_card
from ssn_card.transport.pcsc_socket import service_program, service_socket

from .errors import PcscdFailed, PcscdMissing, refusal
from .process import pipe_of
from .tail import Tail

__all__ = ["Pcscd", "pcscd_running", "virtual_reader", "wait_for_card"]

_VIRTUAL = "Virtual PCD"
_POLL_SECONDS = 0.02

#: Runs pcscd and waits for it; a second process ends it when our end of standard input is gone, so that it does not
#: outlive us even when we are killed.
_GUARD = 'exec 3<&0; "$@" </dev/null 2>&1 & pid=$!; (read -r end <&3; kill $pid 2>/dev/null) & wait $pid'


def virtual_reader(slot: int = 0) -> str:
    """Name that pcscd gives to a slot (0 or 1) of the virtual reader."""
    return f"{_VIRTUAL} 00 {slot:02X}"


def pcscd_running() -> bool:
    """Whether a PC/SC daemon answers on its socket, starting it where systemd listens for it."""
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2.0)
        try:
            probe.connect(service_socket())
        except OSError:
            return False
    return True


class Pcscd:
    """Sees to it that pcscd runs with the virtual reader; a context manager. Stops only what it started."""

    def __init__(self) -> None:
        self._stop: weakref.finalize[[subprocess.Popen[bytes], int], Pcscd] | None = None

    @property
    def ours(self) -> bool:
        """Whether this object started the daemon that runs."""
        return self._stop is not None

    def start(self, timeout: float = 10.0) -> Self:
        """Start pcscd unless one runs, and wait until its virtual reader is there.

        Raises:
            PcscdMissing: not installed.
            PcscdFailed: it ended, or was not ready in ``timeout`` seconds.
            VirtualReaderMissing: it runs without vsmartcard-vpcd.
        """
        if self._stop is None and not pcscd_running():
            self._launch(timeout)
        try:
            self._wait_for_reader(timeout)
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End the daemon if we started it. Never raises; twice is fine."""
        stop, self._stop = self._stop, None
        if stop is not None:
            stop()

    def _launch(self, timeout: float) -> None:
        program = service_program()
        if program is None:
            raise PcscdMissing
        process = subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, "pcscd-guard", program, "--foreground"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        tail = Tail(pipe_of(process.stdout))
        self._stop = weakref.finalize(self, _end, process, os.getpid())
        deadline = time.monotonic() + timeout
        while not pcscd_running():
            if process.poll() is not None or time.monotonic() > deadline:
                self.stop()
                raise PcscdFailed(tail.lines(1.0))
            time.sleep(_POLL_SECONDS)
        if process.poll() is not None:
            # Somebody else's pcscd was quicker, and ours gave way to it.
            self.stop()

    def _wait_for_reader(self, timeout: float) -> None:
        deadline = time.monotonic() + timeout
        while True:
            try:
                if any(_VIRTUAL in reader for reader in list_readers()):
                    return
            except PyscardMissing:
                return
            except TransportError:
                if time.monotonic() > deadline:
                    raise
            if time.monotonic() > deadline:
                raise refusal("no-pcscd", "pcscd has no virtual reader")
            time.sleep(_POLL_SECONDS)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()


def _end(process: subprocess.Popen[bytes], owner: int) -> None:
    """End the guard's pcscd and wait for it. A forked copy of us must not end its parent's daemon."""
    if os.getpid() == owner:
        pipe_of(process.stdin).close()
        process.wait()
