# SPDX-License-Identifier: Apache-2.0
"""The simulated station's stock of cards: ``--cards sim:`` takes new blank cards from the running simulator, and
``--cards sim:SERIAL`` that card only.

The simulator's own cards come first: those that the journal has in doubt, then the blank ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, suppress

from ssn_card.personalization.card.errors import NotAnSsnCard, UnsupportedProtocol
from ssn_card.personalization.card.personalize import CardState, inspect
from ssn_card.personalization.station.feeder import Fate, OutOfCards
from ssn_card.transport import CardConnection, CardUrl, open_connection

from .factory import blank_card, card_named
from .simulator import SimulatedCard, Simulator
from .transport import serial_in


class SimulatorFeeder:
    """A feeder over the simulator that ``ssn sim start`` runs; its cards stay there."""

    def __init__(self, simulator: Simulator, only: SimulatedCard | None = None) -> None:
        """``only``: no other card is fed, and no new one is made."""
        self._simulator = simulator
        self._only = only
        self._in_doubt: Collection[bytes] = ()
        self._cards: Iterator[SimulatedCard] | None = None
        self._last: SimulatedCard | None = None

    def expect(self, serials: Collection[bytes], /) -> None:
        """These cards come first, where the simulator has them."""
        self._in_doubt = serials

    def next(self) -> AbstractContextManager[CardConnection]:
        """The next card. Raises :class:`OutOfCards` where only one was asked for."""
        if self._cards is None:
            self._cards = self._stock() if self._only is None else iter((self._only,))
        self._last = next(self._cards, None)
        return self.again()

    def again(self) -> AbstractContextManager[CardConnection]:
        """The same card once more."""
        if self._last is None:
            raise OutOfCards
        return open_connection(self._last.url)

    def release(self, fate: Fate, /) -> None:
        """Nothing: the card stays in the simulator."""

    def close(self) -> None:
        """Let go of the simulator."""
        self._simulator.stop()

    def _stock(self) -> Iterator[SimulatedCard]:
        """Cards in doubt, blank cards, then new ones without end."""
        states = [(card, state) for card in self._simulator.cards() if (state := _state(card)) is not None]
        yield from (card for card, state in states if state.serial in self._in_doubt)
        yield from (card for card, state in states if state.blank and state.serial not in self._in_doubt)
        while True:
            yield blank_card(self._simulator)


def _state(card: SimulatedCard) -> CardState | None:
    """What the card tells; ``None`` for one with another applet, which is none of the station's business."""
    with suppress(NotAnSsnCard, UnsupportedProtocol), open_connection(card.url) as connection:
        return inspect(connection)
    return None


def open_feeder(url: str) -> SimulatorFeeder:
    """Factory of the scheme ``sim``.

    Raises ``NoRunningSimulator`` unless ``ssn sim start`` runs, ``NoSuchCard``, ``BadUrl``.
    """
    parsed = CardUrl.parse(url)
    parsed.check_options(())
    serial = serial_in(parsed, parsed.target) if parsed.target else None
    simulator = Simulator.attach()
    try:
        return SimulatorFeeder(simulator, None if serial is None else card_named(simulator, serial.hex()))
    except BaseException:
        simulator.stop()
        raise
