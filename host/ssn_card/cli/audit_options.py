# SPDX-License-Identifier: Apache-2.0
"""Options of ``ssn audit``: by whom it is judged, and how it is attested."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from ssn_card.audit.wanted import Wanted

Receipts = Annotated[
    list[Path],
    typer.Argument(
        metavar="PATH...",
        help="Receipts, JSON Lines, CSV or Parquet: files, folders, stores, - for standard input / "
        "kuitansi, JSON Lines, CSV, atau Parquet: berkas, folder, gudang, - untuk masukan standar.",
    ),
]


SigningKey = Annotated[
    Path | None,
    typer.Option(
        "--key",
        metavar="FILE",
        help="The auditor's signing key; password from SSN_ATTESTATION_PASSWORD or asked for / "
        "kunci tanda tangan auditor; kata sandi dari SSN_ATTESTATION_PASSWORD atau ditanyakan.",
    ),
]


@dataclass(frozen=True)
class RunOptions:
    """Who judges, and what need not be judged again."""

    engine: Annotated[
        Wanted,
        typer.Option(
            "--engine",
            help="kernel: compiled; lockstep: numpy alone; auto: the fastest that can run here / "
            "kernel: terkompilasi; lockstep: hanya numpy; auto: yang tercepat di sini.",
        ),
    ] = Wanted.AUTO
    workers: Annotated[
        int | None,
        typer.Option(
            "--workers",
            min=1,
            metavar="N",
            help="Threads that judge; default: one for each processor / banyaknya utas; bawaan: satu tiap prosesor.",
        ),
    ] = None
    recall: Annotated[
        Path | None,
        typer.Option(
            "--recall",
            metavar="FILE",
            help="Record of what was verified in a store and need not be again while it is the same; made, then kept / "
            "catatan isi gudang yang sudah diperiksa dan tidak perlu lagi selama tidak berubah; dibuat lalu disimpan.",
        ),
    ] = None
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="Judge on a Dask cluster: tls://HOST:PORT, or tcp://127.0.0.1:PORT / "
            "periksa di klaster Dask: tls://HOST:PORT, atau tcp://127.0.0.1:PORT.",
        ),
    ] = None


@dataclass(frozen=True)
class AttestOptions:
    """Whether the verdict is signed, and by whom."""

    attest: Annotated[
        Path | None,
        typer.Option(
            "--attest",
            metavar="FILE",
            help="Write what was judged and found, signed / tulis apa yang diperiksa dan ditemukan, bertanda tangan.",
        ),
    ] = None
    key: SigningKey = None


class Languages(Enum):
    """Of the pages."""

    ID = "id"
    EN = "en"
    BOTH = "both"


@dataclass(frozen=True)
class ReportOptions:
    """What the pages of a report are like, and whether names are on them."""

    language: Annotated[
        Languages,
        typer.Option(
            "--language",
            help="Language of the pages; each has its own HTML and PDF / "
            "bahasa halaman; masing-masing punya HTML dan PDF sendiri.",
        ),
    ] = Languages.BOTH
    date: Annotated[
        str | None,
        typer.Option(
            "--date",
            metavar="DATE",
            help="Day that stands on the report; default that of SOURCE_DATE_EPOCH, else of the newest receipt / "
            "tanggal pada laporan; tanpa ini dari SOURCE_DATE_EPOCH, atau kuitansi terbaru.",
        ),
    ] = None
    because: Annotated[
        str | None,
        typer.Option(
            "--personal-data-because",
            metavar="REASON",
            help="Show the names of families that something speaks against, for this reason, which the report states / "
            "tampilkan nama keluarga yang disangkakan, dengan alasan ini, yang tercantum di laporan.",
        ),
    ] = None
