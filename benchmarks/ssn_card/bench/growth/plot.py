# SPDX-License-Identifier: Apache-2.0
"""The curve drawn: seconds and memory of each stage by the number of receipts, on logarithmic scales."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ssn_card.pictures import INK, LIGHT, canvas, render
from ssn_card.protocol.errors import Text

from .tables import CALLED, cpu_of, peak_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TITLE = Text("From pack to report, by the size of the year", "Dari pengemasan sampai laporan, menurut ukuran tahun")
_RECEIPTS = Text("receipts, millions; both axes logarithmic", "kuitansi, juta; kedua sumbu logaritmik")
_SECONDS = Text("seconds of the processors", "detik prosesor")
_MEMORY = Text("memory at its largest, MiB", "memori puncak, MiB")
_ALL = Text("in all", "seluruhnya")
_MARKS = "osv^Dx"
_MILLION = 1e6
_WIDTH, _HEIGHT = 10.0, 5.2


def draw(result: Mapping[str, Any], language: str, kind: str = "svg") -> bytes:
    """A picture as ``svg`` or ``png``. Raises ``PlotsMissing``."""
    title = _TITLE.in_language(language)
    with canvas(_WIDTH, _HEIGHT) as figure:
        left, right = figure.subplots(1, 2)
        _panel(left, result, language, "cpu", cpu_of)
        _panel(right, result, language, "peak_mib", peak_of)
        left.set_ylabel(_SECONDS.in_language(language))
        right.set_ylabel(_MEMORY.in_language(language))
        left.legend(frameon=False, fontsize=8.5, loc="upper left")
        left.set_title(title, fontsize=12, fontweight="bold", loc="left")
        return render(figure, title, kind)


def _panel(
    panel: Axes, result: Mapping[str, Any], language: str, what: str, whole: Callable[[Mapping[str, Any]], float]
) -> None:
    points = result["curve"]
    sizes = [one["receipts"] / _MILLION for one in points]
    for (name, text), mark in zip(CALLED.items(), _MARKS, strict=True):
        values = [max(one["stages"][name][what], 0.01) for one in points]
        panel.plot(sizes, values, "--", lw=0.9, marker=mark, ms=5, color=INK, label=text.in_language(language))
    totals = [whole(one) for one in points]
    panel.plot(sizes, totals, "-", lw=2.4, color=INK, label=_ALL.in_language(language))
    for size, value in zip(sizes, totals, strict=True):
        panel.annotate(f"{value:,.0f}", (size, value), (0, 7), textcoords="offset points", ha="center", fontsize=8.5)
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xticks(sizes, [f"{size:.3g}" for size in sizes])
    panel.minorticks_off()
    panel.margins(x=0.08, y=0.15)
    panel.set_xlabel(_RECEIPTS.in_language(language))
    panel.grid(axis="both", color=LIGHT, linewidth=0.6)
    panel.set_axisbelow(True)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
