# SPDX-License-Identifier: Apache-2.0
"""A PC/SC service of a test's own, to be frozen, filled, killed and started again."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

from ssn_card.simulator.pcscd import pcscd_running
from ssn_card.transport import TransportError, list_readers
from ssn_card.transport.pcsc_socket import service_program, service_socket

_SECONDS = 75.0  #: Linux keeps the port of a reader that ended with a card in it for a minute


class Service:
    """pcscd with the readers of ``/etc/reader.conf.d``, or of another folder; a context manager."""

    def __init__(self, configuration: Path | None = None) -> None:
        program = service_program()
        assert program is not None
        self._command = [program, "--foreground", *(["--config", str(configuration)] if configuration else [])]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        """Until a reader is there."""
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            self._launch()
            readers_by = time.monotonic() + 3
            while time.monotonic() < readers_by:
                with contextlib.suppress(TransportError):
                    if list_readers():
                        return self
                time.sleep(0.05)
            self.kill()
        raise AssertionError("no pcscd with a reader")

    def launch(self) -> Self:
        """Until it listens; there may be no reader."""
        self._launch()
        return self

    def _launch(self) -> None:
        self._process = subprocess.Popen(self._command, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT)
        while not pcscd_running():
            assert self._process.poll() is None
            time.sleep(0.02)

    def kill(self) -> None:
        """As a crash: its socket file stays behind."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def end(self) -> None:
        """As it should end."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
            self._process = None

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Without answering anybody."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)
        threads = Path(f"/proc/{self._process.pid}/task")
        while not all(") T" in (one / "stat").read_text(encoding="utf-8") for one in threads.iterdir()):
            time.sleep(0.01)  # a busy machine stops them one after the other
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """With as many connections as it takes."""
        with contextlib.ExitStack() as visitors:
            for _ in range(200):
                visitor = visitors.enter_context(socket.socket(socket.AF_UNIX))
                visitor.connect(service_socket())
            while connections() < 200:
                time.sleep(0.02)
            yield

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.end()


def connections() -> int:
    """How many the service holds now."""
    lines = Path("/proc/net/unix").read_text(encoding="ascii").splitlines()
    return sum(line.endswith(f" {service_socket()}") for line in lines) - 1


def named_readers(folder: Path, name: bytes) -> Path:
    """A configuration whose virtual reader has another name."""
    lines = Path("/etc/reader.conf.d/vpcd").read_bytes().splitlines()
    changed = [b'FRIENDLYNAME "' + name + b'"' if line.startswith(b"FRIENDLYNAME") else line for line in lines]
    (folder / "vpcd").write_bytes(b"\n".join(changed) + b"\n")
    return folder
