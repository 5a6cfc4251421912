# SPDX-License-Identifier: Apache-2.0
"""Tears one command at every place where power can be lost, and has the card looked at after each.

Between two persistent writes nothing changes that outlives the power. So a tear before each write, inside each write
that can be left half done, and before the answer covers every moment at which power can go.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from ssn_card.transport import ConnectionLost

from .counters import CommandCounters, WriteEvent
from .errors import TearMissed
from .laboratory import LaboratoryConnection
from .simulator import Rest, SimulatedCard, Simulator


@dataclass(frozen=True)
class TearPoint:
    """Power goes before the ``write``-th event (from 1), or once ``inside`` bytes of it are done; ``rest``: see there.

    ``event`` is what would have been written; None: all was done and the answer is lost.
    """

    write: int
    inside: int
    rest: Rest
    event: WriteEvent | None

    def __str__(self) -> str:
        if self.event is None:
            return "before the answer"
        what = f"{self.event.kind} {self.event.place}".rstrip()
        if self.inside == 0 and self.rest is Rest.OLD:
            return f"before write {self.write} ({what})"
        return (
            f"inside write {self.write} ({what}) after {self.inside} of {self.event.size} bytes, rest {self.rest.value}"
        )


@dataclass(frozen=True)
class TearFailure:
    """A tear after which the check raised ``error``."""

    point: TearPoint
    error: Exception


@dataclass(frozen=True)
class TearReport:
    """What came of tearing one command everywhere. ``counters`` and ``answer`` are of its undisturbed run."""

    points: tuple[TearPoint, ...]
    failures: tuple[TearFailure, ...]
    counters: CommandCounters
    answer: bytes


def tear_points(events: Sequence[WriteEvent], *, every_byte: bool = False) -> Iterator[TearPoint]:
    """All distinct tears of a command with these events.

    In a divisible write: the edges (first and last byte) with each kind of rest, or, with ``every_byte``, all bytes.
    """
    for write, event in enumerate(events, start=1):
        yield TearPoint(write, 0, Rest.OLD, event)
        if not event.divisible:
            continue
        last = event.size - 1
        for inside in range(event.size) if every_byte else sorted({0, 1, last} & set(range(event.size))):
            if inside > 0:
                yield TearPoint(write, inside, Rest.OLD, event)
            yield TearPoint(write, inside, Rest.GARBAGE, event)
            if inside < last:
                yield TearPoint(write, inside, Rest.ERASED, event)
    yield TearPoint(len(events) + 1, 0, Rest.OLD, None)


def run(
    simulator: Simulator,
    card: SimulatedCard,
    bench: LaboratoryConnection,
    command: bytes,
    check: Callable[[LaboratoryConnection, TearPoint], None],
    *,
    every_byte: bool = False,
    stop_after: int | None = None,
) -> TearReport:
    """Tear ``command`` (one APDU) on a card that is ready for it, everywhere.

    Each time the card is put back to what it was when we were called, RAM, selected applet and seeded random numbers
    included; the command is torn; the card is powered up; and ``check`` looks at it, and may do with it what it likes.
    A check tells of a mistake by raising. ``stop_after``: so many failures are enough. The card is put back in the end.

    A command that draws random numbers needs :meth:`Simulator.seed_random` before, to be the same each time.

    Raises:
        TearMissed: the command did not reach a write that its undisturbed run did: it is not the same each time.
        NotARealCard, CardBusy, CardUnpowered: from the simulator.
    """
    simulator.checkpoint(card)
    answer = bench.transmit(command)
    counters = simulator.counters(card, events=True)
    failures: list[TearFailure] = []
    done: list[TearPoint] = []
    try:
        for point in tear_points(counters.write_events, every_byte=every_byte):
            _tear(simulator, card, bench, command, point)
            done.append(point)
            try:
                check(bench, point)
            except Exception as error:  # a check may fail in any way, and the campaign goes on
                failures.append(TearFailure(point, error))
                if stop_after is not None and len(failures) >= stop_after:
                    break
    finally:
        simulator.disarm(card)
        _put_back(simulator, card, bench)
    return TearReport(tuple(done), tuple(failures), counters, answer)


def _tear(
    simulator: Simulator, card: SimulatedCard, bench: LaboratoryConnection, command: bytes, point: TearPoint
) -> None:
    _put_back(simulator, card, bench)
    if point.event is None:
        simulator.lose_answer(card)
    else:
        simulator.arm_tear(card, point.write, point.inside, point.rest)
    try:
        bench.transmit(command)
    except ConnectionLost:
        bench.reset()
    else:
        raise TearMissed(str(point))


def _put_back(simulator: Simulator, card: SimulatedCard, bench: LaboratoryConnection) -> None:
    simulator.rewind(card)
    bench.resume()
