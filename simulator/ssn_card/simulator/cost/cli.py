# SPDX-License-Identifier: Apache-2.0
"""The command ``ssn card cost``."""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer
from rich.console import Group
from rich.table import Table

from ssn_card.cli.output import AsJson, say, stdout
from ssn_card.protocol.errors import Text

from ..simulator import Simulator
from . import Projection, load_timings, measured, project
from .project import Measured

#: What a shopper waits for.
_TOGETHER = "SELECT + DEBIT"


def cost(
    card: Annotated[str, typer.Option("--card", metavar="TEXT", help="Cards whose name holds it / kartu.")] = "",
    as_json: AsJson = False,
) -> None:
    """Project the time of each command on real cards, from counts and measured operations.

    Perkirakan waktu setiap perintah pada kartu nyata.
    """
    with Simulator() as simulator:
        runs = measured(simulator)
    cards = [timings for timings in load_timings() if card.lower() in timings.card.lower()]
    projections = [project(run, timings) for timings in cards for run in runs]
    projections += [_together(projections, timings.card) for timings in cards]
    if as_json:
        json.dump([vars(one) for one in projections], sys.stdout)
        sys.stdout.write("\n")
    else:
        stdout().print(Group(_counts(runs), _times(projections)))


def _together(projections: list[Projection], card: str) -> Projection:
    parts = [one for one in projections if one.card == card and one.command in ("SELECT", "DEBIT")]
    unknown = tuple(dict.fromkeys(term for one in parts for term in one.unknown))
    low, high = (round(sum(getattr(one, name) for one in parts), 1) for name in ("low_ms", "high_ms"))
    return Projection(card, _TOGETHER, low, high, unknown)


def _counts(runs: list[Measured]) -> Table:
    table = Table(title=say(Text("Counted", "Terhitung")), title_justify="left")
    table.add_column(say(Text("command", "perintah")))
    headings = ("bytes", "bytecodes", "API", "AES calls", "blocks", "init", "writes", "written", "commit", "buffer")
    for heading in headings:
        table.add_column(heading, justify="right")
    for run in runs:
        one = run.counters
        figures = (
            run.line_bytes, one.converted_bytecodes, one.api_call_count, one.cipher_finals + one.cipher_updates,
            one.aes_blocks, one.inits, one.writes, one.written_bytes, one.commit_bytes, one.apdu_buffer_bytes,
        )  # fmt: skip
        table.add_row(run.command, *(str(figure) for figure in figures))
    return table


def _times(projections: list[Projection]) -> Table:
    """A bar of the bracket for each command: the chart in a terminal."""
    table = Table(title=say(Text("Projected, ms", "Perkiraan, ms")), title_justify="left")
    for heading in ("card", "command"):
        table.add_column(heading)
    table.add_column("ms", justify="right")
    table.add_column("")
    table.add_column(say(Text("not known", "tidak diketahui")))
    scale = max((one.high_ms for one in projections), default=1) / 40 or 1
    for one in projections:
        bar = "█" * round(one.low_ms / scale) + "░" * round((one.high_ms - one.low_ms) / scale)
        table.add_row(one.card, one.command, f"{one.low_ms:.1f}-{one.high_ms:.1f}", bar, ", ".join(one.unknown))
    return table
