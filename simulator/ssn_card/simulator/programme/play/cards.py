# SPDX-License-Identifier: Apache-2.0
"""The cards of a script in the simulator, each from its personalization to its last visit."""

from __future__ import annotations

from collections.abc import Mapping

from ssn_card.keys import KeyProvider
from ssn_card.personalization.card.personalize import personalize
from ssn_card.simulator.campaign.bench import IDENTITY
from ssn_card.simulator.factory import blank_card
from ssn_card.simulator.laboratory import LaboratoryConnection
from ssn_card.simulator.simulator import SimulatedCard, Simulator

from ..plan.events import Fault
from .counter import CounterConnection
from .script import YearScript


class SimulatedPopulation:
    """Cards by their place in the population; a card is made when it is first wanted.

    Threads may share it, each with a simulator connection of its own and no card at the same time.
    """

    def __init__(self, script: YearScript, provider: KeyProvider) -> None:
        self._script, self._provider = script, provider
        self._made: dict[int, SimulatedCard] = {}

    def serial(self, card: int) -> bytes:
        """8 bytes."""
        serial: bytes = self._script.serials[card].tobytes()
        return serial

    def pin(self, card: int) -> str:
        """What its holder knows, or will choose."""
        return f"{1000 + card % 9000}"

    def presented(self, simulator: Simulator, card: int, fault: Fault = Fault.NONE) -> CounterConnection:
        """A card in a reader; ``fault``: see :class:`.counter.CounterConnection`."""
        if card not in self._made:
            self._made[card] = self._personalized(simulator, card)
        return CounterConnection(simulator, self._made[card], fault)

    def discard(self, simulator: Simulator, card: int) -> None:
        """It is never presented again."""
        simulator.remove(self._made.pop(card))

    def saved(self, simulator: Simulator) -> dict[int, bytes]:
        """All persistent state of each card; its keys are in clear."""
        return {number: simulator.save(card) for number, card in self._made.items()}

    def restore(self, simulator: Simulator, saved: Mapping[int, bytes]) -> None:
        """Cards as they were saved."""
        self._made = {number: simulator.restore(data) for number, data in saved.items()}

    def _personalized(self, simulator: Simulator, card: int) -> SimulatedCard:
        made = blank_card(simulator, self.serial(card), keys=self._provider)
        pin = self.pin(card) if self._script.pins[card] else None
        with LaboratoryConnection(simulator, made) as connection:
            personalize(connection, self._provider, card.to_bytes(8, "big"), IDENTITY, pin=pin)
        return made
