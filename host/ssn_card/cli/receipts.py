# SPDX-License-Identifier: Apache-2.0
"""``ssn receipts``: what banks and auditors do with receipts: verify files, look at one, settle what cards forgot."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType

from ssn_card.protocol.errors import Text
from ssn_card.receipts import Line, ReceiptVerifier, find_sources, read_lines
from ssn_card.receipts.errors import NoReceipts

from .bars import bars
from .card_lists import lists_dict
from .errors import BadFile, FindingsFound
from .grouped import grouped
from .judging import JudgingOptions
from .options import ReceiptKeyOptions
from .output import AsJson, emit
from .receipt_report import rendered, report_dict
from .receipt_tables import receipt_facts, receipt_fields, receipt_table
from .receipts_settle import settle
from .tables import sentence

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

ReceiptFile = Annotated[Path, typer.Argument(metavar="FILE", help="Receipts, JSON Lines / berkas kuitansi.")]
ReceiptFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="Receipts, JSON Lines: files, folders of *.jsonl, - for standard input / "
        "kuitansi, JSON Lines: berkas, folder berisi *.jsonl, - untuk masukan standar.",
    ),
]

app.command()(settle)


@app.command()
@grouped
def verify(
    *,
    files: ReceiptFiles,
    judging: JudgingOptions,
    keys: ReceiptKeyOptions,
    json: AsJson = False,
) -> None:
    """Verify every receipt and the sequence of every card, over all files together. Exit code 3 if anything is found.

    Periksa setiap kuitansi dan urutan setiap kartu, semua berkas sekaligus. Kode keluar 3 bila ada temuan.
    """
    sources = find_sources(files)
    ends, known = judging.ends(), judging.read()
    with keys.provider() as provider, bars(json) as told:
        report = ReceiptVerifier(provider).verify_files(
            sources,
            ends,
            whole=judging.whole,
            baskets=not judging.no_baskets,
            lists=known,
            first=judging.first,
            progress=told,
        )
    data = report_dict(report, sources) | {"lists": lists_dict(known)}
    emit("receipts-verify", data, json, lambda: rendered(report, sources))
    if not report.clean:
        raise FindingsFound(report.found, files[0] if len(files) == 1 else None)


@app.command()
def show(
    file: ReceiptFile,
    line: Annotated[
        int | None,
        typer.Option(
            "--line", min=1, metavar="N", help="Only this line, field by field / hanya baris ini, isian demi isian."
        ),
    ] = None,
    max_lines: Annotated[
        int,
        typer.Option(
            "--max-lines", min=0, metavar="N", help="Lines listed; 0: all / baris yang ditampilkan; 0: semua."
        ),
    ] = 1000,
    json: AsJson = False,
) -> None:
    """Show receipts without verifying them; needs no keys, proves nothing.

    Tampilkan kuitansi tanpa memeriksa keasliannya; tanpa kunci.
    """
    if line is None:
        _show_all(file, max_lines, json)
        return
    found = _line(file, line)
    receipt = found.receipt
    if receipt is None:
        raise BadFile(Text("The line is no receipt.", "Baris bukan kuitansi."), where=f"{file}:{line} {found.fault}")
    title = Text(f"Receipt in line {line} (not verified)", f"Kuitansi di baris {line} (belum diperiksa)")
    emit("receipts-show", {"receipts": [_line_dict(found)]}, json, lambda: receipt_facts(title, receipt))


def _show_all(file: Path, most: int, json: bool) -> None:
    """The first lines; those behind them are counted, and so are those that are no receipt."""
    lines = read_lines(file)
    first = list(islice(lines, most or None))
    if not first:
        raise NoReceipts(str(file))
    shown = [(one.number, one.receipt) for one in first if one.receipt is not None]
    unreadable, left = len(first) - len(shown), sum(1 for _ in lines)
    data = {
        "receipts": [_line_dict(one) for one in first if one.receipt is not None],
        "unreadable": unreadable,
        "not_shown": left,
    }

    def table() -> RenderableType:
        parts = [receipt_table(Text("Receipts (not verified)", "Kuitansi (belum diperiksa)"), shown)]
        if unreadable:
            parts.append(sentence(Text(f"{unreadable} lines are no receipts.", f"{unreadable} baris bukan kuitansi.")))
        if left:
            parts.append(sentence(Text(f"… and {left} more (--max-lines)", f"… dan {left} lagi (--max-lines)")))
        return Group(*parts)

    emit("receipts-show", data, json, table)


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
