# SPDX-License-Identifier: Apache-2.0
"""A transcript played as a card: what a vendor without our simulator would write from docs/protocol.md."""

from __future__ import annotations

from typing import Any

from ssn_card.transport import CardConnection


class ScriptedCard(CardConnection):
    """Answers each command that is the next of the transcript, and complains about any other."""

    def __init__(self, transcript: dict[str, Any]) -> None:
        super().__init__(f"transcript:{transcript['name']}")
        self._left = list(transcript["exchanges"])
        self.last = b""  #: the last answer with 9000, without its status word
        self._opened(b"\x3b\x00")

    @property
    def next(self) -> dict[str, Any] | None:
        """The exchange that comes next, or what happens to the card."""
        return self._left[0] if self._left else None

    def nonce(self, size: int) -> bytes:
        """The terminal's random number, as the transcript has it."""
        assert self.next is not None
        nonce = bytes.fromhex(self.next["fields"]["terminal_nonce"])
        assert len(nonce) == size
        return nonce

    def _exchange(self, command: bytes) -> bytes:
        exchange = self._left.pop(0)
        assert command.hex() == exchange["command"], exchange["step"]
        answer = bytes.fromhex(exchange["answer"] + exchange["sw"])
        if exchange["sw"] == "9000":
            self.last = answer[:-2]
        return answer

    def _reset(self) -> bytes:
        assert self._left.pop(0)["event"] == "reset"
        return b"\x3b\x00"

    def _close(self) -> None:
        assert not self._left
