# SPDX-License-Identifier: Apache-2.0
"""The card's applet as a card gets it: checks of its compiled classes, and its conversion to a CAP file.

``check_directory(classes)`` returns findings; ``build(out, find_tools(None), print)`` returns a :class:`BuiltCap`.
"""

from __future__ import annotations

from .build import BuiltCap, build
from .capfile import Cap, normalised, read_cap
from .check import check_directory
from .errors import AppletFindings, BadCap, BadClassFile, ConversionFailed, NoClasses, ToolMissing
from .findings import Finding
from .tools import Tools, find_tools

__all__ = [
    "AppletFindings",
    "BadCap",
    "BadClassFile",
    "BuiltCap",
    "Cap",
    "ConversionFailed",
    "Finding",
    "NoClasses",
    "ToolMissing",
    "Tools",
    "build",
    "check_directory",
    "find_tools",
    "normalised",
    "read_cap",
]
