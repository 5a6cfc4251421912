# SPDX-License-Identifier: Apache-2.0
"""``ssn receipts``: what banks and auditors do with receipts: verify a file, look at one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType

from ssn_card.protocol.errors import Text, rupiah
from ssn_card.receipts import Line, ReceiptVerifier, Report, read_lines

from .errors import BadFile, FindingsFound
from .files import read_tips
from .options import CardKeys, Development, Keyring, receipt_keys
from .output import AsJson, emit, facts, progress, say, sentence
from .receipt_tables import findings_table, receipt_facts, receipt_fields, receipt_table

app = typer.Typer(
    help="Verify receipts: forged, doubled, reordered, missing.\n\nPeriksa kuitansi: palsu, ganda, tertukar, hilang.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

ReceiptFile = Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Receipts, JSON Lines / berkas kuitansi.")]
_STEP = 1000  #: lines between two movements of the progress bar


@app.command()
def verify(
    file: ReceiptFile,
    tips: Annotated[
        Path | None,
        typer.Option(
            "--tips",
            metavar="FILE.jsonl",
            help="Each card's newest receipt: serial, seq, mac; shows a missing end / kuitansi terakhir tiap kartu.",
        ),
    ] = None,
    keyring: Keyring = None,
    card_keys: CardKeys = None,
    development: Development = False,
    limit: Annotated[
        int, typer.Option("--limit", min=1, help="Findings shown in the table; JSON has all / batas baris temuan.")
    ] = 100,
    json: AsJson = False,
) -> None:
    """Verify every receipt and the sequence of every card. Exit code 3 if anything is found.

    Periksa setiap kuitansi dan urutan setiap kartu. Kode keluar 3 bila ada temuan.
    """
    ends = None if tips is None else read_tips(tips)
    with receipt_keys(keyring, card_keys, development) as provider:
        report = ReceiptVerifier(provider).verify_lines(_with_progress(file, json), ends)
    emit("receipts-verify", _as_dict(file, report), json, lambda: _rendered(file, report, limit))
    if not report.clean:
        raise FindingsFound(file, len(report.findings))


@app.command()
def show(
    file: ReceiptFile,
    line: Annotated[
        int | None, typer.Option("--line", min=1, metavar="N", help="Only this line, field by field / satu baris saja.")
    ] = None,
    json: AsJson = False,
) -> None:
    """Show receipts without verifying them; needs no keys, proves nothing.

    Tampilkan kuitansi tanpa memeriksa keasliannya; tanpa kunci.
    """
    if line is None:
        readable = [one for one in read_lines(file) if one.receipt is not None]
        shown = [(one.number, one.receipt) for one in readable if one.receipt is not None]
        title = Text("Receipts (not verified)", "Kuitansi (belum diperiksa)")
        data: dict[str, Any] = {"receipts": [_line_dict(one) for one in readable]}
        emit("receipts-show", data, json, lambda: receipt_table(title, shown))
        return
    found = _line(file, line)
    receipt = found.receipt
    if receipt is None:
        raise BadFile(Text("The line is no receipt.", "Baris bukan kuitansi."), where=f"{file}:{line} {found.fault}")
    title = Text(f"Receipt in line {line} (not verified)", f"Kuitansi di baris {line} (belum diperiksa)")
    emit("receipts-show", {"receipts": [_line_dict(found)]}, json, lambda: receipt_facts(title, receipt))


def _with_progress(file: Path, json: bool) -> Iterator[Line]:
    """The lines of the file, with a bar on stderr as they are taken."""
    with progress(json) as bar:
        task = bar.add_task(say(Text("Verifying", "Memeriksa")), total=None if bar.disable else _count(file))
        number = 0
        for number, line in enumerate(read_lines(file), start=1):
            yield line
            if number % _STEP == 0:
                bar.update(task, completed=number)
        bar.update(task, completed=number)


def _count(file: Path) -> int:
    return sum(1 for _ in read_lines(file))


def _line(file: Path, number: int) -> Line:
    for one in read_lines(file):
        if one.number == number:
            return one
    raise BadFile(
        Text("There is no receipt in that line.", "Tidak ada kuitansi di baris itu."), where=f"{file}:{number}"
    )


def _line_dict(one: Line) -> dict[str, Any]:
    fields = {} if one.receipt is None else receipt_fields(one.receipt)
    return {"line": one.number, "receipt": fields, "basket": None if one.basket is None else one.basket.as_list()}


def _as_dict(file: Path, report: Report) -> dict[str, Any]:
    return {
        "file": str(file),
        "lines": report.lines,
        "receipts": report.receipts,
        "genuine": report.genuine,
        "cards": report.cards,
        "debited": report.debited,
        "cancelled": report.cancelled,
        "findings": [finding.as_dict() for finding in report.findings],
    }


def _rendered(file: Path, report: Report, limit: int) -> RenderableType:
    summary = facts(
        Text(f"Receipts of {file}", f"Kuitansi {file}"),
        (
            (Text("lines", "baris"), str(report.lines)),
            (Text("receipts", "kuitansi"), str(report.receipts)),
            (Text("genuine", "asli"), str(report.genuine)),
            (Text("cards", "kartu"), str(report.cards)),
            (Text("debited", "didebit"), rupiah(report.debited)),
            (Text("cancelled", "dibatalkan"), rupiah(report.cancelled)),
            (Text("findings", "temuan"), str(len(report.findings))),
        ),
    )
    return summary if report.clean else Group(summary, "", *_findings(report, limit))


def _findings(report: Report, limit: int) -> Iterable[RenderableType]:
    yield findings_table(report.findings[:limit])
    left = len(report.findings) - limit
    if left > 0:
        yield sentence(Text(f"… and {left} more (--limit, --json)", f"… dan {left} lagi (--limit, --json)"))
