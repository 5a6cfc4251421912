# SPDX-License-Identifier: Apache-2.0
"""Text of others (names of shops, files, goods) before it goes on a page: nothing in it can act, or hide."""

from __future__ import annotations

import textwrap
import unicodedata

REPLACED = "\N{REPLACEMENT CHARACTER}"


def shown(text: str | None) -> str:
    """The text in one line. What is no character to be seen, such as one that turns the direction of writing, becomes
    ``�``; what cannot be UTF-8 too."""
    return " ".join("".join(map(_shown, text or "")).split())


def _shown(character: str) -> str:
    if character.isspace():
        return " "
    return REPLACED if unicodedata.category(character).startswith("C") else character


def letters(text: str) -> str:
    """The text in the letters that the fonts of our papers have; others by their number: ``U+4E2D``.

    A picture or a PDF would have an empty box there, or another letter; a browser has fonts of its own.
    """
    return "".join(one if _has(one) else f"[U+{ord(one):04X}]" for one in text)


def label(text: str, width: int = 20) -> str:
    """For a chart, where a name has little room: in two lines at most; the whole name stands in a table beside it."""
    return "\n".join(textwrap.wrap(letters(text), width, max_lines=2, placeholder="…"))


def _has(character: str) -> bool:
    """Latin letters with their marks, and signs that prose and figures need."""
    return ord(character) < 0x180 or character in "–—‘’“”…•·×−≤≥→" + REPLACED
