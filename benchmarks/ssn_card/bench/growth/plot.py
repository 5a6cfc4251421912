# SPDX-License-Identifier: Apache-2.0
"""The curve drawn: seconds and memory of each stage by the number of receipts, on logarithmic scales."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from ssn_card.pictures import INK, canvas, render
from ssn_card.protocol.errors import Text

from ..pictures import MILLION, by_size, noted, plain
from .tables import CALLED, cpu_of, peak_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_TITLE = Text("From pack to report, by the size of the year", "Dari pengemasan sampai laporan, menurut ukuran tahun")
_SECONDS = Text("seconds of the processors", "detik prosesor")
_MEMORY = Text("memory at its largest, MiB", "memori puncak, MiB")
_ALL = Text("in all", "seluruhnya")
_MARKS = "osv^Dx"
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
    sizes = [one["receipts"] / MILLION for one in points]
    for (name, text), mark in zip(CALLED.items(), _MARKS, strict=True):
        values = [max(one["stages"][name][what], 0.01) for one in points]
        panel.plot(sizes, values, "--", lw=0.9, marker=mark, ms=5, color=INK, label=text.in_language(language))
    totals = [whole(one) for one in points]
    panel.plot(sizes, totals, "-", lw=2.4, color=INK, label=_ALL.in_language(language))
    noted(panel, sizes, totals, ",.0f")
    by_size(panel, sizes, ".3g", 0.15, language)
    plain(panel, "both")
