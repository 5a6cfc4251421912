# SPDX-License-Identifier: Apache-2.0
"""``ssn perso``: check an extract, issue its cards, look at the journal, declare a card lost."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress as RichProgress

from ssn_card.cli.errors import EXIT_ERROR, EXIT_FINDINGS, EXIT_INTERRUPTED
from ssn_card.cli.files import serial_of
from ssn_card.cli.grouped import grouped
from ssn_card.cli.options import (
    AllowExpired,
    Extract,
    MostCards,
    OutFile,
    PolicyFile,
    PolicyToday,
    Reason,
    Serial,
    key_provider,
)
from ssn_card.cli.options import Journal as JournalPath
from ssn_card.cli.output import AsJson, emit, say, warn
from ssn_card.entitlement import BarredCard, write_barred
from ssn_card.personalization.intake.summary import validate
from ssn_card.personalization.journal.errors import StationJournalConflict
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import Entry, NumberState
from ssn_card.personalization.station.report import BatchReport, OnProgress, Progress, Stop, Verdict
from ssn_card.personalization.station.results import ResultsFile
from ssn_card.personalization.station.run import MAX_BAD, run
from ssn_card.protocol.errors import InputError, Text
from ssn_card.terminal import now

from . import pins, stock
from .correct import correct
from .handover import handover
from .held_keys import keys
from .issuing import IssueOptions
from .keys import (
    Force,
    Station,
    UseKey,
    key_versions,
    open_journal,
)
from .live import RunBoard, json_events
from .manifest import manifest, read_back, verify_log, verify_manifest
from .pins import CHOOSE, Custodian, LettersPath, Pin, PinPolicy, letter_counts, letters_of
from .policies import policy_chosen
from .readers import Cards, RobotCommand, source
from .station_table import report_table, status_table
from .summary_table import summary_tables

app = typer.Typer(no_args_is_help=True)

ResultsPath = Annotated[
    Path,
    typer.Option(
        "--results", metavar="FILE", help="Results, JSON Lines, appended / hasil, JSON Lines, ditambahkan di akhir."
    ),
]

_ISSUING = Text("cards", "kartu")
_BARRED = Text("{count} cards must not be activated: {out}", "{count} kartu tidak boleh diaktifkan: {out}")
_SHOW_FIRST = Text(
    "Cards in doubt from an earlier run: {serials}. Show them to the station first.",
    "Kartu yang belum pasti dari proses sebelumnya: {serials}. Tunjukkan dahulu ke stasiun.",
)


@app.command()
def check(
    file: Extract,
    policy: PolicyToday = None,
    policies: PolicyFile = None,
    allow_expired: AllowExpired = False,
    as_json: AsJson = False,
) -> None:
    """Judge an extract under a policy (in force today) and issue nothing.

    Periksa data menurut kebijakan (yang berlaku hari ini) tanpa menerbitkan kartu.
    """
    summary = validate(file, policy_chosen(policy, policies, allow_expired, now().date()))
    emit("perso-check", summary.as_dict(), as_json, lambda: summary_tables(summary))
    if summary.warnings:
        raise typer.Exit(EXIT_FINDINGS)


@app.command("run")
@grouped
def run_command(
    *,
    issue: IssueOptions,
    journal: JournalPath,
    results: ResultsPath,
    cards: Cards = None,
    robot: RobotCommand = "",
    station: Station = 0,
    use_key: UseKey = None,
    pin: Pin = PinPolicy.NONE,
    pin_letters: LettersPath = None,
    pin_custodian: Custodian = None,
    limit: MostCards = None,
    prepare_only: Annotated[
        bool, typer.Option("--prepare-only", help="Plan only, touch no card / hanya rencanakan, tanpa menyentuh kartu.")
    ] = False,
    force: Force = False,
    max_bad: Annotated[
        int,
        typer.Option(
            "--max-bad",
            min=1,
            metavar="N",
            help="Failures in a row to stop at / berhenti setelah gagal beruntun sebanyak ini.",
        ),
    ] = MAX_BAD,
    allow_expired: AllowExpired = False,
    as_json: AsJson = False,
) -> None:
    """Issue the cards of an extract, or of an approved batch of the bank's store (--batch); or go on issuing them.

    Terbitkan kartu dari data penerima, atau dari kelompok yang disetujui (--batch); atau lanjutkan penerbitannya.
    """
    versions = key_versions(use_key or [])
    if not cards and not prepare_only:
        raise InputError(Text("Name where the cards come from.", "Sebutkan sumber kartu."), where="--cards")
    rows, policy, secret = issue.read(journal, None if allow_expired else now().date())
    with (
        key_provider(issue.keyring, issue.development) as provider,
        open_journal(journal, secret, station) as opened,
        letters_of(pin, pin_letters, pin_custodian, opened) as letters,
        RunBoard(as_json) as board,
        source(cards or (), robot, board) as fed,
    ):
        if in_doubt := [entry.serial or b"" for entry in opened.in_doubt()]:
            warn(_SHOW_FIRST.filled(serials=", ".join(serial.hex().upper() for serial in in_doubt)))
        board.tally.expect(in_doubt)
        report = run(
            rows,
            policy,
            provider,
            fed.feeders,
            opened,
            results,
            shown(board, limit),
            limit=limit,
            prepare_only=prepare_only,
            force=force,
            versions=versions,
            max_bad=max_bad,
            allow_expired=allow_expired,
            clock=now,
            interrupts=fed.interrupts,
            newcomers=fed.newcomers,
            letters=letters,
            observer=json_events(board, fed.interrupts) if as_json else board.note,
        )
    correcting = issue.correcting(journal) if report.changed else None
    data = report.as_dict() | {"correct_with": correcting, "pin": pin.value}
    emit("perso-run", data, as_json, lambda: report_table(report, correcting=correcting))
    if pin is PinPolicy.CHOSEN:
        warn(CHOOSE)
    if code := _exit_code(report):
        raise typer.Exit(code)


app.command()(correct)
app.command()(handover)
app.command()(keys)
app.command()(manifest)
app.command("verify-manifest")(verify_manifest)
app.command("verify-log")(verify_log)
app.command("read-back")(read_back)
app.command("pin-letters")(pins.pin_letters)
app.command("pin-delivered")(pins.pin_delivered)
app.add_typer(stock.app, name="stock")


@app.command()
def status(journal: JournalPath, as_json: AsJson = False) -> None:
    """Batches and cards in doubt.

    Kelompok data dan kartu yang belum pasti.
    """
    with Journal.open(journal, read_only=True) as opened:
        batches, in_doubt = opened.batches(), opened.in_doubt()
        waiting, letters = len(opened.unreported()), letter_counts(opened)
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
        "pin_letters": letters,
    }
    emit("perso-status", data, as_json, lambda: status_table(batches, in_doubt, letters))


@app.command()
def lost(
    serial: Serial,
    journal: JournalPath,
    results: ResultsPath,
    reason: Reason,
    as_json: AsJson = False,
) -> None:
    """Burn the number of a card that is gone; the next run makes another card.

    Hanguskan nomor kartu yang hilang; proses berikutnya membuat kartu lain.
    """
    with Journal.open(journal) as opened:
        entry = opened.by_serial(serial_of(serial, serial))
        if entry is None:
            raise InputError(
                Text("The journal has no card with this serial.", "Jurnal tidak memuat kartu bernomor seri ini."),
                where=serial,
            )
        try:
            entry = opened.lose(entry, f"declared: {reason}")
        except StationJournalConflict as error:
            raise InputError(
                Text("This card was declared lost before.", "Kartu ini sudah dinyatakan hilang."), where=serial
            ) from error
        with ResultsFile(results, opened) as file:
            file.deliver()
    data = {"serial": serial.lower(), "beneficiary_id": entry.beneficiary_id.hex(), "state": entry.state.value}
    emit("perso-lost", data, as_json, lambda: f"{serial.upper()}: {say(entry.state.text)}")


@app.command()
def barred(
    journal: JournalPath,
    out: OutFile,
    as_json: AsJson = False,
) -> None:
    """List the cards that must not be activated: in doubt, or declared lost. For ssn entitlement issue --barred.

    Daftar kartu yang tidak boleh diaktifkan: belum pasti, atau dinyatakan hilang. Untuk ssn entitlement issue --barred.
    """
    with Journal.open(journal, read_only=True) as opened:
        name, cards = opened.name, [_barred_card(entry) for entry in opened.barred()]
    write_barred(out, name, dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), cards)
    data = {"out": str(out), "journal": name, "cards": [card.model_dump(exclude={"schema_"}) for card in cards]}
    emit("perso-barred", data, as_json, lambda: say(_BARRED.filled(count=len(cards), out=out)))


def _barred_card(entry: Entry) -> BarredCard:
    return BarredCard(
        serial=(entry.serial or b"").hex(),
        beneficiary_id=entry.beneficiary_id.hex(),
        state="lost" if entry.state is NumberState.LOST else "in_doubt",
        turned_up=entry.turned_up,
    )


def shown(bar: RichProgress, limit: int | None) -> OnProgress:
    """Moves a bar of ``bar`` by lines or, under a limit, by cards: what ends the run is what the bar counts."""
    task = bar.add_task(say(_ISSUING), total=None)
    made = 0

    def show(step: Progress) -> None:
        nonlocal made
        made += step.verdict is Verdict.ISSUED
        if limit is None:
            bar.update(task, completed=step.position, total=step.lines)
        else:
            left = step.lines - step.position
            bar.update(task, completed=made, total=min(limit, made + left))

    return show


def _exit_code(report: BatchReport) -> int:
    """EXIT_ERROR where the run could not go on or the totals do not add up; else 0, complete or not, but for Ctrl-C."""
    if report.stop in (Stop.BAD_CARDS, Stop.KEYS) or not report.balanced:
        return EXIT_ERROR
    return EXIT_INTERRUPTED if report.stop is Stop.INTERRUPTED else 0
