# SPDX-License-Identifier: Apache-2.0
"""Pictures that print in grey and come out the same, byte for byte, at every run."""

from .errors import BadPicture, PlotsMissing
from .style import DARK, INK, LIGHT, MIDDLE, PAPER, canvas, picture_format, render

__all__ = [
    "DARK",
    "INK",
    "LIGHT",
    "MIDDLE",
    "PAPER",
    "BadPicture",
    "PlotsMissing",
    "canvas",
    "picture_format",
    "render",
]
