# SPDX-License-Identifier: Apache-2.0
"""A script played by the real applet in the simulator: real personalization, real terminals, each with its journal.

Receipts hold nothing that is random, and cards and terminals are served in one order, so that they are the same
whenever, and in however many goes, they are made.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

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
from .turns import CardTurns, shared_out

WORKERS = 2  #: one in Python while another waits for a card
EVERY = 8_192  #: events between two checkpoints


def play(
    script: YearScript,
    provider: KeyProvider,
    checkpoint: Path,
    journals: Path,
    progress: Callable[[int], None] = lambda _: None,
    *,
    every: int = EVERY,
    workers: int = WORKERS,
) -> Played:
    """Play it, or what is left of it where there is a checkpoint of the same script.

    Args:
        checkpoint: a file, private; the cards' keys lie there in clear.
        journals: an empty folder for the terminals' journals, which outlive nothing but this run.
        progress: told of events that were played, those before the checkpoint too.
        every: events between two checkpoints.
        workers: threads; terminals are shared out among them.

    Raises:
        SimulatorError, KeyMissing, JournalError; ``OSError`` where a file cannot be written.
    """
    events = script.events
    order = np.argsort(script.true_at, kind="stable")  # events are sorted by card and turn
    kept, turns = Checkpoint(checkpoint, journals, script), CardTurns(len(script.serials), progress)
    worker = shared_out(events["terminal"], workers)
    with Simulator() as simulator, OpenTerminals(journals, provider) as shops:
        cards, played = SimulatedPopulation(script, provider), Played.blank(len(events))
        begun = kept.resume(simulator, cards, played)
        turns.begin(events["card"][order[:begun]])
        with ExitStack() as stack, ThreadPoolExecutor(workers) as pool:
            runs = []
            for _ in range(workers):
                own = simulator.another()
                stack.callback(own.stop)
                runs.append(_Run(script, provider, own, cards, shops, played, turns))
            for begin in range(begun, len(order), every):
                places = order[begin : begin + every]
                of = worker[places]
                turns.wait([pool.submit(run.events, places[of == number]) for number, run in enumerate(runs)])
                if begin + every < len(order):
                    shops.close()
                    kept.write(begin + every, simulator, cards, played)
    return played


class _Run:
    """Plays events, in one thread."""

    def __init__(
        self,
        script: YearScript,
        provider: KeyProvider,
        simulator: Simulator,
        cards: SimulatedPopulation,
        shops: OpenTerminals,
        played: Played,
        turns: CardTurns,
    ) -> None:
        self._script, self._provider, self._simulator = script, provider, simulator
        self._cards, self._shops, self._played, self._turns = cards, shops, played, turns
        self._companion = SoftwareCompanionKeys(provider)
        self._counts = np.bincount(script.events["card"], minlength=len(script.serials)).tolist()

    def events(self, places: NDArray[np.intp]) -> None:
        """The events at these places, in that order. Raises ``GivenUp`` where another thread has failed."""
        for place in places.tolist():
            event = self._script.events[place]
            card, turn = int(event["card"]), int(event["turn"])
            with self._turns.of(card, turn):
                self._event(place, event)
                if turn + 1 == self._counts[card]:
                    self._cards.discard(self._simulator, card)

    def _event(self, place: int, event: np.void) -> None:
        card, step, fault = int(event["card"]), Step(event["step"]), Fault(event["fault"])
        terminal = self._shops.at(int(event["terminal"]), int(event["at"]))
        with self._cards.presented(self._simulator, card, fault) as connection:
            if step is Step.READ:
                self._read(place, terminal, connection)
            elif step is Step.CHOOSE_PIN:
                with suppress(PinChoiceClosed, CardStatusError):
                    terminal.choose_pin(connection, self._cards.pin(card))
                    self._played.done[place] = True
            else:
                self._keep(place, self._made(step, event, terminal, connection))

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
        pin = self._cards.pin(card) if event["given"] and self._has_pin(card) else None
        basket = self._script.baskets[event["basket"]]
        return terminal.debit(connection, basket, pin=pin, confirm_clock=True).receipt

    def _has_pin(self, card: int) -> bool:
        """Made with one, or chosen since."""
        events, done = self._script.events, self._played.done
        first, last = np.searchsorted(events["card"], (card, card + 1))
        chosen = done[first:last] & (events["step"][first:last] == Step.CHOOSE_PIN)
        return bool(self._script.pins[card] or chosen.any())

    def _update(self, event: np.void) -> SignedUpdate:
        entitlement = self._script.updates[event["update"]]
        return issue(entitlement, self._cards.serial(int(event["card"])), self._provider)

    def _read(self, place: int, terminal: Terminal, connection: CounterConnection) -> None:
        status = terminal.status(connection)
        self._played.done[place] = True
        self._played.seq[place], self._played.balance[place] = status.seq, status.balance

    def _keep(self, place: int, receipt: Receipt | None) -> None:
        if receipt is not None:
            self._played.done[place] = True
            self._played.raw[place] = np.frombuffer(receipt.raw, np.uint8)
