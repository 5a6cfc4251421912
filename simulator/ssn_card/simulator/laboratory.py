# SPDX-License-Identifier: Apache-2.0
"""A card on the laboratory bench: commands go through the simulator's control connection, past any reader.

It outlives tears: one is a :class:`ssn_card.transport.ConnectionLost`, as at a reader, and :meth:`reset` then powers
the same card up again, without a new TCP connection.
"""

from __future__ import annotations

import contextlib

from ssn_card.transport import CardConnection, ConnectionLost, Tracer

from .errors import SimulatorError
from .simulator import SimulatedCard, Simulator

#: The bench reads no ATR; connections must have one.
_ATR = b"\x3b\x00"


class LaboratoryConnection(CardConnection):
    """A card that no reader holds, powered up. Closing it powers the card down."""

    def __init__(self, simulator: Simulator, card: SimulatedCard, tracer: Tracer | None = None) -> None:
        """Raises :class:`CardBusy`, :class:`NoSuchCard`."""
        super().__init__(f"lab:{card.name or card.id}", tracer)
        self._simulator, self._card = simulator, card
        self._opened(self._reset())

    def resume(self) -> None:
        """Go on after :meth:`Simulator.rewind` has brought back a card with power, without a reset."""
        self._opened(_ATR)

    def _exchange(self, command: bytes) -> bytes:
        answer = self._simulator.transmit(self._card, command)
        if answer is None:
            raise ConnectionLost(self.url, "the card lost its power", in_flight=True)
        return answer

    def _reset(self) -> bytes:
        self._simulator.power(self._card, on=True)
        return _ATR

    def _close(self) -> None:
        with contextlib.suppress(SimulatorError):
            self._simulator.power(self._card, on=False)
