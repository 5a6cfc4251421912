# SPDX-License-Identifier: Apache-2.0
"""Several threads play one script, each some terminals: a card goes from one to the other in its own order."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from contextlib import contextmanager
from threading import Condition

import numpy as np
from numpy.typing import NDArray

from ssn_card.simulator.year.fields import Ints


class GivenUp(Exception):
    """Another thread has failed, or everything was interrupted: nothing goes on."""


class CardTurns:
    """How many events of each card were played.

    Whoever takes the events of all cards in one order, each only its own of them, never waits in vain: the first one
    that is open is somebody's next.
    """

    def __init__(self, cards: int, progress: Callable[[int], None]) -> None:
        """``progress``: told of events that were played, by one thread at a time."""
        self._played = [0] * cards
        self._progress = progress
        self._changed = Condition()
        self._given_up = False

    def begin(self, cards: NDArray[np.integer]) -> None:
        """The cards of events that were played before."""
        self._played = np.bincount(cards, minlength=len(self._played)).tolist()
        self._progress(len(cards))

    @contextmanager
    def of(self, card: int, turn: int) -> Iterator[None]:
        """That event of a card: begins when those before it were played. Raises :class:`GivenUp`.

        Whoever fails in it stops all: none begins another event.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._given_up or self._played[card] == turn)
            if self._given_up:
                raise GivenUp
        with self._or_give_up():
            yield
        with self._changed, self._or_give_up():
            self._played[card] += 1
            self._changed.notify_all()
            self._progress(1)

    @contextmanager
    def _or_give_up(self) -> Iterator[None]:
        """At once: until :meth:`wait` hears of it, others would have begun some more."""
        try:
            yield
        except BaseException:
            with self._changed:
                self._given_up = True
                self._changed.notify_all()
            raise

    def wait(self, threads: list[Future[None]]) -> None:
        """Until all threads are done. Raises what the first to fail has raised, when the others have given up."""
        try:
            wait(threads, return_when=FIRST_EXCEPTION)
        finally:
            with self._changed:
                self._given_up = not all(one.done() and one.exception() is None for one in threads)
                self._changed.notify_all()
        wait(threads)
        errors = [error for one in threads if (error := one.exception()) is not None]
        for error in errors:
            if not isinstance(error, GivenUp):
                raise error


def shared_out(terminals: NDArray[np.unsignedinteger], workers: int) -> Ints:
    """Which of several workers serves each event: neighbouring terminals together, to each about as many events."""
    counts = np.bincount(terminals)
    worker = (np.cumsum(counts) - counts // 2 - 1) * workers // max(1, len(terminals))
    shared: Ints = np.clip(worker, 0, workers - 1)[terminals]
    return shared
