# SPDX-License-Identifier: Apache-2.0
"""The order of a command's writes, and which of them commits: not claimed, but found by tearing the command at each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ssn_card.keys import development_keyring
from ssn_card.pictures import INK, LIGHT, MIDDLE, canvas, render

from .. import tears
from ..campaign.bench import Bench
from ..campaign.scenes import SCENES
from ..counters import WriteEvent
from ..factory import blank_card
from ..laboratory import LaboratoryConnection
from ..simulator import Rest, Simulator
from ..tears import TearPoint

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Scenes of the campaign that are drawn.
DRAWN = ("DEBIT: second of the month", "UPDATE: load")

_CAPTION = """bytes written; hatched: a tear may leave a part of them
black: torn before it, nothing has happened; torn after it, all has"""


@dataclass(frozen=True)
class OrderOfWrites:
    """The events of one command; ``commit``: index of the one that takes the card from old to new."""

    command: str
    events: tuple[WriteEvent, ...]
    commit: int


def order_of_writes(simulator: Simulator, scene_name: str) -> OrderOfWrites:
    """Tears the scene's command before each of its events. Raises ``ValueError`` unless exactly one commits."""
    scene = next(one for one in SCENES if one.name == scene_name)
    card = blank_card(simulator, b"ORDER" + bytes(3))
    old: list[bool] = []
    with LaboratoryConnection(simulator, card) as connection:
        bench = Bench(connection, development_keyring())
        apdu = scene.prepare(bench).apdu
        simulator.checkpoint(card)
        before = bench.observe().seq
        simulator.rewind(card)
        connection.resume()

        def look(_: LaboratoryConnection, point: TearPoint) -> None:
            if point.inside == 0 and point.rest is Rest.OLD:
                old.append(bench.select().status()["seq"] == before)

        report = tears.run(simulator, card, connection, apdu, look)
    simulator.remove(card)
    for failure in report.failures:
        raise failure.error
    if old != sorted(old, reverse=True) or len(set(old)) != 2:
        raise ValueError(f"{scene_name}: no single write commits ({old})")
    return OrderOfWrites(scene.command, report.counters.write_events, old.index(False) - 1)


@dataclass(frozen=True)
class _Run:
    """Events of one kind into one array, one after the other: the rows of the picture."""

    what: str
    first: int
    events: tuple[WriteEvent, ...]
    commits: bool

    @property
    def size(self) -> int:
        return sum(event.size for event in self.events)


def _runs(order: OrderOfWrites) -> list[_Run]:
    """Writes of single components that follow each other in one array are one row, as they were one loop."""
    runs: list[_Run] = []
    for index, event in enumerate(order.events):
        what = _what(event)
        single = event.kind == "element"
        if runs and single and runs[-1].what == what:
            last = runs.pop()
            runs.append(_Run(what, last.first, (*last.events, event), last.commits or index == order.commit))
        else:
            runs.append(_Run(what, index, (event,), index == order.commit))
    return runs


def _what(event: WriteEvent) -> str:
    if event.kind == "init":
        return f"init of {event.place}"
    if event.kind == "element":
        return re.sub(r"\[\d+\]$", "", event.place)
    return event.place


def draw_writes(orders: tuple[OrderOfWrites, ...]) -> bytes:
    """A panel for each command, its writes from top to bottom, as SVG."""
    panels_rows = [_runs(order) for order in orders]
    heights = [len(rows) + 1.6 for rows in panels_rows]
    with canvas(9.5, 0.3 * sum(heights) + 0.5) as figure:
        panels = figure.subplots(len(orders), 1, height_ratios=heights, squeeze=False)[:, 0]
        longest = max(row.size for rows in panels_rows for row in rows)
        for panel, order, rows in zip(panels, orders, panels_rows, strict=True):
            _panel(panel, order, rows, longest)
        panels[-1].set_xlabel(_CAPTION)
        return render(figure, "Order of writes of " + " and ".join(order.command for order in orders))


def _panel(panel: Axes, order: OrderOfWrites, rows: list[_Run], longest: int) -> None:
    count = len(order.events)
    title = f"{order.command}: one step" if count == 1 else f"{order.command}: {count} steps, in this order"
    panel.set_title(title, fontsize=10.5, fontweight="bold", loc="left")
    panel.set_xlim(0, longest * 1.35)
    panel.set_ylim(len(rows) - 0.3, -0.7)
    panel.set_yticks(range(len(rows)), [f"{row.what}   {_numbers(row)}" for row in rows], fontsize=8.5)
    panel.tick_params(axis="y", length=0)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
    for at, row in enumerate(rows):
        atomic = not any(event.divisible for event in row.events)
        face = INK if row.commits else (MIDDLE if atomic else LIGHT)
        panel.barh(
            at, max(row.size, 0.3), 0.62, facecolor=face, edgecolor=INK, lw=0.8, hatch=None if atomic else "////"
        )
        panel.text(
            row.size + 1.2, at, _label(row), va="center", fontsize=8.5, fontweight="bold" if row.commits else "normal"
        )
    commit = next(at for at, row in enumerate(rows) if row.commits)
    panel.axhline(commit - 0.5, color=INK, lw=1, linestyle=(0, (5, 3)))


def _numbers(row: _Run) -> str:
    last = row.first + len(row.events)
    return f"{row.first + 1}" if last == row.first + 1 else f"{row.first + 1}–{last}"


def _label(row: _Run) -> str:
    if row.events[0].kind == "init":
        return "a key into a cipher"
    size = f"{row.size} byte{'s' if row.size != 1 else ''}"
    if len(row.events) > 1:
        size = f"{len(row.events)} × {row.events[0].size} bytes"
    return f"{size}: COMMITS" if row.commits else size
