# SPDX-License-Identifier: Apache-2.0
"""A journey as a picture: a lane for each room, a line for each stop, and the way from one to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssn_card.pictures import DARK, INK, LIGHT, MIDDLE, PAPER, canvas, render

from .scenes import Journey
from .walk import Stop, Walk

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Inches; a row is one of the picture's units high.
_LANE, _ROW = 0.42, 0.235
_NAMES, _SAYS = 3.3, 7.4  #: wide
_CARD = "the card"
_LONGEST = 112  #: characters of what a stop says


def draw_journey(journey: Journey, walk: Walk) -> bytes:
    """As SVG."""
    of_stops = [_lane(stop, journey.by_folder) for stop in walk.stops]
    # From left to right in the order in which they are reached; the card last.
    names = sorted(dict.fromkeys(of_stops), key=lambda name: name == _CARD)
    lanes = {name: number * _LANE for number, name in enumerate(names)}
    text = len(lanes) * _LANE + 0.1
    with canvas(0.5 + text + _NAMES + _SAYS, _ROW * (len(walk.stops) + 3)) as figure:
        axes = figure.subplots()
        axes.set_axis_off()
        axes.set_xlim(-0.5, text + _NAMES + _SAYS)
        axes.set_ylim(len(walk.stops) - 0.3, -2.2)
        for lane, x in lanes.items():
            axes.plot((x, x), (-0.8, len(walk.stops) - 0.6), color=LIGHT, lw=6, solid_capstyle="round", zorder=1)
            axes.text(x, -1.1, lane, ha="center", va="bottom", fontsize=8, fontweight="bold", rotation=28)
        places = [(lanes[name], row) for row, name in enumerate(of_stops)]
        axes.plot([x for x, _ in places], [y for _, y in places], color=MIDDLE, lw=1.2, zorder=2)
        for stop, (x, y) in zip(walk.stops, places, strict=True):
            _stop(axes, stop, x, y, text)
        return render(figure, journey.title)


def _lane(stop: Stop, by_folder: bool) -> str:
    if stop.command:
        return _CARD
    *folders, file = stop.module.split(".")
    return folders[-1] if by_folder else file


def _stop(axes: Axes, stop: Stop, x: float, y: int, text: float) -> None:
    to_card = bool(stop.command)
    axes.plot(x, y, "s" if to_card else "o", ms=7, mfc=INK if to_card else PAPER, mec=INK, mew=1.2, zorder=3)
    name = stop.command.replace("_", " ") if to_card else stop.name
    says = "to the card, and its answer" if to_card else stop.says
    at = text + 0.14 * stop.depth
    axes.text(at, y, name, va="center", fontsize=8.5, fontweight="bold")
    says = says if len(says) <= _LONGEST else says[: _LONGEST - 1].rpartition(" ")[0] + " …"
    axes.text(text + _NAMES, y, says, va="center", fontsize=8, color=DARK)
