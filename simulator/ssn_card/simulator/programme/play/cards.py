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
    """Cards by their place in the population; a card is made when it is first wanted."""

    def __init__(self, simulator: Simulator, script: YearScript, provider: KeyProvider) -> None:
        self._simulator, self._script, self._provider = simulator, script, provider
        self._made: dict[int, SimulatedCard] = {}

    def serial(self, card: int) -> bytes:
        """8 bytes."""
        serial: bytes = self._script.serials[card].tobytes()
        return serial

    def pin(self, card: int) -> str:
        """What its holder knows, or will choose."""
        return f"{1000 + card % 9000}"

    def presented(self, card: int, fault: Fault = Fault.NONE) -> CounterConnection:
        """A card in a reader; ``fault``: see :class:`.counter.CounterConnection`."""
        if card not in self._made:
            self._made[card] = self._personalized(card)
        return CounterConnection(self._simulator, self._made[card], fault)

    def discard(self, card: int) -> None:
        """It is never presented again."""
        self._simulator.remove(self._made.pop(card))

    def saved(self) -> dict[int, bytes]:
        """All persistent state of each card; its keys are in clear."""
        return {number: self._simulator.save(card) for number, card in self._made.items()}

    def restore(self, saved: Mapping[int, bytes]) -> None:
        """Cards as they were saved."""
        self._made = {number: self._simulator.restore(data) for number, data in saved.items()}

    def _personalized(self, card: int) -> SimulatedCard:
        made = blank_card(self._simulator, self.serial(card), keys=self._provider)
        pin = self.pin(card) if self._script.pins[card] else None
        with LaboratoryConnection(self._simulator, made) as connection:
            personalize(connection, self._provider, card.to_bytes(8, "big"), IDENTITY, pin=pin)
        return made
