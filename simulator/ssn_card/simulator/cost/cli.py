# SPDX-License-Identifier: Apache-2.0
"""The command ``ssn card cost``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Group

from ssn_card.cli.options import Only
from ssn_card.cli.output import AsJson, stderr, stdout
from ssn_card.cli.tables import sentence
from ssn_card.pictures import BadPicture, picture_format
from ssn_card.protocol.errors import InputError, Text, default_language
from ssn_card.protocol.system import system_reason

from ..simulator import Simulator
from . import load_timings, measured, project
from .chart import draw
from .counts import all_counts
from .goals import goal_ms, with_together
from .project import Measured, Projection
from .tables import card_table, counts_table


class NoSuchTimings(InputError):
    """No measured card has this in its name."""

    code = "no-such-timings"
    text = Text("No measured card has '{name}' in its name.", "Tidak ada kartu bernama '{name}'.")
    remedy = Text("Leave --only out to see all cards.", "Tanpa --only semua kartu ditampilkan.")
    name: str


def cost(
    only: Only = "",
    chart: Annotated[
        Path | None,
        typer.Option(
            "--chart", metavar="FILE", help="Draw a chart too, .svg or .png / gambar juga bagannya, .svg atau .png."
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What its :class:`~ssn_card.cli.groups.Command` says."""
    picture = picture_format(chart) if chart else ""
    wanted = [timings for timings in load_timings() if only.lower() in timings.card.lower()]
    if not wanted:
        raise NoSuchTimings(only)
    with Simulator() as simulator:
        runs = measured(simulator)
    cards = [with_together([project(run, timings) for run in runs]) for timings in wanted]
    if chart:
        drawn = draw(cards, default_language(), picture)
        try:
            chart.write_bytes(drawn)
        except OSError as error:
            why = Text("The picture cannot be written: {why}.", "Gambar tidak dapat ditulis: {why}.")
            raise BadPicture(chart, why.filled(why=system_reason(error))) from error
    if as_json:
        json.dump(_rows(cards, runs), sys.stdout)
        sys.stdout.write("\n")
    else:
        tables = (counts_table(all_counts(runs)), *(card_table(one) for one in cards))
        stdout().print(Group(*tables), crop=False)
        if chart:
            stderr().print(sentence(Text(f"Chart: {chart}", f"Bagan: {chart}")), crop=False)


def _rows(cards: list[list[Projection]], runs: list[Measured]) -> list[dict[str, object]]:
    """A list, as the programme asks for: a row for each card and command."""
    counts = all_counts(runs)
    return [
        {**vars(one), "goal_ms": goal_ms(one.card, one.command), "counts": counts[one.command]}
        for card in cards
        for one in card
    ]
