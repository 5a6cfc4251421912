# SPDX-License-Identifier: Apache-2.0
"""The second tear: whatever follows a tear and power-up is itself torn at every event, then judged in the same way.

A card that has been powered up is its persistent memory and nothing else. So the second tears are made on a twin that
is restored from that memory, and a memory that an earlier tear has left needs no second look. What the twin must be
after each step is taken from cards that were never torn.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ssn_card.protocol.errors import SsnCardError
from ssn_card.transport import ConnectionLost

from ..counters import WriteEvent
from ..laboratory import LaboratoryConnection
from ..simulator import SimulatedCard, Simulator
from ..tears import TearPoint, tear_points
from .bench import Bench
from .judge import Content, Expected, Verdict, content_of, judge, untrue
from .scenes import Kind, Prepared, Scene, Step


class Untorn(NamedTuple):
    """Saved cards before and after the command, powered up, never torn."""

    before: bytes
    after: bytes


class Course(NamedTuple):
    """What a card is, from the power-up after the first tear on, after each step. ``happened``: the torn command was
    done."""

    happened: bool
    states: list[Content]


class SecondTears:
    """All second tears of one scene."""

    def __init__(self, simulator: Simulator, scene: Scene, prepared: Prepared, bench: Bench, untorn: Untorn) -> None:
        self._simulator, self._scene, self._prepared, self._bench = simulator, scene, prepared, bench
        self._steps: tuple[Step, ...] = (prepared.again,)
        if scene.kind is not Kind.PERSONALIZATION:
            self._steps += (Bench.sell, Bench.top_up)
        self._courses = (Course(False, self._states(untorn.before)), Course(True, self._states(untorn.after)))
        self._seen: set[bytes] = set()

    def after(self, saved: bytes) -> Iterator[tuple[TearPoint, Verdict]]:
        """Tear all that follows on a card that was torn and powered up, at every event.

        Nothing where an earlier tear left the same memory, or one that is neither as before nor as after.
        """
        digest = hashlib.sha256(saved).digest()
        if digest in self._seen:
            return
        self._seen.add(digest)
        with self._twin(saved) as (card, connection, bench):
            content = content_of(bench)
            untorn = next((one for one in self._courses if one.states[0] == content), None)
            if untorn is None:
                return
            course = untorn._replace(states=self._with_tries(saved, untorn.states))
            _put_back(self._simulator, card, connection)
            with connection.watch() as events:
                self._run(copy.copy(bench))
            for point in tear_points(events):
                _put_back(self._simulator, card, connection)
                yield point, self._torn(card, connection, copy.copy(bench), course, point)

    def _with_tries(self, saved: bytes, untorn: list[Content]) -> list[Content]:
        """What an untorn card is after each step, but with the tries of the PIN that the first tear has left."""
        try:
            states = self._states(saved)
        except SsnCardError:
            return untorn
        return states if states == untorn else untorn

    def _torn(
        self, card: SimulatedCard, connection: _Watched, bench: Bench, course: Course, point: TearPoint
    ) -> Verdict:
        if point.event is not None:
            self._simulator.arm_tear(card, point.write, point.inside, point.rest)
        try:
            whole = self._run(bench)
            connection.reset()
            truth = Expected(course.states[whole], course.states[min(whole + 1, len(self._steps))])
            sold = self._steps[whole : whole + 1] == (Bench.sell,) and truth.before != truth.after
            prepared = self._prepared._replace(movement=bench.sent if sold else None)
            if whole or course.happened:
                prepared = prepared._replace(pins=prepared.pins[-1:])  # the first of the steps has brought it
            verdict = judge(bench, self._scene, prepared, truth)
            return verdict if verdict.fault or self._first_is_known(bench, course.happened) else UNTRUE
        except SsnCardError as error:
            return Verdict(stuck=1, fault=f"stuck: {error}")
        finally:
            self._simulator.disarm(card)

    def _first_is_known(self, bench: Bench, happened: bool) -> bool:
        """Whether READ RECEIPT tells the truth of the movement that was torn first."""
        if self._prepared.movement is None:
            return True
        return not untrue(bench, self._prepared.movement, happened=happened)

    def _run(self, bench: Bench) -> int:
        """Take the steps up to the tear; how many were whole."""
        for whole, step in enumerate(self._steps):
            try:
                step(bench)
            except ConnectionLost:
                return whole
        return len(self._steps)

    def _states(self, saved: bytes) -> list[Content]:
        with self._twin(saved) as (card, connection, bench):
            states = [content_of(bench)]
            for count in range(1, len(self._steps) + 1):
                _put_back(self._simulator, card, connection)
                following = copy.copy(bench)
                for step in self._steps[:count]:
                    step(following)
                connection.reset()
                states.append(content_of(following))
            return states

    @contextmanager
    def _twin(self, saved: bytes) -> Iterator[tuple[SimulatedCard, _Watched, Bench]]:
        """The saved card with power, at a checkpoint."""
        card = self._simulator.restore(saved, name="")
        try:
            with _Watched(self._simulator, card) as connection:
                self._simulator.checkpoint(card)
                bench = copy.copy(self._bench)
                bench.connection = connection
                yield card, connection, bench
        finally:
            self._simulator.remove(card)


UNTRUE = Verdict(stuck=1, fault="READ RECEIPT does not tell the truth of the first movement")


class _Watched(LaboratoryConnection):
    """Knows the events of several commands."""

    def __init__(self, simulator: Simulator, card: SimulatedCard) -> None:
        self._events: list[WriteEvent] | None = None
        super().__init__(simulator, card)

    @contextmanager
    def watch(self) -> Iterator[list[WriteEvent]]:
        """Collects the events of all commands inside."""
        events: list[WriteEvent] = []
        self._events = events
        yield events
        self._events = None

    def _exchange(self, command: bytes) -> bytes:
        answer = super()._exchange(command)
        if self._events is not None:
            self._events += self._simulator.counters(self._card, events=True).write_events
        return answer


def _put_back(simulator: Simulator, card: SimulatedCard, connection: LaboratoryConnection) -> None:
    simulator.rewind(card)
    connection.resume()
