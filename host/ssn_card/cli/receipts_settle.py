# SPDX-License-Identifier: Apache-2.0
"""``ssn receipts settle``: the bank's word on movements that their cards have forgotten."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType

from ssn_card.protocol.errors import Text, rupiah
from ssn_card.receipts import Line, Sources, find_sources, read_lines, write_line
from ssn_card.receipts.errors import NoReceipts
from ssn_card.receipts.settle import Settled, Settlement, Verdict, read_gone

from . import words
from .errors import FindingsFound
from .files import output_file
from .grouped import grouped
from .options import OptionalOutFile, ReceiptKeyOptions
from .output import AsJson, emit, progress, say
from .receipt_tables import receipt_fields
from .tables import sentence, table

_KB = 1000  #: bytes


@grouped
def settle(
    *,
    gone: Annotated[
        Path,
        typer.Argument(
            metavar="GONE",
            help="What terminals wrote (ssn terminal doubts): a file, or a folder of *.jsonl / "
            "yang ditulis terminal (ssn terminal doubts): berkas, atau folder berisi *.jsonl.",
        ),
    ],
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Receipts of these cards, from any shop, as for verify / "
            "kuitansi kartu-kartu itu, dari toko mana pun, seperti untuk verify.",
        ),
    ],
    keys: ReceiptKeyOptions,
    out: OptionalOutFile = None,
    json: AsJson = False,
) -> None:
    """Settle what cards have forgotten, by the receipts beside it; --out takes those restored. Exit code 3: some open.

    Pastikan transaksi yang sudah dilupakan kartu, dari kuitansi di sebelahnya; --out menampung yang dipulihkan.
    Kode keluar 3: ada yang belum dapat dipastikan.
    """
    movements = read_gone(source.path for source in find_sources([gone]).files)
    sources = find_sources(files)
    with keys.provider() as provider:
        settlement = Settlement(provider)
        settled = settlement.settle(movements, _lines(sources, json))
    restored = [one.receipt for one in settled if one.receipt is not None and one.restored]
    if out is not None:
        with output_file(out) as file:
            for receipt in restored:
                write_line(file, receipt)
    counts = Counter(one.verdict for one in settled)
    data = {
        "movements": [_fields(one) for one in settled],
        "counts": {verdict.name.lower(): counts[verdict] for verdict in Verdict},
        "restored": len(restored),
        "rejected": settlement.rejected,
        "out": None if out is None else str(out),
    }
    emit("receipts-settle", data, json, lambda: _report(settled, counts, settlement.rejected))
    if counts[Verdict.OPEN]:
        raise FindingsFound(
            counts[Verdict.OPEN], gone, Text(f"{counts[Verdict.OPEN]} open.", f"{counts[Verdict.OPEN]} belum pasti.")
        )


def _lines(sources: Sources, json: bool) -> Iterator[Line]:
    """Every line, with progress. Raises :class:`NoReceipts` where there is none."""
    line = None
    total = None if sources.size is None else sources.size // _KB
    with progress(json) as bar:
        task = bar.add_task(say(Text("Reading", "Membaca")), total=total)
        for source in sources.files:
            for line in read_lines(source.path, lambda size: bar.advance(task, size / _KB)):
                yield line
    if line is None:
        raise NoReceipts(", ".join(source.name for source in sources.files))


def _fields(one: Settled) -> dict[str, Any]:
    gone, stated = one.gone, one.gone.stated
    return {
        "place": gone.place,
        "terminal_id": stated.terminal_id,
        "terminal_txn": stated.terminal_txn,
        "serial": gone.serial.hex(),
        "seq": gone.seq,
        "type": gone.kind.name,
        "amount": stated.amount,
        "verdict": one.verdict.name.lower(),
        "restored": one.restored,
        "receipt": None if one.receipt is None else receipt_fields(one.receipt),
        "why_en": one.why.en or None,
        "why_id": one.why.id or None,
    }


def _report(settled: Sequence[Settled], counts: Counter[Verdict], rejected: int) -> RenderableType:
    columns = (
        (Text("terminal", "terminal"), "right"),
        (Text("transaction", "transaksi"), "right"),
        (Text("card", "kartu"), "whole"),
        (Text("receipt no.", "kuitansi no."), "right"),
        (Text("what", "jenis"), "left"),
        (Text("amount", "jumlah"), "right"),
        (Text("what became of it", "hasil"), "left"),
    )
    title = Text(
        f"{counts[Verdict.OURS]} happened, {counts[Verdict.ANOTHERS]} did not, {counts[Verdict.OPEN]} open",
        f"{counts[Verdict.OURS]} terjadi, {counts[Verdict.ANOTHERS]} tidak, {counts[Verdict.OPEN]} belum pasti",
    )
    parts: list[RenderableType] = [table(title, columns, map(_row, settled))]
    if rejected:
        told = Text(
            f"Lines not believed, for they hold no genuine receipt: {rejected}.",
            f"Baris yang tidak dipercaya karena bukan kuitansi asli: {rejected}.",
        )
        parts.append(sentence(told))
    return Group(*parts)


def _row(one: Settled) -> tuple[str, ...]:
    stated = one.gone.stated
    verdict = say(one.verdict.value)
    if one.restored:
        verdict += say(Text(", receipt restored", ", kuitansi dipulihkan"))
    if one.why.en:
        verdict += f" ({say(one.why)})"
    return (
        str(stated.terminal_id),
        str(stated.terminal_txn),
        one.gone.serial.hex(),
        str(one.gone.seq),
        words.receipt_type(one.gone.kind),
        rupiah(stated.amount),
        verdict,
    )
