# SPDX-License-Identifier: Apache-2.0
"""What happens on a line: a listener who records commands, and a card pulled away before its answer arrives."""

from __future__ import annotations

from ssn_card.protocol.commands import DEBIT
from ssn_card.transport import CardConnection, CardRemoved


class Listener(CardConnection):
    """Passes everything on to a connection and keeps the commands."""

    def __init__(self, inner: CardConnection) -> None:
        super().__init__(inner.url)
        self._inner = inner
        self.commands: list[bytes] = []
        self._opened(inner.atr)

    def _exchange(self, command: bytes) -> bytes:
        self.commands.append(command)
        return self._inner.transmit(command)

    def _reset(self) -> bytes:
        return self._inner.reset()

    def _close(self) -> None:
        """The inner connection belongs to the caller."""

    def last_debit(self) -> bytes:
        """The last DEBIT that went by."""
        return next(command for command in reversed(self.commands) if command[1] == DEBIT.ins)


class PulledCard(Listener):
    """Lets a DEBIT reach the card, and loses its answer."""

    def _exchange(self, command: bytes) -> bytes:
        answer = super()._exchange(command)
        if command[1] == DEBIT.ins:
            raise CardRemoved(self.url, in_flight=True)
        return answer
