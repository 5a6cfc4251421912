# SPDX-License-Identifier: Apache-2.0
"""What the charts have in common: the sheet that they are drawn on, small multiples, bars by month and by hour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING, Any

from matplotlib import rc_context
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ssn_card.pictures import DARK, INK, LIGHT, MIDDLE, PAPER, canvas, render

from ..data import ShopTold
from ..speech import Speech

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 7.2  #: inches, as wide as a page's text
SMALL = 8.0  #: points
THOUSAND, MILLION = 1_000, 1_000_000
_SETTINGS: dict[Any, Any] = {"text.parse_math": False, "font.size": SMALL + 0.5, "hatch.linewidth": 0.6}
_HATCH = "////"
_HOURS, _EDGES = range(24), range(25)


@contextmanager
def sheet(height: float) -> Iterator[Figure]:
    """An empty figure. Texts come from others' files: a ``$`` in them is a ``$``, no formula."""
    with canvas(WIDTH, height) as figure, rc_context(_SETTINGS):
        yield figure


def finished(figure: Figure) -> str:
    """The SVG as text. The title stands beside the picture, in the page's own letters."""
    return render(figure, "").decode("utf-8")


def panels(figure: Figure, count: int, columns: int) -> Sequence[Axes]:
    """So many panels, all with one scale."""
    rows = -(-count // columns)
    drawn = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True)
    for spare in drawn.flat[count:]:
        spare.set_visible(False)
    if rows > 1:  # the axis below a column's last panel, wherever that is
        for panel in drawn.flat[count - columns : count]:
            panel.tick_params(labelbottom=True)
    return list(drawn.flat[:count])


def plain(panel: Axes, axis: str = "y") -> None:
    """Hairlines across, no frame."""
    if axis == "y":
        panel.grid(axis="y", color=LIGHT, linewidth=0.6)
    else:
        panel.grid(axis="x", color=LIGHT, linewidth=0.6)
    panel.set_axisbelow(True)
    panel.tick_params(length=0, labelsize=SMALL)
    for side in ("top", "right", "left" if axis == "y" else "bottom"):
        panel.spines[side].set_visible(False)


def numbers(panel: Axes, speech: Speech, axis: str = "y") -> None:
    """Ticks as the language writes numbers."""
    scale = panel.yaxis if axis == "y" else panel.xaxis
    scale.set_major_locator(MaxNLocator(nbins=4, steps=[1, 2, 5, 10]))
    scale.set_major_formatter(FuncFormatter(lambda value, _: speech.measure(value)))


def month_axis(panel: Axes, months: Sequence[date], speech: Speech, most: int = 12) -> None:
    """Names of months below bars at 0, 1, …; the year below the first and below each January."""
    every = max(1, -(-len(months) // most))
    shown = range(0, len(months), every)
    labels = [
        speech.short_month(months[place]) + (f"\n{months[place].year}" if _begins(months, place, every) else "")
        for place in shown
    ]
    panel.set_xticks(list(shown), labels)
    panel.set_xlim(-0.6, len(months) - 0.4)


def _begins(months: Sequence[date], place: int, every: int) -> bool:
    return place == 0 or months[place].year != months[place - every].year


def bars(panel: Axes, values: Sequence[float], *, dark: Sequence[bool] | None = None) -> None:
    """Bars at 0, 1, …; those that are ``dark`` stand out."""
    faces = [DARK if one else LIGHT for one in dark or [False] * len(values)]
    panel.bar(range(len(values)), values, 0.72, color=faces, edgecolor=INK, linewidth=0.7)


def hour_panel(panel: Axes, sold: Mapping[int, int], city: Mapping[int, int], shop: ShopTold | None) -> None:
    """Shares of sales by hour, hatched where the shop is closed; all shops' as a line."""
    whole, all_sold = sum(sold.values()) or 1, sum(city.values()) or 1
    heights = [100 * sold.get(hour, 0) / whole for hour in _HOURS]
    closed = [shop is not None and not _open(shop, hour) for hour in _HOURS]
    for wanted, face, hatch in ((False, MIDDLE, None), (True, PAPER, _HATCH)):
        shown = [height if out is wanted else 0 for height, out in zip(heights, closed, strict=True)]
        if any(shown):
            filled = panel.stairs(shown, _EDGES, fill=True, facecolor=face, edgecolor=INK, linewidth=0.5, hatch=hatch)
            filled.sticky_edges.y.append(0)  # no room below; above there is as much as any panel needs
    line = [100 * city.get(hour, 0) / all_sold for hour in _HOURS]
    panel.stairs(line, _EDGES, baseline=None, color=INK, linewidth=1.3)
    panel.set_xlim(0, 24)
    panel.set_xticks([0, 6, 12, 18, 24], ["0", "6", "12", "18", "24"])
    plain(panel)


def _open(shop: ShopTold, hour: int) -> bool:
    """Whether it is open in that hour at all; nobody knows where hours are not stated."""
    if not shop.opens or not shop.closes:
        return True
    return f"{hour:02d}:59" >= shop.opens and f"{hour:02d}:00" < shop.closes
