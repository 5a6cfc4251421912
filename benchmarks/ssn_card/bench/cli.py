# SPDX-License-Identifier: Apache-2.0
"""The commands ``ssn bench …``."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import RenderableType

from ssn_card.cli.options import Apdus
from ssn_card.cli.output import AsJson, emit, progress, say
from ssn_card.cli.tables import facts, table
from ssn_card.protocol.errors import Text
from ssn_card.simulator import Simulator, blank_card
from ssn_card.simulator.cost.pace import Pace
from ssn_card.simulator.pcscd import Pcscd, virtual_reader
from ssn_card.transport import open_connection, wait_for_card

from .apdu import Rate, measure
from .audit.cli import audit
from .growth.cli import growth
from .perso import PersoFigures
from .perso import measure as measure_perso
from .rules.cli import rules
from .tamper.cli import tamper

app = typer.Typer(no_args_is_help=True)
app.command()(audit)
app.command()(growth)
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


@app.command()
def perso(
    cards: Annotated[
        int, typer.Option("--cards-made", min=4, metavar="N", help="Cards of each measurement / kartu tiap pengukuran.")
    ] = 24,
    pace: Pace = "J3R180",
    as_json: AsJson = False,
) -> None:
    """Cards per second with one reader and with several, on cards as slow as real ones; and the station's own work.

    Kartu per detik dengan satu dan beberapa pembaca, pada kartu selambat kartu nyata; dan kerja stasiun sendiri.
    """
    with progress(as_json) as bar:
        task = bar.add_task(say(Text("Making cards", "Membuat kartu")), total=5 * cards)
        figures = measure_perso(cards, pace, lambda done: bar.advance(task, done))
    emit("bench-perso", figures.as_dict(), as_json, lambda: _perso_table(figures))


def _perso_table(figures: PersoFigures) -> RenderableType:
    rows = [
        *(
            (Text(f"cards/s, {one.readers} readers", f"kartu/detik, {one.readers} pembaca"), f"{one.cards_per_s:.2f}")
            for one in figures.paced
        ),
        (Text("times one reader", "kali satu pembaca"), f"{figures.gain:.2f}"),
        (Text("CPU ms a card, keys in a token", "CPU ms per kartu, kunci di token"), f"{figures.token_host_ms:.2f}"),
        (Text("CPU ms a card, keys of a file", "CPU ms per kartu, kunci berkas"), f"{figures.keyring_host_ms:.2f}"),
        (Text("derivations in the token a card", "turunan di token per kartu"), f"{figures.hsm_calls:.1f}"),
        (Text("disk syncs a card", "sinkronisasi disk per kartu"), f"{figures.disk_syncs:.1f}"),
        (Text("ms a card waiting for the disk", "ms per kartu menunggu disk"), f"{figures.disk_ms:.1f}"),
    ]
    return facts(Text("Personalization", "Personalisasi"), rows)


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
