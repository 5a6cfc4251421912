# SPDX-License-Identifier: Apache-2.0
"""The command ``ssn bench audit``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from ssn_card.cli.output import AsJson, emit, progress, say
from ssn_card.pictures import picture_format
from ssn_card.protocol.errors import default_language

from ..pictures import Plot, write_picture

DEFAULT_CURVE = (1_000_000, 3_000_000)


def audit(
    receipts: Annotated[
        list[int] | None,
        typer.Option(
            "--receipts",
            min=1,
            metavar="N",
            help="A size of the curve, more than once for several / ukuran pada kurva, boleh berulang.",
        ),
    ] = None,
    repeats: Annotated[
        int,
        typer.Option("--repeats", min=1, metavar="N", help="Of each the median / dari masing-masing diambil median."),
    ] = 3,
    plot: Plot = None,
    room: Annotated[
        Path | None,
        typer.Option(
            "--room",
            metavar="DIR",
            exists=True,
            file_okay=False,
            help="Folder for the files meanwhile, 300 bytes a receipt / folder berkas sementara, 300 bita/kuitansi.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Receipts judged in a second by one core, every rule on, beside what else can be done in it.

    Kuitansi yang diperiksa satu inti dalam sedetik, semua aturan aktif, di samping yang lain yang dapat dilakukannya.
    """
    from .plot import draw  # only now: numpy, numba and Arrow are for those who audit
    from .run import Bench
    from .tables import tables

    picture = picture_format(plot) if plot else ""
    with tempfile.TemporaryDirectory(dir=room) as folder, progress(as_json) as bar:
        task = bar.add_task("", total=None)
        bench = Bench(Path(folder), told=lambda what: bar.update(task, description=say(what)))
        result = bench.run(repeats, receipts or DEFAULT_CURVE)
    if plot:
        write_picture(plot, draw(result, default_language(), picture))
    emit("bench-audit", result.as_dict(), as_json, lambda: tables(result))
