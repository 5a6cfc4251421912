# SPDX-License-Identifier: Apache-2.0
"""The demo's simulated cards, reached over plain sockets or through a real pcscd, one card in the reader at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager

from ssn_card.personalization.station.feeder import CardFeeder, Fate, OutOfCards
from ssn_card.simulator import SimulatedCard, Simulator, blank_card
from ssn_card.transport import CardConnection, open_connection, wait_for_card

SERIAL_PREFIX = bytes.fromhex("53534E2025")


class Cards(ABC):
    """Some simulated cards with consecutive serials, and a station's feeder of them.

    ``patient``: cards may be presented in any order at no cost.
    """

    patient = True

    def __init__(self, simulator: Simulator, count: int) -> None:
        self._simulator = simulator
        serials = [SERIAL_PREFIX + number.to_bytes(3, "big") for number in range(1, count + 1)]
        self._cards = {serial: blank_card(simulator, serial) for serial in serials}

    @property
    def serials(self) -> list[bytes]:
        """Serials in the order of the feeder."""
        return list(self._cards)

    @contextmanager
    def connect(self, serial: bytes) -> Iterator[CardConnection]:
        """Put a card on its reader; take it off at the end."""
        with self._present(self._cards[serial]) as connection:
            yield connection

    @abstractmethod
    def _present(self, card: SimulatedCard) -> AbstractContextManager[CardConnection]:
        """The connection to a card that has been put on its reader."""

    def feeder(self) -> CardFeeder:
        """A feeder of all cards, in order, for the station."""
        return _Feeder(self)


class SocketCards(Cards):
    """Every card on a socket of its own."""

    @contextmanager
    def _present(self, card: SimulatedCard) -> Iterator[CardConnection]:
        with open_connection(card.url) as connection:
            yield connection


class PcscCards(Cards):
    """One virtual reader of pcscd. Changing cards takes about a second, so a card stays in until another comes."""

    patient = False

    def __init__(self, simulator: Simulator, count: int, reader: str) -> None:
        super().__init__(simulator, count)
        self._reader = reader
        self._inside: SimulatedCard | None = None

    @contextmanager
    def _present(self, card: SimulatedCard) -> Iterator[CardConnection]:
        if card != self._inside:
            if self._inside is not None:
                self._simulator.eject(self._inside)
            self._simulator.insert(card)
            self._inside = card
            wait_for_card(self._reader)
        with open_connection(f"pcsc:{self._reader}") as connection:
            yield connection


class _Feeder:
    """The station's view of the cards."""

    def __init__(self, cards: Cards) -> None:
        self._cards = cards
        self._waiting = iter(cards.serials)
        self._last = b""

    def expect(self, serials: Collection[bytes], /) -> None:
        """Nothing: the order is the cards'."""

    def next(self) -> AbstractContextManager[CardConnection]:
        try:
            self._last = next(self._waiting)
        except StopIteration:
            raise OutOfCards from None
        return self.again()

    def again(self) -> AbstractContextManager[CardConnection]:
        return self._cards.connect(self._last)

    def release(self, fate: Fate, /) -> None:
        """Nothing: the card has been taken off its reader."""

    def close(self) -> None:
        """Nothing is held."""
