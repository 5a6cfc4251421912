# SPDX-License-Identifier: Apache-2.0
"""What ``ssn card cost`` prints: the counts once, then each card with its brackets as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rich.console import Group, RenderableType
from rich.text import Text as Styled

from ssn_card.cli.output import say
from ssn_card.cli.tables import table
from ssn_card.protocol.errors import NO_TEXT, Text, default_language

from .counts import HEADINGS
from .goals import TOGETHER, goal_ms, met
from .project import Projection
from .words import unknown_terms

_COMMAND = (Text("command", "perintah"), "whole")
_BAR = 22  #: characters; beside it the remark fits 80 columns
_MET = {
    True: Text("goal {:g}: met", "sasaran {:g}: tercapai"),
    False: Text("goal {:g}: not met", "sasaran {:g}: belum"),
    None: Text("goal {:g}: not known", "sasaran {:g}: tidak diketahui"),
}


def counts_table(counts: Mapping[str, Mapping[str, int]]) -> RenderableType:
    """The counts of every command, which are the same on all cards."""
    title = Text("Counted on the simulator, the same for all cards:", "Dihitung pada simulator, sama bagi semua kartu:")
    columns = (_COMMAND, *((heading, "right") for heading in HEADINGS.values()))
    rows = (_row(command, command, *(str(figures[name]) for name in HEADINGS)) for command, figures in counts.items())
    return table(title, columns, rows)


def card_table(projections: Sequence[Projection]) -> RenderableType:
    """One card: a bracket for each command, on a scale of its own."""
    scale = max(one.high_ms for one in projections) / _BAR
    rows = (_row(one.command, one.command, _bracket(one), _bar(one, scale), _remark(one)) for one in projections)
    columns = (_COMMAND, (Text("ms", "ms"), "right"), (NO_TEXT, "whole"), (NO_TEXT, "left"))
    return Group(Styled(""), Styled(projections[0].card, style="bold"), table(None, columns, rows))


def _row(command: str, *cells: str) -> list[Styled]:
    style = "bold" if command == TOGETHER else ""
    return [Styled(cell, style=style) for cell in cells]


def _bracket(one: Projection) -> str:
    return f"≥ {one.low_ms:.1f}" if one.unknown else f"{one.low_ms:.1f} - {one.high_ms:.1f}"


def _bar(one: Projection, scale: float) -> str:
    """From the lower to the upper bracket, open to the right where a term is not known; a short one still shows."""
    start, end = round(one.low_ms / scale), round(one.high_ms / scale)
    start = min(start, _BAR - 1)
    bar = "·" * start + "█" * max(end - start, 1)
    return bar.ljust(_BAR, "░") if one.unknown else bar


def _remark(one: Projection) -> str:
    remarks = []
    goal = goal_ms(one.card, one.command)
    if goal is not None:
        remarks.append(say(_MET[met(one)]).format(goal))
    if one.unknown:
        terms = unknown_terms(one, default_language())
        remarks.append(say(Text("not known: {}", "tidak diketahui: {}")).format(terms))
    return "; ".join(remarks)
