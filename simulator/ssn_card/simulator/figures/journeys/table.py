# SPDX-License-Identifier: Apache-2.0
"""A journey as a table of the document: one line a stop, each with the file that it is in."""

from __future__ import annotations

import importlib
from pathlib import Path

from .walk import Stop, Walk

_INDENT = "·&nbsp;"


def journey_table(walk: Walk, root: Path) -> str:
    """Markdown: what the walk passed in figures, then its stops with links from the folder ``docs``.

    Args:
        walk: as recorded.
        root: of the checkout.
    """
    counts = (
        f"{len(walk.stops)} stops; in all {walk.calls} calls of {len(walk.functions)} functions in {len(walk.files)}"
        f" files, {walk.switches} from one package into another."
    )
    lines = ["| | where | what |", "|---:|---|---|"]
    lines += [f"| {number} | {_where(stop, root)} | {stop.says} |" for number, stop in enumerate(walk.stops, 1)]
    return "\n".join((counts, "", *lines))


def _where(stop: Stop, root: Path) -> str:
    file = Path(str(importlib.import_module(f"ssn_card.{stop.module}").__file__)).resolve().relative_to(root.resolve())
    command = f" **{stop.command.replace('_', ' ')}**" if stop.command else ""
    return f"{_INDENT * stop.depth}[`{stop.name}`](../{file.as_posix()}){command}"
