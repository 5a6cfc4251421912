# SPDX-License-Identifier: Apache-2.0
"""The commands ``ssn sim …``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from ssn_card.cli.options import Only, Serial
from ssn_card.cli.output import AsJson, emit, progress, say, stderr
from ssn_card.cli.tables import table
from ssn_card.protocol.checkout import is_checkout
from ssn_card.protocol.errors import Text, numeral

from .campaign import FIGURES, Report, run
from .campaign.scenes import SCENES
from .cost.pace import Pace, timings_of
from .errors import TearsNotSurvived
from .factory import blank_card, card_named
from .figures.cli import figures
from .fuzz.cli import fuzz
from .harsh import Harsh
from .pcscd import virtual_reader
from .programme.cli import year
from .serve import serve, start_in_background
from .simulator import HARSH, SimulatedCard, Simulator

app = typer.Typer(no_args_is_help=True)
app.command()(fuzz)
app.command()(year)
app.command(hidden=not is_checkout())(figures)


@app.command()
def start(
    blanks: Annotated[
        int,
        typer.Option(
            "--blanks", min=0, metavar="N", help="Blank cards to begin with / banyaknya kartu kosong pada awalnya."
        ),
    ] = 1,
    pace: Pace = "",
    background: Annotated[
        bool, typer.Option("--background", help="Return once it runs / selesai begitu simulator berjalan.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Run a simulator that other commands find as sim:SERIAL.

    Jalankan simulator yang ditemukan perintah lain sebagai sim:SERIAL.
    """

    if pace:
        timings_of(pace)

    def ready(path: Path) -> None:
        with Simulator.attach(path) as simulator:
            made = [blank_card(simulator) for _ in range(blanks)]
        figures = {"state": str(path), "cards": [_as_dict(card) for card in made]}
        emit("sim-start", figures, as_json, lambda: _table(made))
        if not background and not as_json:
            stderr().print(say(Text("Ctrl-C ends the simulator.", "Ctrl-C mengakhiri simulator.")))

    if background:
        ready(start_in_background(pace=pace))
    else:
        serve(on_ready=ready, pace=pace)


@app.command("tear-campaign")
def tear_campaign(
    short: Annotated[bool, typer.Option("--short", help="Edges of writes only / hanya di tepi penulisan.")] = False,
    only: Only = "",
    harsh: Harsh = False,
    as_json: AsJson = False,
) -> None:
    """Tear every state-changing command at every persistent write, and judge the card after power-up.

    Putuskan daya di setiap penulisan tetap dari tiap perintah, lalu nilai kartunya setelah menyala.
    """
    scenes = [scene for scene in SCENES if only.lower() in scene.name.lower()]
    with Simulator(freedoms=HARSH if harsh else ()) as simulator, progress(as_json) as bar:
        task = bar.add_task(say(Text("Tearing", "Memutus daya")), total=len(scenes))
        report = run(simulator, scenes, short=short, progress=lambda _scene, _points: bar.advance(task))
    emit("sim-tear-campaign", report.as_dict(), as_json, lambda: _report(report))
    if report.failures:
        raise TearsNotSurvived(len(report.failures))


def _report(report: Report) -> RenderableType:
    names = ("scenes", *FIGURES)
    columns = (
        (Text("command", "perintah"), "whole"),
        (Text("states", "keadaan"), "right"),
        (Text("tear points", "titik putus"), "right"),
        (Text("double tears", "putus ganda"), "right"),
        (Text("rupiah lost", "rupiah hilang"), "right"),
        (Text("rupiah created", "rupiah tercipta"), "right"),
        (Text("stuck cards", "kartu macet"), "right"),
    )
    rows = [
        (name, *(say(numeral(getattr(one, figure))) for figure in names)) for name, one in report.by_command.items()
    ]
    rows.append((say(Text("all", "semua")), *(say(numeral(report.total(name))) for name in names)))
    for failure in report.failures[:20]:
        stderr().print(failure, markup=False, soft_wrap=True)
    return table(None, columns, rows)


@app.command()
def stop(as_json: AsJson = False) -> None:
    """End the simulator; its cards are gone.

    Akhiri simulator; kartu-kartunya lenyap.
    """
    simulator = Simulator.attach()
    simulator.shutdown()
    emit("sim-stop", {"stopped": True}, as_json, lambda: say(Text("Stopped.", "Berhenti.")))


@app.command("list")
def list_cards(as_json: AsJson = False) -> None:
    """The simulator's cards.

    Daftar kartu simulator.
    """
    with Simulator.attach() as simulator:
        cards = simulator.cards()
    emit("sim-list", {"cards": [_as_dict(card) for card in cards]}, as_json, lambda: _table(cards))


@app.command()
def insert(
    serial: Serial,
    slot: Annotated[
        int,
        typer.Option("--slot", min=0, max=1, metavar="N", help="Slot of the virtual reader / celah pembaca virtual."),
    ] = 0,
    as_json: AsJson = False,
) -> None:
    """Put a card into pcscd's virtual reader.

    Masukkan kartu ke pembaca virtual pcscd.
    """
    with Simulator.attach() as simulator:
        simulator.insert(card_named(simulator, serial.lower()), slot)
    reader = f"pcsc:{virtual_reader(slot)}"
    emit("sim-insert", {"serial": serial, "card": reader}, as_json, lambda: reader)


@app.command()
def eject(serial: Serial, as_json: AsJson = False) -> None:
    """Take a card out of pcscd's virtual reader.

    Keluarkan kartu dari pembaca virtual pcscd.
    """
    with Simulator.attach() as simulator:
        simulator.eject(card_named(simulator, serial.lower()))
    emit("sim-eject", {"serial": serial}, as_json, lambda: say(Text("Ejected.", "Dikeluarkan.")))


def _as_dict(card: SimulatedCard) -> dict[str, Any]:
    return {"serial": card.name, "card": f"sim:{card.name}", "socket": card.url}


def _table(cards: list[SimulatedCard]) -> RenderableType:
    columns = ((Text("card", "kartu"), "whole"), (Text("plain socket", "soket"), "whole"))
    return table(None, columns, ((f"sim:{card.name}", card.url) for card in cards))
