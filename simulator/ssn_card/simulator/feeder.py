# SPDX-License-Identifier: Apache-2.0
"""The simulated station's stock of cards: ``--cards sim:`` takes new blank cards from the running simulator,
``--cards sim:?readers=4`` does so in four readers at once, and ``--cards sim:SERIAL`` takes that card only.

The simulator's own cards come first: those that the journal has in doubt, then the blank ones.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from threading import Lock

from ssn_card.personalization.card.errors import NotAnSsnCard, UnsupportedProtocol
from ssn_card.personalization.card.personalize import CardState, inspect
from ssn_card.personalization.station.feeder import Fate, OutOfCards
from ssn_card.protocol.errors import Text
from ssn_card.transport import BadUrl, CardConnection, CardUrl, open_connection

from .factory import blank_card, card_named
from .simulator import SimulatedCard, Simulator
from .transport import serial_in

MOST_READERS = 64


class SimulatedStock:
    """The cards of the simulator that ``ssn sim start`` runs, each given out once; for any number of readers."""

    def __init__(self, simulator: Simulator, only: SimulatedCard | None = None) -> None:
        """``only``: no other card is given out, and no new one is made."""
        self.simulator = simulator
        self._only = only
        self._in_doubt: Collection[bytes] = ()
        self._cards: Iterator[SimulatedCard] | None = None
        self._lock = Lock()

    def expect(self, serials: Collection[bytes]) -> None:
        """These cards come first, where the simulator has them."""
        self._in_doubt = serials

    def next(self) -> SimulatedCard | None:
        """The next card; ``None`` where only one was asked for."""
        with self._lock:
            if self._cards is None:
                self._cards = self._all() if self._only is None else iter((self._only,))
            return next(self._cards, None)

    def _all(self) -> Iterator[SimulatedCard]:
        """Cards in doubt, blank cards, then new ones without end."""
        states = [(card, state) for card in self.simulator.cards() if (state := _state(card)) is not None]
        yield from (card for card, state in states if state.serial in self._in_doubt)
        yield from (card for card, state in states if state.blank and state.serial not in self._in_doubt)
        while True:
            yield blank_card(self.simulator)


class SimulatorFeeder:
    """One reader over the simulator's stock; its cards stay there."""

    def __init__(self, stock: SimulatedStock) -> None:
        self._stock = stock
        self._last: SimulatedCard | None = None

    def expect(self, serials: Collection[bytes], /) -> None:
        """These cards come first, where the simulator has them."""
        self._stock.expect(serials)

    def next(self) -> AbstractContextManager[CardConnection]:
        """The next card. Raises :class:`OutOfCards` where only one was asked for."""
        self._last = self._stock.next()
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
        self._stock.simulator.stop()


def _state(card: SimulatedCard) -> CardState | None:
    """What the card tells; ``None`` for one with another applet, which is none of the station's business."""
    with suppress(NotAnSsnCard, UnsupportedProtocol), open_connection(card.url) as connection:
        return inspect(connection)
    return None


def open_feeders(url: str) -> Sequence[SimulatorFeeder]:
    """Factory of the scheme ``sim``: one reader, or as many as the option ``readers`` says.

    Raises ``NoRunningSimulator`` unless ``ssn sim start`` runs, ``NoSuchCard``, ``BadUrl``.
    """
    parsed = CardUrl.parse(url)
    parsed.check_options(() if parsed.target else {"readers"})
    readers = _readers(parsed)
    serial = serial_in(parsed, parsed.target) if parsed.target else None
    simulator = Simulator.attach()
    try:
        stock = SimulatedStock(simulator, None if serial is None else card_named(simulator, serial.hex()))
        return tuple(SimulatorFeeder(stock) for _ in range(readers))
    except BaseException:
        simulator.stop()
        raise


def _readers(url: CardUrl) -> int:
    """Raises ``BadUrl``."""
    text = url.options.get("readers", "1")
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_READERS):
        raise BadUrl(url.text, Text(f"readers is 1 to {MOST_READERS}", f"readers antara 1 dan {MOST_READERS}"))
    return int(text)
