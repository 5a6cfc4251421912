# SPDX-License-Identifier: Apache-2.0
"""``ssn bank print``: card faces, letters and hand-over lists, as jobs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import typer

from ssn_card.cli.errors import EXIT_FINDINGS, BadArgument
from ssn_card.cli.files import serial_of
from ssn_card.cli.grouped import grouped
from ssn_card.cli.options import OptionalOutFile, Reason
from ssn_card.cli.output import AsJson, emit, warn
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from ..printing import jobs, sending
from ..printing.jobs import told
from ..printing.lists import listed, write_listed
from ..printing.printers import TicketState
from ..store.bank import Bank
from ..store.tables.printing import JobState
from ..store.work import SignedIn
from . import print_tables
from .options import BankOptions
from .print_options import (
    DEFAULT_PRINTER,
    ChoiceOptions,
    Job,
    Jobs,
    LookOptions,
    OneOfThem,
    OtherPrinter,
    PrinterName,
    Unfinished,
    WhichPapers,
    WithNames,
)

_OUT = (TicketState.PRINTING, TicketState.DONE)

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command()
@grouped
def new(
    papers: WhichPapers,
    *,
    chosen: ChoiceOptions,
    look: LookOptions,
    printer: PrinterName = DEFAULT_PRINTER,
    bank: BankOptions,
    as_json: AsJson = False,
) -> None:
    """Queue faces or letters of produced cards of approved batches, once each; or lists to hand cards over by.

    Antrekan muka atau surat untuk kartu yang sudah dibuat dari kelompok yang disetujui, satu kali; atau daftar
    penyerahan kartu.
    """
    choice, options = chosen.choice(), look.paper(printer)
    with bank.signed_in() as (opened, actor), opened.work(actor) as work:
        made = jobs.queue(work, papers.kind, choice, options)
        rows = [print_tables.job_data(work.session, jobs.job_of(work.session, number)) for number in made.jobs]
    if made.left_out:
        warn(Text("Left out: {why}.", "Tidak diikutkan: {why}.").filled(why=told(made.left_out)))
    left_out = [{"cards": count, "why": {"en": why.en, "id": why.id}} for why, count in made.left_out.items()]
    emit(
        "bank-print-new",
        {"jobs": rows, "cards": made.cards, "left_out": left_out},
        as_json,
        lambda: print_tables.job_table(rows),
    )


@app.command("list")
@grouped
def list_jobs(*, unfinished: Unfinished = False, bank: BankOptions, as_json: AsJson = False) -> None:
    """Print jobs, the newest first.

    Daftar pekerjaan cetak, yang terbaru lebih dahulu.
    """
    with bank.signed_in() as (opened, _), opened.reading() as session:
        rows = print_tables.jobs_data(session, unfinished)
    emit("bank-print-list", {"jobs": rows}, as_json, lambda: print_tables.job_table(rows))


@app.command()
@grouped
def show(job: Job, *, bank: BankOptions, as_json: AsJson = False) -> None:
    """One job with its cards, and what its printer says.

    Satu pekerjaan beserta kartunya, dan kata pencetaknya.
    """
    with bank.signed_in() as (opened, _):
        data = _shown(opened, job)
    emit("bank-print-show", data, as_json, lambda: print_tables.job_facts(data))


@app.command()
@grouped
def send(job: Jobs, *, bank: BankOptions, as_json: AsJson = False) -> None:
    """Make the documents of jobs, and print them; a job that was sent is asked for, and never printed twice.

    Buat dokumen pekerjaan dan cetak; yang sudah dikirim ditanyakan, dan tidak pernah dicetak dua kali.

    Exit code 3: a printer holds one, has forgotten it, or has failed.

    Kode keluar 3: ada yang ditahan, tidak dikenal, atau gagal di pencetak.
    """
    sent = []
    with bank.signed_in() as (opened, actor):
        for number in job:
            one = sending.send(opened, actor, number)
            if one.corrected:
                warn(_CORRECTED.filled(job=number, count=one.corrected))
            sent.append(one)
    rows = [print_tables.sent_data(one) for one in sent]
    emit("bank-print-send", {"jobs": rows}, as_json, lambda: print_tables.sent_table(sent))
    if any(one.said not in _OUT for one in sent):
        raise typer.Exit(EXIT_FINDINGS)


_CORRECTED = Text(
    "Job {job}: {count} persons were corrected since they were approved; their papers say what was approved.",
    "Pekerjaan {job}: data {count} orang dikoreksi sejak disetujui; cetakannya memuat data yang disetujui.",
)


@app.command()
@grouped
def confirm(job: Jobs, *, bank: BankOptions, as_json: AsJson = False) -> None:
    """Say that what came out is good. A card whose face and letter are confirmed is printed.

    Nyatakan hasil cetaknya baik. Kartu yang muka dan suratnya sudah dipastikan berstatus dicetak.

    What is spoiled is printed again first (reprint): of each card its newest face and letter count.

    Yang rusak dicetak ulang dahulu (reprint): dari tiap kartu dihitung muka dan surat terbarunya.
    """
    printed = 0

    def step(opened: Bank, actor: SignedIn, number: int) -> None:
        nonlocal printed
        printed += sending.confirm(opened, actor, number)

    rows = _each(job, bank, step)
    emit(
        "bank-print-confirm",
        {"jobs": rows, "cards_printed": printed},
        as_json,
        lambda: print_tables.confirmed_table(rows, printed),
    )


@app.command()
@grouped
def fail(job: Jobs, *, reason: Reason, bank: BankOptions, as_json: AsJson = False) -> None:
    """Give jobs up: nothing good came out. The printer is told not to print them.

    Nyatakan pekerjaan gagal: tidak ada hasil yang baik. Pencetak diberi tahu agar tidak mencetaknya.
    """

    def step(opened: Bank, actor: SignedIn, number: int) -> None:
        why = sending.fail(opened, actor, number, reason)
        if why is not None:
            warn(Text("{why} Cancel the job there.", "{why} Batalkan pekerjaan di sana.").filled(why=why))

    _told("fail", _each(job, bank, step), as_json)


@app.command()
@grouped
def pause(job: Jobs, *, bank: BankOptions, as_json: AsJson = False) -> None:
    """Keep jobs from being sent.

    Tunda pekerjaan agar tidak dikirim.
    """
    _told("pause", _each(job, bank, _in_work(sending.pause)), as_json)


@app.command()
@grouped
def resume(job: Jobs, *, bank: BankOptions, as_json: AsJson = False) -> None:
    """Queue jobs again that were paused, or failed.

    Antrekan lagi pekerjaan yang ditunda atau gagal.
    """
    _told("resume", _each(job, bank, _in_work(sending.resume)), as_json)


@app.command()
@grouped
def reprint(
    job: Job,
    *,
    reason: Reason,
    serial: OneOfThem = None,
    printer: OtherPrinter = None,
    bank: BankOptions,
    as_json: AsJson = False,
) -> None:
    """Queue a job's papers once more, for the same cards with the same numbers; it is counted.

    Antrekan sekali lagi untuk kartu yang sama dengan nomor yang sama; pencetakan ulang dihitung.

    Another card in place of one is a matter of batches (ssn bank batches).

    Kartu lain sebagai pengganti diurus lewat kelompok (ssn bank batches).
    """
    if not reason.strip():
        raise BadArgument(
            Text("A reprint needs a reason.", "Pencetakan ulang memerlukan alasan."),
            where="--reason",
            remedy=Text("Say what was wrong with the paper.", "Sebutkan apa yang salah pada cetakannya."),
        )
    serials = [serial_of(one, "--serial").hex() for one in serial or ()]
    with bank.signed_in() as (opened, actor), opened.work(actor) as work:
        made = jobs.reprint(work, job, reason, serials, printer)
        rows = [print_tables.job_data(work.session, made)]
    _told("reprint", rows, as_json)


@app.command()
@grouped
def handover(
    *,
    chosen: ChoiceOptions,
    with_names: WithNames = False,
    out: OptionalOutFile = None,
    bank: BankOptions,
    as_json: AsJson = False,
) -> None:
    """Which cards are to be handed over, as people walk, for other programs: JSON, or CSV by --out.

    Kartu yang akan diserahkan, menurut urutan berjalan, untuk program lain: JSON, atau CSV dengan --out.

    Without --with-names it names nobody. The paper to sign on is made by: ssn bank print new lists.

    Tanpa --with-names tidak ada nama. Lembar untuk ditandatangani dibuat dengan: ssn bank print new lists.
    """
    choice = chosen.choice()
    with bank.signed_in() as (opened, actor):
        if with_names:
            with opened.work(actor) as work:
                found = jobs.to_hand_over(work.session, work.sealer, choice)
                jobs.note_names(work, choice, len(found))
        else:
            with opened.reading() as session:
                found = jobs.to_hand_over(session, opened.sealer, choice)
    rows = listed(found, with_names=with_names)
    if out is not None:
        try:
            write_listed(out, rows)
        except OSError as error:
            raise BadArgument(
                Text("The list cannot be written: {why}.", "Daftar tidak dapat ditulis: {why}.").filled(
                    why=system_reason(error)
                ),
                where=str(out),
                remedy=Text("Check the path and its permissions.", "Periksa nama dan izin berkas."),
            ) from None
    data = {"cards": rows, "out": None if out is None else str(out)}
    emit("bank-print-handover", data, as_json, lambda: print_tables.handover_table(rows))


def _in_work(step: Callable[..., None]) -> Callable[[Bank, SignedIn, int], None]:
    def done(opened: Bank, actor: SignedIn, number: int) -> None:
        with opened.work(actor) as work:
            step(work, number)

    return done


def _each(
    numbers: Sequence[int], bank: BankOptions, step: Callable[[Bank, SignedIn, int], None]
) -> list[dict[str, Any]]:
    """Take a step with each job in order, until one refuses; the jobs afterwards."""
    with bank.signed_in() as (opened, actor):
        for number in numbers:
            step(opened, actor, number)
        with opened.reading() as session:
            return [print_tables.job_data(session, jobs.job_of(session, number)) for number in numbers]


def _shown(opened: Bank, number: int) -> dict[str, Any]:
    with opened.reading() as session:
        row = jobs.job_of(session, number)
        data = print_tables.job_data(session, row) | print_tables.more_data(session, row)
        session.expunge(row)
    said = sending.printer_says(row) if row.state == JobState.SENT else None
    return data | {"printer_says": said}


def _told(command: str, rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    emit(f"bank-print-{command}", {"jobs": list(rows)}, as_json, lambda: print_tables.job_table(rows))
