# SPDX-License-Identifier: Apache-2.0
"""``ssn perso``: check an extract, issue its cards, look at the journal, declare a card lost."""

from __future__ import annotations

import datetime as dt
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress as RichProgress

from ssn_card.cli.errors import EXIT_ERROR, EXIT_FINDINGS, EXIT_INTERRUPTED
from ssn_card.cli.output import AsJson, emit, progress, say, stderr
from ssn_card.programme import Policy, load_policies
from ssn_card.protocol.errors import InputError, Text

from .cli_keys import (
    Development,
    Keyring,
    KeyVersionOptions,
    Secret,
    Station,
    key_versions,
    open_journal,
    open_provider,
    station_secret,
)
from .feeder import Fate, UrlFeeder, open_feeder
from .journal import Journal
from .journal_errors import JournalConflict
from .report import validate
from .report_table import summary_tables
from .results import ResultsFile
from .station import MAX_BAD, run
from .station_report import BatchReport, Progress, Stop
from .station_table import report_table, status_table

app = typer.Typer(help="Personalize cards / personalisasi kartu.", no_args_is_help=True)

Extract = Annotated[Path, typer.Argument(metavar="FILE", help="Registry extract, CSV / data penerima, CSV.")]
JournalPath = Annotated[Path, typer.Option("--journal", help="The station's journal / jurnal stasiun.")]
ResultsPath = Annotated[Path, typer.Option("--results", help="JSON Lines, appended / hasil, JSON Lines.")]

_NEXT = Text("Put the next card in, then Enter; q ends", "Masukkan kartu berikutnya, lalu Enter; q berhenti")
_LAST = Text("last card: {fate}", "kartu tadi: {fate}")
_ISSUING = Text("cards", "kartu")


@app.command()
def check(
    file: Extract,
    policy: Annotated[int | None, typer.Option(help="Default: in force today / yang berlaku hari ini.")] = None,
    as_json: AsJson = False,
) -> None:
    """Judge an extract and issue nothing.

    Periksa data tanpa menerbitkan kartu.
    """
    summary = validate(file, _policy(policy))
    emit("perso-check", summary.as_dict(), as_json, lambda: summary_tables(summary))
    if summary.warnings:
        raise typer.Exit(EXIT_FINDINGS)


@app.command("run")
def run_command(
    file: Extract,
    policy: Annotated[int, typer.Option(help="Number of the policy / nomor kebijakan.")],
    journal: JournalPath,
    results: ResultsPath,
    cards: Annotated[list[str] | None, typer.Option(help="Where cards come from: sim:, pcsc:READER, or URLs.")] = None,
    keyring: Keyring = None,
    development: Development = False,
    secret: Secret = None,
    station: Station = 0,
    key_version: KeyVersionOptions = None,
    limit: Annotated[int | None, typer.Option(min=0, help="Most cards in this run / jumlah kartu terbanyak.")] = None,
    prepare_only: Annotated[bool, typer.Option(help="Only plan / hanya rencanakan.")] = False,
    force: Annotated[bool, typer.Option(help="In spite of warnings / walau ada peringatan.")] = False,
    max_bad: Annotated[int, typer.Option(min=1, help="Stop after so many failures in a row.")] = MAX_BAD,
    as_json: AsJson = False,
) -> None:
    """Issue the cards of an extract, or go on issuing them.

    Terbitkan kartu, atau lanjutkan.
    """
    versions = key_versions(key_version or [])
    if not cards and not prepare_only:
        raise InputError(Text("Name where the cards come from.", "Sebutkan sumber kartu."), where="--cards")
    with (
        open_provider(keyring, development) as provider,
        open_journal(journal, station_secret(journal, keyring, development, secret), station) as opened,
        progress(as_json) as bar,
        closing(open_feeder(cards, partial(_ask, bar)) if cards else UrlFeeder(())) as feeder,
    ):
        task = bar.add_task(say(_ISSUING), total=None)

        def show(step: Progress) -> None:
            bar.update(task, completed=step.position, total=step.lines)

        report = run(
            file,
            _policy(policy),
            provider,
            feeder,
            opened,
            results,
            show,
            limit=limit,
            prepare_only=prepare_only,
            force=force,
            versions=versions,
            max_bad=max_bad,
        )
    emit("perso-run", report.as_dict(), as_json, lambda: report_table(report))
    if code := _exit_code(report):
        raise typer.Exit(code)


