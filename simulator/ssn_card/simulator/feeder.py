# SPDX-License-Identifier: Apache-2.0
"""The simulated station's stock of cards: ``--cards sim:`` takes new blank cards from the running simulator.

Blank cards that the simulator already has come first, so that a card which a run left in doubt is seen again.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

from ssn_card.personalization.card import inspect
from ssn_card.personalization.feeder import Fate
from ssn_card.transport import CardConnection, open_connection

from .factory import blank_card
from .simulator import SimulatedCard, Simulator


class SimulatorFeeder:
    """A feeder over the simulator that ``ssn sim start`` runs; its cards stay there."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._stock = [card for card in simulator.cards() if _unfinished(card)]
        self._last: SimulatedCard | None = None

    def next(self) -> AbstractContextManager[CardConnection]:
        """The next unfinished card, or a new one."""
        self._last = self._stock.pop(0) if self._stock else blank_card(self._simulator)
        return self.again()

    def again(self) -> AbstractContextManager[CardConnection]:
        """The same card once more."""
        card = self._last or blank_card(self._simulator)
        return open_connection(card.url)

    def release(self, fate: Fate, /) -> None:
        """Nothing: the card stays in the simulator."""

    def close(self) -> None:
        """Let go of the simulator."""
        self._simulator.stop()


def _unfinished(card: SimulatedCard) -> bool:
    with open_connection(card.url) as connection:
        return inspect(connection).blank


def open_feeder(_url: str) -> SimulatorFeeder:
    """Factory of the scheme ``sim``. Raises ``NoRunningSimulator`` unless ``ssn sim start`` runs."""
    return SimulatorFeeder(Simulator.attach())
