# SPDX-License-Identifier: Apache-2.0
"""``ssn terminal``: what a shop's terminal does: sell, cancel, raise a limit, hand its receipts in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from ssn_card.keys import KeyProvider, SoftwareKeyring
from ssn_card.programme import load_shops
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.layouts import OVERRIDING
from ssn_card.receipts import Receipt, write_line
from ssn_card.terminal import Terminal, TerminalJournal, check_reference
from ssn_card.terminal.terminal import now
from ssn_card.transport import CardConnection

from . import words
from .doubts import doubt_told
from .errors import BadArgument
from .files import output_file
from .goods import complete_item, parse_basket
from .options import (
    DEFAULT_CARD,
    CardUrl,
    Development,
    Journal,
    Keyring,
    OutFile,
    ShopId,
    TerminalId,
    Trace,
    connection,
    key_provider,
    terminal_number,
)
from .output import AsJson, emit, sentence, table, warn
from .passwords import COMPANION_PASSWORD_VARIABLE, entered_pin, password_of
from .receipt_tables import receipt_facts, receipt_fields

app = typer.Typer(
    help="Sell, cancel, raise a limit; every step is journalled first.\n\n"
    "Jual, batalkan, naikkan batas; setiap langkah dicatat lebih dahulu.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

_COMPANION = next(entry.size for entry in OVERRIDING.fields if entry.name == "companion_id")


@app.command()
def sell(
    journal: Journal,
    item: Annotated[
        list[str],
        typer.Option(
            "--item",
            metavar="CODE=QUANTITY[@RUPIAH]",
            autocompletion=complete_item,
            help="Goods, repeatable; without a price the reference price counts / "
            "barang, dapat diulang; tanpa harga dipakai harga acuan.",
        ),
    ],
    terminal: TerminalId = None,
    shop: ShopId = None,
    reference: Annotated[
        str | None,
        typer.Option(
            "--reference",
            metavar="TEXT",
            help="Your number of this sale: the same again that day never debits twice / "
            "nomor nota Anda: nomor yang sama pada hari itu tidak mendebit dua kali.",
        ),
    ] = None,
    ask_pin: Annotated[
        bool, typer.Option("--pin", help="Ask for the holder's PIN / minta PIN pemegang kartu.")
    ] = False,
    card: CardUrl = DEFAULT_CARD,
    keyring: Keyring = None,
    development: Development = False,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Sell a basket: debit its total from the card.

    Jual satu keranjang: debit totalnya dari kartu.
    """
    basket = parse_basket(item, now().date())
    if reference is not None:
        check_reference(reference)
    number = terminal_number(terminal, shop, journal)
    _warn_if_closed(shop)
    with _at_work(journal, number, keyring, development, card, trace) as (desk, line, _):
        sale = desk.debit(line, basket, reference=reference, pin=entered_pin() if ask_pin else None)
    title = (
        Text("Already debited earlier; nothing was debited now", "Sudah didebit sebelumnya; kini tidak didebit lagi")
        if sale.recovered
        else Text(f"Sold for {rupiah(sale.receipt.amount)}", f"Terjual {rupiah(sale.receipt.amount)}")
    )
    data = {"receipt": receipt_fields(sale.receipt), "recovered": sale.recovered, "basket": basket.as_list()}
    emit("terminal-sell", data, json, lambda: receipt_facts(title, sale.receipt))


