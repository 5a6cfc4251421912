# SPDX-License-Identifier: Apache-2.0
"""The measurements drawn: rates on a logarithmic scale with their goals, and the curve of time and memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssn_card.pictures import DARK, INK, MIDDLE, canvas, render
from ssn_card.protocol.errors import Text

from ..pictures import MILLION, by_size, noted, plain
from .run import Figures
from .tables import RATES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TITLE = Text("Receipts judged by one core in a second", "Kuitansi yang diperiksa satu inti per detik")
_GOAL = Text("goal", "sasaran")
_SECONDS = Text("seconds, one core", "detik, satu inti")
_MEMORY = Text("peak memory, MiB", "memori puncak, MiB")
_LEAST = 1000  #: receipts a second: the single verifier is above it on any machine
_WIDTH, _HEIGHT = 10.0, 8.0


def draw(result: Figures, language: str, kind: str = "svg") -> bytes:
    """A picture as ``svg`` or ``png``. Raises ``PlotsMissing``."""
    title = _TITLE.in_language(language)
    with canvas(_WIDTH, _HEIGHT) as figure:
        rates, curve = figure.subplots(2, 1, height_ratios=(3, 2))
        _rates(rates, result, language)
        rates.set_title(title, fontsize=12, fontweight="bold", loc="left")
        _curve(curve, result, language)
        return render(figure, title, kind)


def _rates(panel: Axes, result: Figures, language: str) -> None:
    named = [(rate, result.rates[name]) for name, rate in RATES.items()]
    panel.set_xscale("log")
    for row, (rate, value) in enumerate(named):
        panel.barh(row, value, 0.6, facecolor=DARK if rate.goal else MIDDLE, edgecolor=INK, lw=0.8)
        label = f"  {value:,.0f}"
        if rate.goal is not None:
            panel.plot([rate.goal, rate.goal], [row - 0.45, row + 0.45], color=INK, lw=2.5, solid_capstyle="butt")
            label += f"   {_GOAL.in_language(language)} {rate.goal:,}"
        right = max(value, rate.goal or 0)
        panel.text(right, row, label, va="center", fontsize=8.5)
    panel.set_yticks(range(len(named)), [rate.text.in_language(language) for rate, _ in named])
    panel.set_xlim(left=_LEAST, right=max(max(value, rate.goal or 0) for rate, value in named) * 40)
    panel.invert_yaxis()
    plain(panel, "x")


def _curve(panel: Axes, result: Figures, language: str) -> None:
    sizes = [one.receipts / MILLION for one in result.curve]
    for values, name, style, mark in (
        ([one.seconds for one in result.curve], _SECONDS, "-", "o"),
        ([one.peak_mib for one in result.curve], _MEMORY, "--", "s"),
    ):
        panel.plot(sizes, values, style, marker=mark, color=INK, label=name.in_language(language))
        noted(panel, sizes, values, ".3g")
    by_size(panel, sizes, "g", 0.25, language)
    panel.legend(frameon=False, loc="center left")
    plain(panel, "x")
