# SPDX-License-Identifier: Apache-2.0
"""A man on the line between terminal and card, who counts, loses and forges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.card.live_card import LiveCard, Talk

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
        self.answers: list[bytes] = []  #: of the card itself
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
        self.answers.append(answer)
        if command[INS] == self._lose_after:
            raise ConnectionLost("line:", "cut after", in_flight=True)
        change = self._forge.get(command[INS])
        return change(answer) if change else answer

    def _reset(self) -> bytes:
        return self._card.reset()

    def _close(self) -> None:
        self._card.close()


class Between(Line):
    """``other`` acts right before each command with ``ins``, the first ``times`` times."""

    def __init__(
        self, card: CardConnection, ins: int, other: Callable[[CardConnection], object], times: int, **hooks: Any
    ) -> None:
        super().__init__(card, **hooks)
        self._ins, self._other, self._times = ins, other, times

    def _exchange(self, command: bytes) -> bytes:
        if command[INS] == self._ins and self._times:
            self._times -= 1
            self._other(self._card)
        return super()._exchange(command)


def rogue(card: LiveCard, connection: CardConnection) -> Talk:
    """Somebody with the DEBIT master at the card itself, between an honest terminal's exchanges."""
    return Talk(replace(card, connect=lambda: connection))


def changed(start: int, change: bytes) -> Callable[[bytes], bytes]:
    """XORs these bytes into an answer."""

    def forge(answer: bytes) -> bytes:
        middle = bytes(old ^ new for old, new in zip(answer[start:], change, strict=False))
        return answer[:start] + middle + answer[start + len(change) :]

    return forge


def once(forge: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """Forges the first answer only."""
    left = [forge]
    return lambda answer: left.pop()(answer) if left else answer
