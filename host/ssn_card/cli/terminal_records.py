# SPDX-License-Identifier: Apache-2.0
"""``ssn terminal receipts|pending|doubts|events``: what stands in a terminal's journal. Needs no card and no keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import RenderableType

from ssn_card.protocol.errors import Text, rupiah
from ssn_card.receipts import write_line
from ssn_card.terminal import TerminalJournal
from ssn_card.terminal.gone import write_gone
from ssn_card.terminal.journal import Entry

from . import words
from .desk import EVENTS
from .files import output_file
from .options import Journal, OutFile
from .output import AsJson, emit, say
from .tables import sentence, table


def receipts(journal: Journal, out: OutFile, json: AsJson = False) -> None:
    """Export every receipt in the journal, with its basket, for the bank. Needs no keys and changes nothing.

    Ekspor semua kuitansi dalam jurnal beserta keranjangnya untuk bank.
    """
    count = total = 0
    with TerminalJournal(journal, read_only=True) as book, output_file(out) as file:
        number = book.terminal_id
        for receipt, basket in book.receipts():
            write_line(file, receipt, basket)
            count += 1
            total += receipt.amount if basket is not None else 0
    data = {"terminal": number, "receipts": count, "sold": total, "out": str(out)}
    done = Text(
        f"{count} receipts, sales of {rupiah(total)}: {out}", f"{count} kuitansi, penjualan {rupiah(total)}: {out}"
    )
    emit("terminal-receipts", data, json, lambda: sentence(done))


def pending(journal: Journal, json: AsJson = False) -> None:
    """List the transactions in doubt. Present each card again: "ssn card recover" asks it.

    Daftar transaksi yang belum pasti. Tempelkan lagi kartunya: "ssn card recover" menanyakannya.
    """
    with TerminalJournal(journal, read_only=True) as book:
        number = book.terminal_id
        entries = book.in_doubt()
    data = {"terminal": number, "pending": [_entry_fields(entry) for entry in entries]}
    title = Text(f"{len(entries)} in doubt", f"{len(entries)} belum pasti")
    emit("terminal-pending", data, json, lambda: _entry_table(title, entries))


def doubts(journal: Journal, out: OutFile, json: AsJson = False) -> None:
    """Write what the cards themselves have forgotten, for the bank, which alone can settle it. Changes nothing.

    Tulis transaksi yang sudah dilupakan kartunya, untuk bank, yang dapat memastikannya. Tidak mengubah apa pun.
    """
    with TerminalJournal(journal, read_only=True) as book, output_file(out) as file:
        number = book.terminal_id
        entries = book.for_the_bank()
        for entry in entries:
            write_gone(file, number, entry)
    data = {"terminal": number, "doubts": [_entry_fields(entry) for entry in entries], "out": str(out)}
    title = Text(f"{len(entries)} for the bank: {out}", f"{len(entries)} untuk bank: {out}")
    emit("terminal-doubts", data, json, lambda: _entry_table(title, entries))


def events(journal: Journal, json: AsJson = False) -> None:
    """List what the terminal has noticed: clocks that were confirmed, false cards.

    Daftar hal yang diketahui terminal: jam yang dikonfirmasi, kartu palsu.
    """
    with TerminalJournal(journal, read_only=True) as book:
        number = book.terminal_id
        found = book.events()
    data = {
        "terminal": number,
        "events": [
            {
                "moment": event.moment.isoformat(),
                "event": event.kind.value,
                "serial": None if event.serial is None else event.serial.hex(),
                **event.details,
            }
            for event in found
        ],
    }
    columns = (
        (Text("when", "waktu"), "whole"),
        (Text("what", "apa"), "left"),
        (Text("card", "kartu"), "whole"),
    )
    rows = (
        (
            event.moment.isoformat(sep=" "),
            say(EVENTS[event.kind]),
            words.NONE if event.serial is None else event.serial.hex(),
        )
        for event in found
    )
    title = Text(f"{len(found)} noticed", f"{len(found)} catatan")
    emit("terminal-events", data, json, lambda: table(title, columns, rows))


def _entry_fields(entry: Entry) -> dict[str, Any]:
    return {
        "terminal_txn": entry.terminal_txn,
        "reference": entry.reference,
        "type": entry.kind.name,
        "serial": entry.serial.hex(),
        "seq": entry.seq,
        "amount": entry.amount,
        "basket": None if entry.basket is None else entry.basket.as_list(),
    }


def _entry_table(title: Text, entries: Sequence[Entry]) -> RenderableType:
    columns = (
        (Text("transaction", "transaksi"), "right"),
        (Text("card", "kartu"), "whole"),
        (Text("receipt no.", "kuitansi no."), "right"),
        (Text("what", "jenis"), "left"),
        (Text("amount", "jumlah"), "right"),
        (Text("reference", "referensi"), "left"),
    )
    rows = (
        (
            str(entry.terminal_txn),
            entry.serial.hex(),
            str(entry.seq),
            words.receipt_type(entry.kind),
            rupiah(entry.amount),
            entry.reference or words.NONE,
        )
        for entry in entries
    )
    return table(title, columns, rows)
