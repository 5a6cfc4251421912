# SPDX-License-Identifier: Apache-2.0
"""How many commands a second a transport carries, with the real applet at its other end."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from ssn_card.protocol.layouts import SELECT_ANSWER
from ssn_card.protocol.selection import SELECT_APPLET
from ssn_card.transport import CardConnection, TransportError

_EXPECTED = SELECT_ANSWER.size + 2


@dataclass(frozen=True)
class Rate:
    """Result of one path. ``errors`` counts wrong answers and broken connections; ``seconds`` is wall time."""

    apdus: int
    errors: int
    seconds: float

    def as_dict(self) -> dict[str, float]:
        """For ``--json``."""
        return {
            "apdus": self.apdus,
            "errors": self.errors,
            "apdu_per_s": round(self.apdus / self.seconds, 1) if self.seconds else 0.0,
        }


def measure(connection: CardConnection, apdus: int, progress: Callable[[int], None]) -> Rate:
    """Send SELECT ``apdus`` times: a 15-byte command, a 28-byte answer with a fresh random challenge each time.

    Every answer is checked: status word, length, and that its challenge differs from the one before.
    """
    errors = 0
    before = b""
    start = time.perf_counter()
    for number in range(apdus):
        try:
            answer = connection.transmit(SELECT_APPLET)
        except TransportError:
            return Rate(apdus, errors + apdus - number, time.perf_counter() - start)
        if len(answer) != _EXPECTED or answer[-2:] != b"\x90\x00" or answer == before:
            errors += 1
        before = answer
        if number % 500 == 0:
            progress(number)
    return Rate(apdus, errors, time.perf_counter() - start)
