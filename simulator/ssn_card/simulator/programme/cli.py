# SPDX-License-Identifier: Apache-2.0
"""The command ``ssn sim year``. What it needs of the extra ``[audit]`` is imported when it runs."""

from __future__ import annotations

import secrets
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer
from rich.console import RenderableType

from ssn_card.cli.errors import BadArgument, ExtraMissing
from ssn_card.cli.options import Keyring, OutFolder, Seed, key_provider
from ssn_card.cli.output import AsJson, emit, progress, say, stderr
from ssn_card.cli.tables import facts
from ssn_card.protocol.errors import Text, numeral, rupiah

from .sets import SchemeSet

if TYPE_CHECKING:
    from ssn_card.keys import KeyProvider

    from .play.year import YearSummary

FAMILIES = 1_688  #: of the programme in late 2025
_SEEDS = 1 << 32
FAMILIES_OPTION: Any = typer.Option(
    "--families", min=1, metavar="N", help="Families; shops in proportion / banyaknya keluarga; toko sebanding."
)
SCHEMES: Any = typer.Option(
    "--schemes",
    metavar="|".join(SchemeSet),
    help="Whose fraud: the programme's, or that of an author who had not seen the rules / "
    "kecurangan dari siapa: program, atau penulis yang belum melihat aturan.",
)


def year(
    seed: Seed = "",
    folder: OutFolder = Path("year"),
    families: Annotated[int, FAMILIES_OPTION] = FAMILIES,
    fast: Annotated[
        bool,
        typer.Option(
            "--fast",
            help="By the card's rules in numpy, not by the applet; the receipts are the same / "
            "dengan aturan kartu dalam numpy, bukan applet; kuitansinya sama.",
        ),
    ] = False,
    schemes: Annotated[SchemeSet, SCHEMES] = SchemeSet.PROGRAMME,
    keyring: Keyring = None,
    as_json: AsJson = False,
) -> None:
    """Run the programme for a year: families, shops, faults, fraud. Whoever is interrupted runs it again to go on.

    Jalankan program selama setahun: keluarga, toko, gangguan, kecurangan. Bila terputus, jalankan lagi untuk lanjut.

    Writes exports of the terminals, data of the offices, and the truth, which no auditor may read. The keys are the
    published development keys, or those of --keyring.

    Menulis ekspor terminal, data kantor, dan kebenarannya, yang tidak boleh dibaca auditor. Kuncinya kunci percobaan
    yang diketahui umum, atau yang dari --keyring.
    """
    number = _number(seed)
    if not seed:
        stderr().print(f"--seed {number}", highlight=False)
    with key_provider(keyring, development=keyring is None) as provider:
        summary = _made(_Asked(number, families, fast, schemes), folder, provider, as_json)
    told = {"seed": number, "folder": str(folder), "fast": fast, "schemes": schemes, **asdict(summary)}
    emit("sim-year", told, as_json, lambda: _table(folder, summary))


class _Asked(NamedTuple):
    seed: int
    families: int
    fast: bool
    schemes: SchemeSet


def _number(seed: str) -> int:
    """Raises ``BadArgument`` for what is no whole number from 0."""
    if not seed:
        return secrets.randbelow(_SEEDS)
    if not (seed.isascii() and seed.isdigit()):
        raise BadArgument(
            Text("The seed of a year is a whole number from 0.", "Benih tahun adalah bilangan bulat mulai 0."),
            where="--seed",
        )
    return int(seed)


def _made(asked: _Asked, path: Path, provider: KeyProvider, as_json: bool) -> YearSummary:
    """What the folder holds, made unless it is whole. Raises as :func:`.play.year.make`, and ``ExtraMissing``."""
    try:
        from .play.folder import About
        from .play.year import keys_of, planned_and_made
    except ModuleNotFoundError as error:
        if error.name is None or error.name.startswith("ssn_card"):
            raise
        raise ExtraMissing("audit", error.name) from None
    with progress(as_json) as bar:
        task = bar.add_task(say(Text("Planning", "Merencanakan")), total=None)
        return planned_and_made(
            About(*asked, keys_of(provider)),
            path,
            provider,
            begins=lambda steps: bar.update(task, description=say(Text("Playing", "Memainkan")), total=steps),
            progress=lambda done: bar.advance(task, done),
        )


def _table(folder: Path, summary: YearSummary) -> RenderableType:
    rows = (
        (Text("families", "keluarga"), say(numeral(summary.families))),
        (Text("cards", "kartu"), say(numeral(summary.cards))),
        (Text("shops", "toko"), say(numeral(summary.shops))),
        (Text("companions", "pendamping"), say(numeral(summary.companions))),
        (Text("receipts", "kuitansi"), say(numeral(summary.receipts))),
        (Text("lines handed in", "baris yang diserahkan"), say(numeral(summary.uploaded))),
        (Text("refused by cards", "ditolak kartu"), say(numeral(summary.refused))),
        (Text("debited", "didebit"), rupiah(summary.debited)),
        (Text("planted actors", "pelaku yang ditanam"), say(numeral(summary.actors))),
        (Text("honest look-alikes", "pelaku jujur yang serupa"), say(numeral(summary.lookalikes))),
    )
    return facts(Text(f"A year in {folder}", f"Setahun di {folder}"), rows)
