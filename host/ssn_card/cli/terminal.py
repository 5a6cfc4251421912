# SPDX-License-Identifier: Apache-2.0
"""``ssn terminal``: what a shop's terminal does: sell, cancel, raise a limit, hand its receipts in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from ssn_card.keys import KeyProvider
from ssn_card.programme import load_shops
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.layouts import OVERRIDING
from ssn_card.receipts import Receipt
from ssn_card.terminal import CompanionKeys, SoftwareCompanionKeys, check_reference, now

from .desk import at_work
from .errors import BadArgument
from .goods import complete_item, parse_basket
from .grouped import grouped
from .options import (
    DEFAULT_CARD,
    CardUrl,
    Companion,
    ConfirmClock,
    DeskOptions,
    Journal,
    TerminalOptions,
    Trace,
    opened_keys,
)
from .output import AsJson, emit, warn
from .passwords import COMPANION_PASSWORD_VARIABLE, entered_pin
from .receipt_tables import receipt_facts, receipt_fields
from .terminal_records import doubts, events, pending, receipts

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

app.command()(receipts)
app.command()(pending)
app.command()(doubts)
app.command()(events)

_COMPANION = next(entry.size for entry in OVERRIDING.fields if entry.name == "companion_id")


@app.command()
@grouped
def sell(
    *,
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
    which: TerminalOptions,
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
        bool, typer.Option("--ask-pin", help="Ask for the holder's PIN / minta PIN pemegang kartu.")
    ] = False,
    card: CardUrl = DEFAULT_CARD,
    keys: DeskOptions,
    confirm_clock: ConfirmClock = False,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Sell a basket: debit its total from the card.

    Jual satu keranjang: debit totalnya dari kartu.
    """
    basket = parse_basket(item, now().date())
    if reference is not None:
        check_reference(reference)
    number = which.number(journal)
    _warn_if_closed(which.shop)
    with at_work(journal, number, keys, card, trace) as (desk, line, _):
        pin = entered_pin() if ask_pin else None
        sale = desk.debit(line, basket, reference=reference, pin=pin, confirm_clock=confirm_clock)
    title = (
        Text("Already debited earlier; nothing was debited now", "Sudah didebit sebelumnya; kini tidak didebit lagi")
        if sale.recovered
        else Text(f"Sold for {rupiah(sale.receipt.amount)}", f"Terjual {rupiah(sale.receipt.amount)}")
    )
    data = {"receipt": receipt_fields(sale.receipt), "recovered": sale.recovered, "basket": basket.as_list()}
    emit("terminal-sell", data, json, lambda: receipt_facts(title, sale.receipt))


@app.command()
@grouped
def cancel(
    *,
    journal: Journal,
    which: TerminalOptions,
    card: CardUrl = DEFAULT_CARD,
    keys: DeskOptions,
    confirm_clock: ConfirmClock = False,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Give back this terminal's newest debit of the card, as long as nothing else has happened on it.

    Kembalikan debit terakhir terminal ini pada kartu, selama belum ada transaksi lain.
    """
    number = which.number(journal)
    with at_work(journal, number, keys, card, trace) as (desk, line, _):
        receipt = desk.cancel(line, confirm_clock=confirm_clock)
    title = Text(f"Given back: {rupiah(receipt.amount)}", f"Dikembalikan: {rupiah(receipt.amount)}")
    _emit_receipt("terminal-cancel", title, receipt, json)


@app.command()
@grouped
def override(
    *,
    journal: Journal,
    amount: Annotated[
        int, typer.Option("--amount", min=1, metavar="RUPIAH", help="Rupiah to add / rupiah yang ditambahkan.")
    ],
    companion: Companion,
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
        str | None,
        typer.Option(
            "--companion-keyring",
            metavar="KEYS",
            help="The companion's token or key file; password from SSN_COMPANION_PASSWORD or asked for / "
            "token atau berkas kunci pendamping; kata sandi dari SSN_COMPANION_PASSWORD atau ditanyakan.",
        ),
    ] = None,
    which: TerminalOptions,
    card: CardUrl = DEFAULT_CARD,
    keys: DeskOptions,
    confirm_clock: ConfirmClock = False,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Raise this month's limit of the card; a companion's key confirms it.

    Naikkan batas bulan ini; disahkan dengan kunci pendamping.
    """
    who = _companion_id(companion)
    number = which.number(journal)
    with (
        at_work(journal, number, keys, card, trace) as (desk, line, provider),
        _companion_keys(companion_keyring, provider) as confirming,
    ):
        receipt = desk.override(line, amount, who, confirming, reason, confirm_clock=confirm_clock)
    title = Text(
        f"This month's limit is raised by {rupiah(amount)}", f"Batas bulan ini dinaikkan sebesar {rupiah(amount)}"
    )
    _emit_receipt("terminal-override", title, receipt, json)


@contextmanager
def _companion_keys(source: str | None, own: KeyProvider) -> Iterator[CompanionKeys]:
    if source is None:
        yield SoftwareCompanionKeys(own)
        return
    with opened_keys(source, COMPANION_PASSWORD_VARIABLE) as provider:
        yield SoftwareCompanionKeys(provider)


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
