# SPDX-License-Identifier: Apache-2.0
"""The sizes of the CAP file, which only a Java Card kit tells: measured where there is one, else kept as they are."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from ssn_card.applet_tools.build import APPLET_DIRECTORY, LOAD_SIZE_GOAL, build_cap
from ssn_card.applet_tools.capfile import NOT_LOADED
from ssn_card.applet_tools.tools import KIT_VARIABLE, TASK_VARIABLE, find_tools

from .regions import markdown_table


def cap_regions() -> dict[str, str | None]:
    """The regions ``size`` and ``cap``; ``None`` where no kit is given. Raises what a conversion raises."""
    if not all(os.environ.get(name) for name in (KIT_VARIABLE, TASK_VARIABLE)):
        return {"size": None, "cap": None}
    with tempfile.TemporaryDirectory() as folder:
        built = build_cap(Path(folder), find_tools(None), lambda _said: None)
    cap = built.cap
    rows: list[tuple[object, ...]] = [
        (name, "no" if name in NOT_LOADED else "yes", size) for name, size in cap.components.items()
    ]
    rows.append(("**load size**", "", f"**{cap.load_size:,}**"))
    how = (
        f"Measured by `ssn applet build` with {Path(os.environ[KIT_VARIABLE]).name}, target {built.target}, {_stamp()}."
    )
    size = f"The CAP file loads {cap.load_size:,} bytes; the goal is at most {LOAD_SIZE_GOAL:,}."
    return {
        "size": f"{size} {how}",
        "cap": f"{how}\n\n{markdown_table(('component', 'loaded', 'bytes'), rows, left=2)}",
    }


def is_of_these_sources(text: str) -> bool:
    """Whether the sizes in a document were measured of the applet as its sources are now."""
    return _stamp() in text


def _stamp() -> str:
    """Tells these sources from any others."""
    digest = hashlib.sha256()
    for path in sorted((APPLET_DIRECTORY / "src" / "main" / "java").rglob("*.java")):
        digest.update(path.read_bytes())
    return f"sources {digest.hexdigest()[:8]}"