@app.command()
def cancel(
    journal: Journal,
    terminal: TerminalId = None,
    shop: ShopId = None,
    card: CardUrl = DEFAULT_CARD,
    keyring: Keyring = None,
    development: Development = False,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Give back this terminal's newest debit of the card, as long as nothing else has happened on it.

    Kembalikan debit terakhir terminal ini pada kartu, selama belum ada transaksi lain.
    """
    number = terminal_number(terminal, shop, journal)
    with _at_work(journal, number, keyring, development, card, trace) as (desk, line, _):
        receipt = desk.cancel(line)
    title = Text(f"Given back: {rupiah(receipt.amount)}", f"Dikembalikan: {rupiah(receipt.amount)}")
    _emit_receipt("terminal-cancel", title, receipt, json)


@app.command()
def override(
    journal: Journal,
    amount: Annotated[
        int, typer.Option("--amount", min=1, metavar="RUPIAH", help="Rupiah to add / rupiah yang ditambahkan.")
    ],
    companion: Annotated[
        str,
        typer.Option(
            "--companion",
            metavar="ID",
            help="Who confirms the need, up to 8 characters / pendamping yang mengesahkan, paling banyak 8 karakter.",
        ),
    ],
    reason: Annotated[
        int,
        typer.Option(
            "--reason-code",
            min=0,
            max=0xFFFF,
            metavar="N",
            help="The programme's code of the reason / kode alasan menurut program.",
        ),
    ],
    companion_keyring: Annotated[
        Path | None,
        typer.Option(
            "--companion-keyring",
            metavar="PATH",
            help="The companion's key file; password from SSN_COMPANION_PASSWORD or asked for / "
            "berkas kunci pendamping; kata sandi dari SSN_COMPANION_PASSWORD atau ditanyakan.",
        ),
    ] = None,
    terminal: TerminalId = None,
    shop: ShopId = None,
    card: CardUrl = DEFAULT_CARD,
    keyring: Keyring = None,
    development: Development = False,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Raise this month's limit of the card; a companion's key confirms it.

    Naikkan batas bulan ini; disahkan dengan kunci pendamping.
    """
    who = _companion_id(companion)
    number = terminal_number(terminal, shop, journal)
    with (
        _at_work(journal, number, keyring, development, card, trace) as (desk, line, provider),
        _companion_keys(companion_keyring, provider) as confirming,
    ):
        receipt = desk.override(line, amount, who, confirming, reason)
    title = Text(
        f"This month's limit is raised by {rupiah(amount)}", f"Batas bulan ini dinaikkan sebesar {rupiah(amount)}"
    )
    _emit_receipt("terminal-override", title, receipt, json)


@app.command()
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


@app.command()
def pending(journal: Journal, json: AsJson = False) -> None:
    """List the transactions in doubt. Present each card again: "ssn card recover" asks it.

    Daftar transaksi yang belum pasti. Tempelkan lagi kartunya: "ssn card recover" menanyakannya.
    """
    with TerminalJournal(journal, read_only=True) as book:
        number = book.terminal_id
        entries = book.in_doubt()
    data = {
        "terminal": number,
        "pending": [
            {
                "terminal_txn": entry.terminal_txn,
                "reference": entry.reference,
                "type": entry.kind.name,
                "serial": entry.serial.hex(),
                "basket": None if entry.basket is None else entry.basket.as_list(),
            }
            for entry in entries
        ],
    }
    columns = (
        (Text("transaction", "transaksi"), "right"),
        (Text("card", "kartu"), "whole"),
        (Text("what", "jenis"), "left"),
        (Text("amount", "jumlah"), "right"),
        (Text("reference", "referensi"), "left"),
    )
    rows = (
        (
            str(entry.terminal_txn),
            entry.serial.hex(),
            words.receipt_type(entry.kind),
            words.NONE if entry.basket is None else rupiah(entry.basket.total),
            entry.reference or words.NONE,
        )
        for entry in entries
    )
    title = Text(f"{len(entries)} in doubt", f"{len(entries)} belum pasti")
    emit("terminal-pending", data, json, lambda: table(title, columns, rows))


@contextmanager
def _at_work(
    journal: Path, number: int | None, keyring: Path | None, development: bool, card: str, trace: Path | None
) -> Iterator[tuple[Terminal, CardConnection, KeyProvider]]:
    """The terminal with keys, journal and the card in its reader."""
    with (
        key_provider(keyring, development) as provider,
        TerminalJournal(journal, number) as book,
        connection(card, trace) as line,
        doubt_told(book, journal),
    ):
        yield Terminal(book.terminal_id, provider, book), line, provider


@contextmanager
def _companion_keys(path: Path | None, own: KeyProvider) -> Iterator[KeyProvider]:
    if path is None:
        yield own
        return
    with SoftwareKeyring.open(path, password_of(path, COMPANION_PASSWORD_VARIABLE)) as provider:
        yield provider


def _companion_id(text: str) -> bytes:
    data = text.encode("ascii", "replace")
    if not text or not text.isascii() or not text.isprintable() or len(data) > _COMPANION:
        raise BadArgument(
            Text(
                f"A companion's id is 1 to {_COMPANION} ASCII characters.",
                f"ID pendamping 1-{_COMPANION} karakter ASCII.",
            ),
            where="--companion",
        )
    return data.ljust(_COMPANION, b"\x00")


def _warn_if_closed(shop: str | None) -> None:
    if shop is not None and not load_shops().by_id(shop).is_open(now()):
        warn(Text(f"{shop} is outside its opening hours.", f"{shop} di luar jam buka."))


def _emit_receipt(command: str, title: Text, receipt: Receipt, json: bool) -> None:
    emit(command, {"receipt": receipt_fields(receipt)}, json, lambda: receipt_facts(title, receipt))
