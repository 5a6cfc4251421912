# SPDX-License-Identifier: Apache-2.0
"""The commands ``ssn bench …``."""

from __future__ import annotations

import typer
from rich.console import RenderableType

from ssn_card.cli.options import Apdus
from ssn_card.cli.output import AsJson, emit, progress
from ssn_card.cli.tables import table
from ssn_card.protocol.errors import Text
from ssn_card.simulator import Simulator, blank_card
from ssn_card.simulator.pcscd import Pcscd, virtual_reader
from ssn_card.transport import open_connection, wait_for_card

from .apdu import Rate, measure
from .audit.cli import audit
from .rules.cli import rules
from .tamper.cli import tamper

app = typer.Typer(no_args_is_help=True)
app.command()(audit)
app.command()(rules)
app.command()(tamper)


@app.command()
def apdu(
    count: Apdus = 10_000,
    as_json: AsJson = False,
) -> None:
    """Commands per second through a plain socket and through pcscd.

    Perintah per detik lewat soket biasa dan lewat pcscd.
    """
    rates: dict[str, Rate] = {}
    with Simulator() as simulator, Pcscd(), progress(as_json) as bar:
        card = blank_card(simulator)
        for path in ("sim", "pcsc"):
            task = bar.add_task(path, total=count)
            if path == "pcsc":
                simulator.insert(card)
                wait_for_card(virtual_reader())
            url = card.url if path == "sim" else f"pcsc:{virtual_reader()}"
            with open_connection(url) as connection:
                measure(connection, min(count, 2_000), lambda _: None)  # the JVM warms up on both paths alike
                rates[path] = measure(connection, count, lambda done, task=task: bar.update(task, completed=done))  # type: ignore[misc]
    emit("bench-apdu", {path: rate.as_dict() for path, rate in rates.items()}, as_json, lambda: _table(rates))


def _table(rates: dict[str, Rate]) -> RenderableType:
    columns = (
        (Text("way", "jalur"), "whole"),
        (Text("APDU", "APDU"), "right"),
        (Text("errors", "galat"), "right"),
        (Text("APDU/s", "APDU/detik"), "right"),
    )
    names = ("apdus", "errors", "apdu_per_s")
    rows = ((path, *(f"{rate.as_dict()[name]:,.0f}" for name in names)) for path, rate in rates.items())
    return table(None, columns, rows)
