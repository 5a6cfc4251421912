# SPDX-License-Identifier: Apache-2.0
"""Runs the campaign: for every scene, a tear at every event of the command, then power-up, recovery and judgement."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ssn_card.keys import development_keyring
from ssn_card.protocol.errors import SsnCardError
from ssn_card.transport import ConnectionLost

from ..counters import WriteEvent
from ..factory import blank_card
from ..laboratory import LaboratoryConnection
from ..simulator import AppletClass, Rest, SimulatedCard, Simulator
from .bench import Bench
from .judge import Expected, Verdict, expected, judge
from .scenes import SCENES, Prepared, Scene


@dataclass(frozen=True)
class Point:
    """Where power goes: before event ``write`` (from 1), ``inside`` bytes into it; 0 writes: before the answer."""

    write: int
    inside: int = 0
    rest: Rest = Rest.OLD

    def __str__(self) -> str:
        return f"write {self.write}, byte {self.inside}, rest {self.rest}" if self.write else "before the answer"


@dataclass
class CommandResult:
    """Totals of one command. Amounts in rupiah."""

    scenes: int = 0
    tear_points: int = 0
    rupiah_lost: int = 0
    rupiah_created: int = 0
    stuck: int = 0


@dataclass
class Report:
    """Totals of the campaign; ``failures`` name scene, point and what was found."""

    by_command: dict[str, CommandResult] = field(default_factory=lambda: defaultdict(CommandResult))
    failures: list[str] = field(default_factory=list)

    def total(self, name: str) -> int:
        """Sum of a figure over all commands."""
        return sum(int(getattr(result, name)) for result in self.by_command.values())

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        totals = {name: self.total(name) for name in ("tear_points", "rupiah_lost", "rupiah_created", "stuck")}
        return {
            **totals,
            "failures": self.failures,
            "by_command": {name: vars(result) for name, result in self.by_command.items()},
        }


def run(
    simulator: Simulator,
    scenes: Iterable[Scene] = SCENES,
    *,
    short: bool = False,
    applet: AppletClass | None = None,
    progress: Callable[[Scene, int], None] = lambda scene, points: None,
) -> Report:
    """Run scenes, each on a card of its own.

    Args:
        short: the edges of divisible writes only, not every byte of them.
        applet: another applet than the programme's, to see that the campaign finds its faults.
        progress: called after each scene with its number of tear points.
    """
    report = Report()
    for scene in scenes:
        points = _scene(simulator, scene, report, short, applet)
        progress(scene, points)
    return report


def _scene(simulator: Simulator, scene: Scene, report: Report, short: bool, applet: AppletClass | None) -> int:
    card = blank_card(simulator, applet=applet)
    provider = development_keyring()
    with LaboratoryConnection(simulator, card) as connection:
        bench = Bench(connection, provider)
        prepared = scene.prepare(bench)
        simulator.checkpoint(card)
        truth, events = _truth(simulator, card, connection, bench, scene, prepared)
        result = report.by_command[scene.command]
        result.scenes += 1
        points = list(_points(events, short))
        for point in points:
            simulator.rewind(card)
            connection.resume()
            verdict = _torn(simulator, card, connection, bench, scene, prepared, point, truth)
            result.tear_points += 1
            result.rupiah_lost += verdict.lost
            result.rupiah_created += verdict.created
            result.stuck += verdict.stuck
            if verdict.fault:
                report.failures.append(f"{scene.name}: {point}: {verdict.fault}")
    simulator.remove(card)
    return len(points)


def _truth(
    simulator: Simulator,
    card: SimulatedCard,
    connection: LaboratoryConnection,
    bench: Bench,
    scene: Scene,
    prepared: Prepared,
) -> tuple[Expected, tuple[WriteEvent, ...]]:
    """What the card is before and after the command, and the command's events."""
    connection.reset()
    before = expected(bench, scene)
    simulator.rewind(card)
    connection.resume()
    connection.transmit(prepared.apdu)
    events = simulator.counters(card, events=True).write_events
    connection.reset()
    return Expected(before, expected(bench, scene)), events


def _points(events: tuple[WriteEvent, ...], short: bool) -> Iterator[Point]:
    """Before every event, inside those that can be divided, and after the last."""
    for number, event in enumerate(events, start=1):
        yield Point(number)
        if event.divisible and event.size > 1:
            edges = {1, event.size // 2, event.size - 1}
            for inside in sorted(edges if short else range(1, event.size)):
                yield Point(number, inside)
            for inside in (0, *sorted(edges)):
                yield Point(number, inside, Rest.GARBAGE)
                yield Point(number, inside, Rest.ERASED)
    yield Point(0)


def _torn(
    simulator: Simulator,
    card: SimulatedCard,
    connection: LaboratoryConnection,
    bench: Bench,
    scene: Scene,
    prepared: Prepared,
    point: Point,
    truth: Expected,
) -> Verdict:
    if point.write:
        simulator.arm_tear(card, point.write, point.inside, point.rest)
    else:
        simulator.lose_answer(card)
    try:
        connection.transmit(prepared.apdu)
    except ConnectionLost:
        pass
    else:
        simulator.disarm(card)
        return Verdict(fault="the tear did not happen")
    try:
        connection.reset()
        return judge(bench, scene, prepared, truth)
    except SsnCardError as error:
        return Verdict(stuck=1, fault=f"stuck: {error}")
