# SPDX-License-Identifier: Apache-2.0
"""How every picture looks: greys only, so that it prints; the same bytes at every run, so that it can be checked."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .errors import FORMATS, BadPicture, PlotsMissing

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK, DARK, MIDDLE, LIGHT, PAPER = "#1a1a1a", "#4d4d4d", "#9a9a9a", "#dcdcdc", "#ffffff"

_PNG_DPI = 150

_SETTINGS: dict[Any, Any] = {
    "svg.hashsalt": "ssn-card",
    "svg.fonttype": "path",  # the reader may not have the font
    "font.family": "DejaVu Sans",  # comes with matplotlib
    "font.size": 10,
    "axes.edgecolor": DARK,
    "axes.labelcolor": INK,
    "text.color": INK,
    "xtick.color": DARK,
    "ytick.color": INK,
    "hatch.color": DARK,
    "hatch.linewidth": 0.7,
}


def picture_format(path: Path) -> str:
    """``svg`` or ``png``, by the name's end. Raises :class:`BadPicture`."""
    ending = path.suffix.lower().removeprefix(".")
    if ending not in FORMATS or not path.parent.is_dir():
        raise BadPicture(path)
    return ending


@contextmanager
def canvas(width: float, height: float) -> Iterator[Figure]:
    """An empty figure of so many inches, in the style; draw and :func:`render` inside. Raises :class:`PlotsMissing`."""
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError:
        raise PlotsMissing from None
    with rc_context(_SETTINGS):
        yield Figure(figsize=(width, height), facecolor=PAPER, layout="constrained")


def render(figure: Figure, title: str, kind: str = "svg") -> bytes:
    """The file's bytes, without a date. ``title``: for those who do not see it."""
    stream = io.BytesIO()
    if kind == "svg":
        figure.savefig(stream, format="svg", metadata={"Date": None, "Creator": "ssn", "Title": title})
    else:
        figure.savefig(stream, format=kind, dpi=_PNG_DPI, metadata={"Software": "ssn", "Title": title})
    return stream.getvalue()
