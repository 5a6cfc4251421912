# SPDX-License-Identifier: Apache-2.0
"""The control socket of a simulator process: JSON lines, a token in the first request."""

from __future__ import annotations

import contextlib
import json
import threading
from typing import Any

from ssn_card.transport.sockets import connect_tcp

from .errors import SimulatorDied, refusal

_HOST = "127.0.0.1"
_SECONDS = 30.0  #: for one request; the slowest waits 5 s for pcscd


class ControlClient:
    """One control connection; requests of several threads are taken one after the other."""

    def __init__(self, port: int, token: str) -> None:
        """Connect and show the token. Raises ``OSError``, :class:`SimulatorDied`, :class:`SimulatorRefused`."""
        self._lock = threading.Lock()
        self._socket = connect_tcp(_HOST, port, _SECONDS)
        try:
            self._answers = self._socket.makefile("rb")
            self.request("list", token=token)
        except BaseException:
            self._socket.close()
            raise

    def request(self, operation: str, **fields: object) -> dict[str, Any]:
        """The answer to one request.

        Raises:
            SimulatorRefused: or its subclass for the reason.
            SimulatorDied: no answer; this client is of no more use, nor is one that was interrupted (Ctrl-C).
        """
        line = json.dumps({"op": operation, **fields}).encode() + b"\n"
        with self._lock:
            try:
                self._socket.sendall(line)
                answer = json.loads(self._answers.readline())
            except BaseException as error:
                # Also Ctrl-C: the answer may still come, and the next request must not take it for its own.
                self._answers.close()
                self._socket.close()
                if isinstance(error, (OSError, ValueError)):
                    raise SimulatorDied from error
                raise
        if not isinstance(answer, dict):
            raise SimulatorDied
        if "error" in answer:
            raise refusal(str(answer.get("code")), str(answer["error"]))
        return answer

    def shutdown(self) -> None:
        """End the simulator process; returns when it is gone. Raises :class:`SimulatorDied` if it already was."""
        self.request("shutdown")
        with self._lock, contextlib.suppress(OSError):
            # The process never closes the connection by itself: its end is the process's.
            self._answers.read()
        self.close()

    def close(self) -> None:
        """Close the connection; the simulator lives on."""
        self._socket.close()