@app.command()
def status(journal: JournalPath, as_json: AsJson = False) -> None:
    """Batches and cards in doubt.

    Kelompok data dan kartu yang belum pasti.
    """
    with Journal.open(journal, read_only=True) as opened:
        batches, in_doubt = opened.batches(), opened.in_doubt()
        waiting = len(opened.unreported())
    data = {
        "batches": [
            {
                "file": batch.file,
                "batch": batch.sha256,
                "policy_id": batch.policy,
                "started": batch.started,
                "finished": batch.finished,
                "numbers": {state.value: count for state, count in batch.states.items()},
            }
            for batch in batches
        ],
        "in_doubt": [
            {
                "serial": (entry.serial or b"").hex(),
                "beneficiary_id": entry.beneficiary_id.hex(),
                "row_key": entry.row_key.hex(),
                "line": entry.line,
            }
            for entry in in_doubt
        ],
        "unreported": waiting,
    }
    emit("perso-status", data, as_json, lambda: status_table(batches, in_doubt))


@app.command()
def lost(
    serial: Annotated[str, typer.Argument(help="8 bytes, hexadecimal / 8 bita, heksadesimal.")],
    journal: JournalPath,
    results: ResultsPath,
    reason: Annotated[str, typer.Option(help="For the record; no personal data / tanpa data pribadi.")],
    as_json: AsJson = False,
) -> None:
    """Burn the number of a card that is gone; the next run makes another card.

    Nyatakan kartu hilang.
    """
    with Journal.open(journal) as opened:
        entry = opened.by_serial(_serial(serial))
        if entry is None:
            raise InputError(
                Text("The journal has no card with this serial.", "Jurnal tidak memuat kartu bernomor seri ini."),
                where=serial,
            )
        try:
            entry = opened.lose(entry, f"declared: {reason}")
        except JournalConflict as error:
            raise InputError(
                Text("This card was declared lost before.", "Kartu ini sudah dinyatakan hilang."), where=serial
            ) from error
        with ResultsFile(results, opened) as file:
            file.deliver()
    data = {"serial": serial.lower(), "beneficiary_id": entry.beneficiary_id.hex(), "state": entry.state.value}
    emit("perso-lost", data, as_json, lambda: f"{serial.upper()}: {entry.state.value}")


def _policy(number: int | None) -> Policy:
    policies = load_policies()
    return policies.for_date(dt.date.today()) if number is None else policies.by_id(number)


def _ask(bar: RichProgress, last: Fate | None) -> bool:
    """Ask the operator on stderr, under the progress bar; the end of stdin ends the session too."""
    console = stderr()
    bar.stop()
    if last is not None:
        console.print(say(_LAST.filled(fate=say(last.value))), markup=False)
    try:
        return console.input(f"{say(_NEXT)}: ", markup=False).strip().lower() != "q"
    except EOFError:
        return False
    finally:
        bar.start()


def _serial(text: str) -> bytes:
    try:
        serial = bytes.fromhex(text)
    except ValueError:
        serial = b""
    if len(serial) != 8:
        raise InputError(
            Text("A serial has 16 hexadecimal digits.", "Nomor seri terdiri atas 16 digit heksadesimal."), where=text
        )
    return serial


def _exit_code(report: BatchReport) -> int:
    """EXIT_ERROR where the run could not go on or the totals do not add up; else 0, complete or not, but for Ctrl-C."""
    if report.stop is Stop.BAD_CARDS or not report.balanced:
        return EXIT_ERROR
    return EXIT_INTERRUPTED if report.stop is Stop.INTERRUPTED else 0
