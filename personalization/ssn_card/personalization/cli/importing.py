# SPDX-License-Identifier: Apache-2.0
"""``ssn perso import`` and ``ssn perso exceptions``: extracts into the bank's store, and what was wrong with them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from ssn_card.bank.cli.options import BankOptions
from ssn_card.cli.errors import EXIT_FINDINGS
from ssn_card.cli.grouped import grouped
from ssn_card.cli.options import AllowExpired, OutFile, PolicyFile, PolicyToday
from ssn_card.cli.output import AsJson, emit, progress, say, warn
from ssn_card.personalization.intake.exceptions import import_exceptions, is_exceptions, write_exceptions
from ssn_card.personalization.intake.importing import ControlTotals, ImportReport, OnRows, import_extract
from ssn_card.personalization.intake.mapped import MappedTable
from ssn_card.personalization.intake.profile import load_profile, write_profile
from ssn_card.personalization.station.run import require_sound
from ssn_card.protocol.errors import Text
from ssn_card.terminal import now

from .import_table import import_tables
from .keys import Force
from .policies import policy_chosen

_READING = Text("rows", "baris")
_GUESSED = Text("guessed: {what}", "diperkirakan: {what}")
_WRITTEN = Text("{rows} rows to be corrected: {out}", "{rows} baris untuk diperbaiki: {out}")
_PROFILE = Text("profile: {out}", "profil: {out}")

File = Annotated[
    Path,
    typer.Argument(
        metavar="FILE",
        help="Registry extract, or corrected exceptions; CSV or XLSX / data penerima, atau pengecualian yang sudah "
        "diperbaiki; CSV atau XLSX.",
    ),
]
ProfilePath = Annotated[
    Path | None,
    typer.Option(
        "--profile",
        metavar="FILE",
        help="How the sender writes, TOML; without it guessed / cara pengirim menulis, TOML; tanpa ini diperkirakan.",
    ),
]
WriteProfile = Annotated[
    Path | None,
    typer.Option(
        "--write-profile",
        metavar="FILE",
        help="Write what was guessed as a profile / tulis perkiraan sebagai profil.",
    ),
]
ExpectRows = Annotated[
    int | None,
    typer.Option(
        "--expect-rows", min=0, metavar="N", help="Rows that the sender states / jumlah baris menurut pengirim."
    ),
]
ExpectSum = Annotated[
    int | None,
    typer.Option(
        "--expect-sum", min=0, metavar="RUPIAH", help="Sum that the sender states / jumlah rupiah menurut pengirim."
    ),
]
Refuse = Annotated[
    list[str] | None,
    typer.Option(
        "--refuse",
        metavar="PROGRAMME",
        help="Take nobody of that programme's list; else with a note / jangan ambil penerima dari daftar program itu; "
        "tanpa ini diambil dengan catatan.",
    ),
]
ImportNumber = Annotated[
    int,
    typer.Option("--import", min=1, metavar="N", help="Number of the import / nomor impor."),
]


@grouped
def import_command(
    file: File,
    bank: BankOptions,
    policy: PolicyToday = None,
    policies: PolicyFile = None,
    profile: ProfilePath = None,
    write_profile_to: WriteProfile = None,
    expect_rows: ExpectRows = None,
    expect_sum: ExpectSum = None,
    refuse: Refuse = None,
    force: Force = False,
    allow_expired: AllowExpired = False,
    as_json: AsJson = False,
) -> None:
    """Take a registry extract into the bank's store, whole or not at all; the same file twice does nothing.

    Ambil data penerima ke simpanan bank, seluruhnya atau tidak sama sekali; berkas yang sama dua kali tidak
    berpengaruh.
    """
    chosen = policy_chosen(policy, policies, allow_expired, now().date())
    source = MappedTable(file, load_profile(profile) if profile else None)
    for told in source.told if not as_json else ():
        warn(_GUESSED.filled(what=told.text))
    with bank.signed_in() as (store, actor), progress(as_json) as bar:
        show = _shown(bar)
        if is_exceptions(source):
            report = import_exceptions(store, actor, source, chosen, refuse=refuse or (), progress=show)
        else:
            report = import_extract(
                store,
                actor,
                source,
                chosen,
                totals=ControlTotals(expect_rows, expect_sum),
                refuse=refuse or (),
                accept=partial(require_sound, force=force),
                progress=show,
            )
    if write_profile_to is not None:
        write_profile(write_profile_to, source.profile)
        warn(_PROFILE.filled(out=write_profile_to))
    emit("perso-import", report.as_dict(), as_json, lambda: import_tables(report))
    if _needs_a_person(report):
        raise typer.Exit(EXIT_FINDINGS)


@grouped
def exceptions(number: ImportNumber, out: OutFile, bank: BankOptions, as_json: AsJson = False) -> None:
    """Write rejected and held rows of an import to a workbook (XLSX), to be corrected there and imported again.

    Tulis baris impor yang ditolak dan ditahan ke buku kerja (XLSX), untuk diperbaiki di sana dan diimpor lagi.
    """
    with bank.signed_in() as (store, actor):
        rows = write_exceptions(store, actor, number, out)
    data = {"import": number, "rows": rows, "out": str(out)}
    emit("perso-exceptions", data, as_json, lambda: say(_WRITTEN.filled(rows=rows, out=out)))


def _shown(bar: Progress) -> OnRows:
    task = bar.add_task(say(_READING), total=None)
    return lambda done, rows: bar.update(task, completed=done, total=rows)


def _needs_a_person(report: ImportReport) -> bool:
    return not report.already and bool(report.open_lines or report.warnings)
