# SPDX-License-Identifier: Apache-2.0
"""The chart of ``ssn card cost``: a panel for each card, a bracket for each command, legible without colour.

The axis is logarithmic, for an UPDATE takes fifty times as long as a SELECT, and it is the same in all panels, so that
cards can be compared. A term that was never measured on a card leaves its bracket open to the right: hatched, and
named beside it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ssn_card.pictures import DARK, INK, LIGHT, MIDDLE, PAPER, canvas, render
from ssn_card.protocol.errors import Text

from .goals import TOGETHER, goal_ms, met
from .project import Projection
from .words import unknown_terms

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TITLE = Text("Projected time of each command", "Perkiraan waktu setiap perintah")
_TITLE_TOGETHER = Text("Projected time of a purchase", "Perkiraan waktu satu pembelian")
_AXIS = Text(
    "milliseconds, from the lower to the upper bracket; logarithmic",
    "milidetik, dari batas bawah ke batas atas; logaritmik",
)
_UNKNOWN = Text("not known: {}", "tidak diketahui: {}")
_GOAL = {
    True: Text("goal {:g} ms: met", "sasaran {:g} ms: tercapai"),
    False: Text("goal {:g} ms: not met", "sasaran {:g} ms: belum tercapai"),
    None: Text("goal {:g} ms", "sasaran {:g} ms"),
}
_TICKS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_BAR = 0.62  #: of a row
#: Names and brackets of a panel, from top to bottom.
_Rows = Sequence[tuple[str, Projection]]

_ROW_INCHES, _PANEL_INCHES, _WIDTH_INCHES = 0.25, 0.75, 8.5


def draw(cards: Sequence[Sequence[Projection]], language: str, kind: str = "svg") -> bytes:
    """A panel for each card, as ``svg`` or ``png``; ``cards``: the projections of each, in the order to be shown.

    Raises :class:`PlotsMissing`.
    """
    panels = [(card[0].card, [(one.command.replace("_", " "), one) for one in card]) for card in cards]
    return _draw(panels, _TITLE, language, kind)


def draw_together(cards: Sequence[Sequence[Projection]], language: str) -> bytes:
    """SELECT and DEBIT together, a bracket for each card, as SVG. Raises :class:`PlotsMissing`."""
    brackets = [(one.card, one) for card in cards for one in card if one.command == TOGETHER]
    return _draw([(TOGETHER, brackets)], _TITLE_TOGETHER, language, "svg")


def _draw(contents: Sequence[tuple[str, _Rows]], heading: Text, language: str, kind: str) -> bytes:
    columns = 1 if len(contents) <= 2 else 2
    rows = math.ceil(len(contents) / columns)
    height = 0.6 + rows * (_PANEL_INCHES + _ROW_INCHES * max(len(brackets) for _, brackets in contents))
    everything = [one for _, brackets in contents for _, one in brackets]
    limits = min(one.low_ms for one in everything) * 0.8, max(one.high_ms for one in everything) * 1.2
    title = heading.in_language(language)
    with canvas(columns * _WIDTH_INCHES, height) as figure:
        figure.suptitle(title, fontsize=13, fontweight="bold")
        panels = figure.subplots(rows, columns, squeeze=False)
        for panel, (name, brackets) in zip(panels.flat, contents, strict=False):
            _panel(panel, name, [label for label, _ in brackets], limits)
            for row, (_, one) in enumerate(brackets):
                _bracket(panel, row, one, limits[1], language)
        for panel in panels.flat[len(contents) :]:
            panel.remove()
        figure.supxlabel(_AXIS.in_language(language), fontsize=10)
        return render(figure, title, kind)


def _panel(panel: Axes, heading: str, names: Sequence[str], limits: tuple[float, float]) -> None:
    panel.set_title(heading, fontsize=10.5, fontweight="bold", loc="left")
    panel.set_xscale("log")
    panel.set_xlim(*limits)
    panel.minorticks_off()
    ticks = [tick for tick in _TICKS if limits[0] <= tick <= limits[1]]
    panel.set_xticks(ticks, [str(tick) for tick in ticks])
    panel.set_yticks(range(len(names)), names)
    panel.set_ylim(len(names) - 0.4, -0.75)
    panel.tick_params(axis="y", length=0)
    panel.grid(axis="x", color=LIGHT, linewidth=0.6)
    panel.set_axisbelow(True)
    for side in ("top", "right", "left"):
        panel.spines[side].set_visible(False)


def _bracket(panel: Axes, row: int, one: Projection, right: float, language: str) -> None:
    strong = goal_ms(one.card, one.command) is not None
    label = f"{one.low_ms:.1f} – {one.high_ms:.1f}"
    if one.unknown:
        panel.barh(row, right - one.high_ms, _BAR, one.high_ms, facecolor=PAPER, edgecolor=MIDDLE, hatch="////", lw=0.6)
        label = f"≥ {one.low_ms:.1f}  " + _UNKNOWN.in_language(language).format(unknown_terms(one, language))
    face = DARK if strong else MIDDLE
    panel.barh(row, one.high_ms - one.low_ms, _BAR, one.low_ms, facecolor=face, edgecolor=INK, lw=0.8)
    goal = goal_ms(one.card, one.command)
    if goal is not None:
        panel.plot([goal, goal], [row - 0.55, row + 0.55], color=PAPER, lw=4, solid_capstyle="butt")
        panel.plot([goal, goal], [row - 0.55, row + 0.55], color=INK, lw=2, solid_capstyle="butt")
        label += "  " + _GOAL[met(one)].in_language(language).format(goal)
    panel.text(
        1.01, row, label, transform=panel.get_yaxis_transform(), va="center", fontsize=8.5,
        fontweight="bold" if strong else "normal",
    )  # fmt: skip
