# SPDX-License-Identifier: Apache-2.0
"""Options of outreach: at the bank and on the tablet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_MAX_DAYS = 31
Tablet = Annotated[
    str, typer.Option("--tablet", metavar="NAME", help="The tablet, by its name / tablet, menurut namanya.")
]
Registration = Annotated[
    Path, typer.Argument(metavar="FILE", help="A tablet's registration / pendaftaran sebuah tablet.")
]
TabletName = Annotated[str, typer.Argument(metavar="NAME", help="Name of a tablet / nama tablet.")]
Results = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="Results of tablets / hasil kunjungan dari tablet.")
]
Days = Annotated[
    int,
    typer.Option(
        "--days",
        min=1,
        max=_MAX_DAYS,
        metavar="N",
        help="For so many days, today the first / untuk sekian hari, mulai hari ini.",
    ),
]
ResultsTo = Annotated[
    Path,
    typer.Option(
        "--results-to",
        metavar="FILE",
        help="The bank's public key, to which tablets seal their results, PEM / "
        "kunci publik bank, untuk menyegel hasil dari tablet, PEM.",
    ),
]
BankKey = Annotated[
    Path,
    typer.Option(
        "--private-key",
        metavar="FILE",
        help="Your private key, for a file that is sealed to its public key / "
        "kunci privat Anda, untuk berkas yang disegel untuk kunci publiknya.",
    ),
]
