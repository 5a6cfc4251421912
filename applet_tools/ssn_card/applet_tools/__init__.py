# SPDX-License-Identifier: Apache-2.0
"""The card's applet as a card gets it: checks of its compiled classes, and its conversion to a CAP file.

``check_directory(classes)`` returns findings; ``build_cap(out, find_tools(None), print)`` returns a :class:`BuiltCap`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssn_card.protocol.lazy import lazily

if TYPE_CHECKING:
    from .build import BuiltCap, build_cap
    from .capfile import Cap, normalised, read_cap
    from .check import check_directory
    from .errors import (
        AppletFindings,
        BadCap,
        BadClassFile,
        ConversionFailed,
        NoClasses,
        ToolMissing,
    )
    from .findings import Finding
    from .tools import Tools, find_tools
else:  # the command line asks for its group's help, and seldom for more
    __getattr__ = lazily(
        __name__,
        {
            ".build": ("BuiltCap", "build_cap"),
            ".capfile": (
                "Cap",
                "normalised",
                "read_cap",
            ),
            ".check": ("check_directory",),
            ".errors": (
                "AppletFindings",
                "BadCap",
                "BadClassFile",
                "ConversionFailed",
                "NoClasses",
                "ToolMissing",
            ),
            ".findings": ("Finding",),
            ".tools": (
                "Tools",
                "find_tools",
            ),
        },
    )

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
    "build_cap",
    "check_directory",
    "find_tools",
    "normalised",
    "read_cap",
]
