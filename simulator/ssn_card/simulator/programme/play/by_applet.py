# SPDX-License-Identifier: Apache-2.0
"""A script played by the real applet in the simulator: real personalization, real terminals, each with its journal.

Receipts hold nothing that is random, and cards and terminals are served in one order, so that they are the same
whenever, and in however many goes, they are made.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from ssn_card.entitlement import SignedUpdate, issue
from ssn_card.keys import KeyProvider
from ssn_card.protocol.status import CardStatusError
from ssn_card.receipts import Receipt
from ssn_card.simulator.simulator import Simulator
from ssn_card.terminal import DebitInDoubt, NothingToCancel, PinChoiceClosed, SoftwareCompanionKeys, Terminal

from ..plan.events import Fault, Step
from .by_deck import REASON
from .cards import SimulatedPopulation
from .checkpoint import Checkpoint
from .counter import CounterConnection
from .played import Played
from .script import YearScript
from .terminals import OpenTerminals

EVERY = 8_192  #: events between two checkpoints


def play(
    script: YearScript,
    provider: KeyProvider,
    checkpoint: Path,
    journals: Path,
    progress: Callable[[int], None] = lambda _: None,
    *,
    every: int = EVERY,
) -> Played:
    """Play it, or what is left of it where there is a checkpoint of the same script.

    Args:
        checkpoint: a file, private; the cards' keys lie there in clear.
        journals: an empty folder for the terminals' journals, which outlive nothing but this run.
        progress: told of events that were played, those before the checkpoint too.
        every: events between two checkpoints.

    Raises:
        SimulatorError, KeyMissing, JournalError; ``OSError`` where a file cannot be written.
    """
    events = script.events
    order = np.lexsort((events["turn"], events["card"], script.true_at))
    kept = Checkpoint(checkpoint, journals)
    with Simulator() as simulator, OpenTerminals(journals, provider) as shops:
        run = _Run(script, provider, SimulatedPopulation(simulator, script, provider), shops, Played.blank(len(events)))
        begun = kept.resume(run.cards, run.played)
        progress(begun)
        for position, place in enumerate(order[begun:].tolist(), start=begun + 1):
            run.event(place)
            progress(1)
            if position % every == 0:
                shops.close()
                kept.write(position, run.cards, run.played)
    return run.played


class _Run:
    """Plays single events."""

    def __init__(
        self,
        script: YearScript,
        provider: KeyProvider,
        cards: SimulatedPopulation,
        shops: OpenTerminals,
        played: Played,
    ) -> None:
        self._script, self._provider, self.cards, self._shops, self.played = script, provider, cards, shops, played
        self._companion = SoftwareCompanionKeys(provider)
        events = script.events
        last = np.append(events["card"][1:] != events["card"][:-1], True)[: len(events)]
        self._last = {int(place) for place in np.flatnonzero(last)}

    def event(self, place: int) -> None:
        """The event at that place."""
        event = self._script.events[place]
        card, step, fault = int(event["card"]), Step(event["step"]), Fault(event["fault"])
        terminal = self._shops.at(int(event["terminal"]), int(event["at"]))
        with self.cards.presented(card, fault) as connection:
            if step is Step.READ:
                self._read(place, terminal, connection)
            elif step is Step.CHOOSE_PIN:
                with suppress(PinChoiceClosed, CardStatusError):
                    terminal.choose_pin(connection, self.cards.pin(card))
                    self.played.done[place] = True
            else:
                self._keep(place, self._made(step, event, terminal, connection))
        if place in self._last:
            self.cards.discard(card)

    def _made(self, step: Step, event: np.void, terminal: Terminal, connection: CounterConnection) -> Receipt | None:
        """The receipt of what is asked for, ``None`` where the card refuses."""
        try:
            if step is Step.UPDATE:
                return terminal.deliver(connection, self._update(event)).receipt
            if step is Step.CANCEL:
                return terminal.cancel(connection, confirm_clock=True)
            if step is Step.OVERRIDE:
                companion = self._script.companions[event["companion"]]
                amount = int(event["amount"])
                return terminal.override(connection, amount, companion, self._companion, REASON, confirm_clock=True)
            return self._sold(event, terminal, connection)
        except (CardStatusError, NothingToCancel):
            return None
        except DebitInDoubt:
            connection.reset()  # the holder presents the card again
            return next(iter(terminal.recover(connection).happened), None)

    def _sold(self, event: np.void, terminal: Terminal, connection: CounterConnection) -> Receipt:
        card = int(event["card"])
        pin = self.cards.pin(card) if event["given"] and self._has_pin(card) else None
        basket = self._script.baskets[event["basket"]]
        return terminal.debit(connection, basket, pin=pin, confirm_clock=True).receipt

    def _has_pin(self, card: int) -> bool:
        """Made with one, or chosen since."""
        events, done = self._script.events, self.played.done
        first, last = np.searchsorted(events["card"], (card, card + 1))
        chosen = done[first:last] & (events["step"][first:last] == Step.CHOOSE_PIN)
        return bool(self._script.pins[card] or chosen.any())

    def _update(self, event: np.void) -> SignedUpdate:
        entitlement = self._script.updates[event["update"]]
        return issue(entitlement, self.cards.serial(int(event["card"])), self._provider)

    def _read(self, place: int, terminal: Terminal, connection: CounterConnection) -> None:
        status = terminal.status(connection)
        self.played.done[place] = True
        self.played.seq[place], self.played.balance[place] = status.seq, status.balance

    def _keep(self, place: int, receipt: Receipt | None) -> None:
        if receipt is not None:
            self.played.done[place] = True
            self.played.raw[place] = np.frombuffer(receipt.raw, np.uint8)
