# SPDX-License-Identifier: Apache-2.0
"""Charts of what a measurement came to: asked for, drawn alike, written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from ssn_card.cli.output import stderr
from ssn_card.cli.tables import sentence
from ssn_card.pictures import LIGHT, BadPicture
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Plot = Annotated[
    Path | None,
    typer.Option("--plot", metavar="FILE", help="Draw it too, .svg or .png / gambar juga, .svg atau .png."),
]
MILLION = 1e6
_RECEIPTS = Text("receipts, millions; both axes logarithmic", "kuitansi, juta; kedua sumbu logaritmik")


def write_picture(path: Path, drawn: bytes) -> None:
    """Written, and said. Raises ``BadPicture`` where it cannot be."""
    try:
        path.write_bytes(drawn)
    except OSError as error:
        why = Text("The picture cannot be written: {why}.", "Gambar tidak dapat ditulis: {why}.")
        raise BadPicture(path, why.filled(why=system_reason(error))) from error
    stderr().print(sentence(Text(f"Chart: {path}", f"Bagan: {path}")), crop=False)


def by_size(panel: Axes, millions: Sequence[float], digits: str, room: float, language: str) -> None:
    """Logarithmic scales over sizes in millions of receipts; ``digits``: how these are written, ``room``: above."""
    panel.set_xscale("log")
    panel.set_yscale("log")
    panel.set_xticks(millions, [format(size, digits) for size in millions])
    panel.minorticks_off()
    panel.margins(x=0.08, y=room)
    panel.set_xlabel(_RECEIPTS.in_language(language))


def noted(panel: Axes, millions: Sequence[float], values: Sequence[float], digits: str) -> None:
    """Values beside their points."""
    for size, value in zip(millions, values, strict=True):
        panel.annotate(
            format(value, digits), (size, value), (0, 7), textcoords="offset points", ha="center", fontsize=8.5
        )


def plain(panel: Axes, axis: Literal["x", "both"]) -> None:
    """Hairlines, no frame."""
    panel.grid(axis=axis, color=LIGHT, linewidth=0.6)
    panel.set_axisbelow(True)
    for side in ("top", "right"):
        panel.spines[side].set_visible(False)
