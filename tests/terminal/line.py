# SPDX-License-Identifier: Apache-2.0
"""A man on the line between terminal and card, who counts, loses and forges."""

from __future__ import annotations

from collections.abc import Callable

from ssn_card.transport import CardConnection, ConnectionLost

INS = 1


class Line(CardConnection):
    """Passes on what a terminal sends; each hook may change that for one instruction byte.

    Args:
        card: the connection behind.
        lose_before: instruction whose command never reaches the card.
        lose_after: instruction whose answer never comes back.
        forge: instruction -> what to answer, given the card's answer.
    """

    def __init__(
        self,
        card: CardConnection,
        *,
        lose_before: int | None = None,
        lose_after: int | None = None,
        forge: dict[int, Callable[[bytes], bytes]] | None = None,
    ) -> None:
        super().__init__("line:")
        self._card = card
        self._lose_before, self._lose_after, self._forge = lose_before, lose_after, forge or {}
        self.sent: list[bytes] = []
        self._opened(card.atr)

    @property
    def count(self) -> int:
        """Commands sent so far."""
        return len(self.sent)

    def _exchange(self, command: bytes) -> bytes:
        self.sent.append(command)
        if command[INS] == self._lose_before:
            raise ConnectionLost("line:", "cut before", in_flight=True)
        answer = self._card.transmit(command)
        if command[INS] == self._lose_after:
            raise ConnectionLost("line:", "cut after", in_flight=True)
        change = self._forge.get(command[INS])
        return change(answer) if change else answer

    def _reset(self) -> bytes:
        return self._card.reset()

    def _close(self) -> None:
        self._card.close()
