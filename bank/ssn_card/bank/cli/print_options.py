# SPDX-License-Identifier: Apache-2.0
"""Options of ``ssn bank print``: which cards, on which paper, by which printer."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ssn_card.cli.errors import BadArgument
from ssn_card.cli.files import read_serials
from ssn_card.cli.options import OptionalSerialFile
from ssn_card.protocol.errors import Text

from ..printing.faces import BLEED_MAX, FaceSide
from ..printing.holders import kode_of
from ..printing.jobs import CardChoice, PaperOptions
from ..printing.lists import ListedBy
from ..store.tables.printing import PrintKind
from .options import Kecamatan, OptionalBatch

if TYPE_CHECKING:
    from ..printing.design import CardDesign

PRINTER_VARIABLE = "SSN_BANK_PRINTER"
DEFAULT_PRINTER = "file:prints"


class Papers(StrEnum):
    """What is printed, as it is asked for."""

    FACES = "faces"
    LETTERS = "letters"
    LISTS = "lists"

    @property
    def kind(self) -> PrintKind:
        """As a job has it."""
        return PrintKind(self.value.removesuffix("s"))


WhichPapers = Annotated[
    Papers,
    typer.Argument(
        metavar="PAPER", help="faces, letters or lists / faces: muka kartu; letters: surat; lists: daftar penyerahan."
    ),
]
Job = Annotated[int, typer.Argument(metavar="JOB", help="Number of a print job / nomor pekerjaan cetak.")]
Jobs = Annotated[
    list[int], typer.Argument(metavar="JOB...", help="Numbers of print jobs / nomor-nomor pekerjaan cetak.")
]
_PRINTER = typer.Option(
    "--printer",
    metavar="NAME",
    envvar=PRINTER_VARIABLE,
    help="Where to: file:FOLDER, cups:QUEUE?OPTION=VALUE, or another installed one / tujuan: file:FOLDER, "
    "cups:ANTREAN?OPSI=NILAI, atau pencetak lain yang terpasang.",
)
PrinterName = Annotated[str, _PRINTER]
OtherPrinter = Annotated[str | None, _PRINTER]
OneOfThem = Annotated[
    list[str] | None,
    typer.Option(
        "--serial",
        metavar="SERIAL",
        help="This card of the job alone, repeatable / hanya kartu ini dari pekerjaan itu, dapat diulang.",
    ),
]
WithNames = Annotated[
    bool,
    typer.Option("--with-names", help="Names too: the output is private / sertakan nama: keluarannya rahasia."),
]
Unfinished = Annotated[
    bool,
    typer.Option(
        "--unfinished", help="Those alone that are not confirmed or failed / hanya yang belum dipastikan atau gagal."
    ),
]


@dataclass(frozen=True)
class ChoiceOptions:
    """Which cards; :func:`~ssn_card.cli.grouped.grouped` makes options of it, and of the one below."""

    batch: OptionalBatch = None
    serials: OptionalSerialFile = None
    kecamatan: Kecamatan = None

    def choice(self) -> CardChoice:
        """Raises ``BadArgument``, ``BadFile``, ``UnknownRegionError``."""
        if self.batch is None and self.serials is None and self.kecamatan is None:
            raise BadArgument(
                Text("Which cards is not said.", "Kartu yang mana belum disebut."),
                where="--batch",
                remedy=Text(
                    "Give --batch NAME, --serials FILE or --kecamatan CODE.",
                    "Berikan --batch NAMA, --serials BERKAS, atau --kecamatan KODE.",
                ),
            )
        return CardChoice(
            batch=self.batch,
            serials=None if self.serials is None else [serial.hex() for serial in read_serials(self.serials)],
            kecamatan=None if self.kecamatan is None else kode_of(self.kecamatan),
        )


@dataclass(frozen=True)
class LookOptions:
    """How it looks."""

    design: Annotated[
        Path | None,
        typer.Option(
            "--design",
            metavar="FILE",
            help="Design of cards and letters, TOML / desain kartu dan surat, TOML.",
        ),
    ] = None
    side: Annotated[FaceSide, typer.Option("--side", help="Sides of the cards / sisi kartu yang dicetak.")] = (
        FaceSide.BOTH
    )
    bleed: Annotated[
        int,
        typer.Option(
            "--bleed",
            min=0,
            max=BLEED_MAX,
            metavar="MM",
            help="Background beyond each edge of a card, in millimetres / latar melewati tepi kartu, dalam milimeter.",
        ),
    ] = 0
    by: Annotated[
        ListedBy,
        typer.Option("--by", help="For what a list begins anew / untuk apa daftar dimulai dari halaman baru."),
    ] = ListedBy.COMPANION
    per_job: Annotated[
        int,
        typer.Option(
            "--per-job", min=1, metavar="N", help="Cards in a job, at most / kartu dalam satu pekerjaan, paling banyak."
        ),
    ] = 500

    def paper(self, printer: str) -> PaperOptions:
        """Raises ``DesignUnusable``."""
        return PaperOptions(printer, self._design(), self.side, self.bleed, self.by, self.per_job)

    def _design(self) -> CardDesign:
        from ..printing.design import load_design

        return load_design(self.design)
