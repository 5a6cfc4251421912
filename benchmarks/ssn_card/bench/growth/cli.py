# SPDX-License-Identifier: Apache-2.0
"""The command ``ssn bench growth``."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from ssn_card.cli.output import AsJson, emit, progress, say
from ssn_card.pictures import picture_format
from ssn_card.protocol.errors import default_language
from ssn_card.simulator.programme.cli import FAMILIES_OPTION

from ..pictures import Plot, write_picture

SIZES = (4_300, 43_000)
MADE = 128_043  #: families of the whole programme: a year of so many is planned as one


def growth(
    families: Annotated[list[int] | None, FAMILIES_OPTION] = None,
    made: Annotated[
        int,
        typer.Option(
            "--made",
            min=1,
            metavar="N",
            help="Families of the largest year that is planned; larger ones are copies of it, each with cards, shops "
            "and keys of its own / keluarga pada tahun terbesar yang direncanakan; yang lebih besar salinannya, dengan "
            "kartu, toko dan kunci sendiri.",
        ),
    ] = MADE,
    seed: Annotated[
        int, typer.Option("--year-seed", min=0, metavar="N", help="Seed of all years / benih semua tahun.")
    ] = 5,
    plot: Plot = None,
    room: Annotated[
        Path | None,
        typer.Option(
            "--work-dir",
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Folder for the files, 600 bytes a receipt; years made in it stay, and serve again / "
            "folder berkas, 600 bita per kuitansi; tahun yang dibuat di situ tetap ada dan dipakai lagi.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """What an audit costs as years grow: time and memory of each stage, from pack to the report.

    Biaya audit bila tahun membesar: waktu dan memori tiap tahap, dari pengemasan sampai laporan.
    """
    from .plot import draw  # only now: numpy, numba and Arrow are for those who audit
    from .run import Growth
    from .tables import tables

    picture = picture_format(plot) if plot else ""
    with ExitStack() as stack:
        folder = room or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="ssn-growth-")))
        bar = stack.enter_context(progress(as_json))
        task = bar.add_task("", total=None)
        result = Growth(folder, made, seed, lambda what: bar.update(task, description=say(what))).run(families or SIZES)
    if plot:
        write_picture(plot, draw(result, default_language(), picture))
    emit("bench-growth", result, as_json, lambda: tables(result))
