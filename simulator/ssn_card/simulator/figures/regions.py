# SPDX-License-Identifier: Apache-2.0
"""Marked regions of a document, which are made and not written: ``<!-- figures:NAME -->`` to ``<!-- /figures -->``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from ssn_card.protocol.errors import InputError, Text

_REGION = re.compile(r"(<!-- figures:(?P<name>[a-z-]+) -->\n)(?P<body>.*?)(<!-- /figures -->)", re.DOTALL)


class BadRegions(InputError):
    """A document lacks a region that is made for it, has one that nobody makes, or one that has no end."""

    code = "bad-figure-regions"
    remedy = Text(
        "Mark each region once: <!-- figures:NAME --> and <!-- /figures -->, each on a line.",
        "Tandai setiap bagian sekali: <!-- figures:NAMA --> dan <!-- /figures -->, masing-masing satu baris.",
    )
    text = Text(
        "The document should have the regions {wanted}; it has {found}.",
        "Dokumen seharusnya memuat bagian {wanted}; yang ada {found}.",
    )
    where = "{path}"
    path: Path
    wanted: str
    found: str


def filled(path: Path, text: str, bodies: Mapping[str, str | None]) -> str:
    """``text`` with its regions made anew; a body of ``None`` leaves a region as it is. Raises :class:`BadRegions`."""
    found = [match["name"] for match in _REGION.finditer(text)]
    if sorted(found) != sorted(bodies) or text.count("<!-- figures:") != len(found):
        raise BadRegions(path, ", ".join(bodies), ", ".join(found) or "-")

    def replaced(match: re.Match[str]) -> str:
        body = bodies[match["name"]]
        return match[0] if body is None else f"{match[1]}{body.strip()}\n{match[4]}"

    return _REGION.sub(replaced, text)


def markdown_table(head: Sequence[str], rows: Sequence[Sequence[object]], left: int = 1) -> str:
    """A table whose first ``left`` columns are text and whose others are numbers; integers get thousands separators."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * left + "---:|" * (len(head) - left)]
    for row in rows:
        cells = (f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)
