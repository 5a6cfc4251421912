# SPDX-License-Identifier: Apache-2.0
"""Runs the campaign: for every scene, a tear at every event of the command, then power-up, recovery and judgement.

After a first tear at the edge of a write come second tears at every edge of all that follows.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ssn_card.keys import development_keyring
from ssn_card.protocol.errors import SsnCardError

from .. import tears
from ..factory import blank_card
from ..laboratory import LaboratoryConnection
from ..simulator import AppletClass, SimulatedCard, Simulator
from ..tears import TearPoint
from .bench import Bench
from .judge import Expected, Verdict, content_of, judge
from .scenes import SCENES, Prepared, Scene
from .second import SecondTears, Untorn

#: What is counted, in the order of reports.
FIGURES = ("tear_points", "double_tear_points", "rupiah_lost", "rupiah_created", "stuck")
#: Of a short campaign. Prime, so that it falls on other events in every scene.
SHORT_SAMPLE = 7


@dataclass
class CommandResult:
    """Totals of one command. Amounts in rupiah."""

    scenes: int = 0
    tear_points: int = 0
    double_tear_points: int = 0
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
        totals = {name: self.total(name) for name in FIGURES}
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
    sample: int | None = None,
    applet: AppletClass | None = None,
    progress: Callable[[Scene, int], None] = lambda scene, points: None,
) -> Report:
    """Run scenes, each on a card of its own.

    Args:
        short: the edges of divisible writes only, not every byte of them, and a small ``sample``.
        sample: every how many-th first tear at an edge is followed by second tears; all of them, unless ``short``.
        applet: another applet than the programme's, to see that the campaign finds its faults.
        progress: called after each scene with its number of tear points.
    """
    report = Report()
    turns = itertools.cycle(range(sample or (SHORT_SAMPLE if short else 1)))
    for scene in scenes:
        points = _scene(simulator, scene, report, short, applet, turns)
        progress(scene, points)
    return report


def _scene(
    simulator: Simulator, scene: Scene, report: Report, short: bool, applet: AppletClass | None, turns: Iterator[int]
) -> int:
    card = blank_card(simulator, applet=applet)
    with LaboratoryConnection(simulator, card) as connection:
        bench = Bench(connection, development_keyring())
        prepared = scene.prepare(bench)
        truth, untorn = _truth(simulator, card, connection, bench, prepared)
        second = SecondTears(simulator, scene, prepared, bench, untorn)
        result = report.by_command[scene.command]
        result.scenes += 1

        def count(verdict: Verdict, *points: TearPoint) -> None:
            result.rupiah_lost += verdict.lost
            result.rupiah_created += verdict.created
            result.stuck += verdict.stuck
            if verdict.fault:
                report.failures.append(f"{scene.name}: {', then '.join(map(str, points))}: {verdict.fault}")

        def check(_: LaboratoryConnection, point: TearPoint) -> None:
            if _is_an_edge(point) and next(turns) == 0:
                for following, verdict in second.after(simulator.save(card)):
                    result.double_tear_points += 1
                    count(verdict, point, following)
            count(_judged(bench, scene, prepared, truth), point)

        points = len(tears.run(simulator, card, connection, prepared.apdu, check, every_byte=not short).points)
        result.tear_points += points
    simulator.remove(card)
    return points


def _is_an_edge(point: TearPoint) -> bool:
    """Whether a short campaign has this point too: the first tears of double ones, which are many enough."""
    return point.event is None or point.inside in (0, 1, point.event.size - 1)


def _truth(
    simulator: Simulator, card: SimulatedCard, connection: LaboratoryConnection, bench: Bench, prepared: Prepared
) -> tuple[Expected, Untorn]:
    """What the card is before and after the command; leaves it ready for the command again."""
    simulator.checkpoint(card)
    connection.reset()
    saved_before = simulator.save(card)
    before = content_of(bench)
    simulator.rewind(card)
    connection.resume()
    connection.transmit(prepared.apdu)
    connection.reset()
    saved_after = simulator.save(card)
    after = content_of(bench)
    simulator.rewind(card)
    connection.resume()
    return Expected(before, after), Untorn(saved_before, saved_after)


def _judged(bench: Bench, scene: Scene, prepared: Prepared, truth: Expected) -> Verdict:
    try:
        return judge(bench, scene, prepared, truth)
    except SsnCardError as error:
        return Verdict(stuck=1, fault=f"stuck: {error}")
