# SPDX-License-Identifier: Apache-2.0
"""``ssn card``: what a card says of itself; settling what is in doubt; reading whose card it is."""

from __future__ import annotations

import dataclasses
import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from ssn_card.keys.masters import MasterKeys
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.values import StateClass
from ssn_card.receipts import append_tip, write_line
from ssn_card.terminal import CardSession, CardStatus, Terminal, TerminalJournal
from ssn_card.terminal.terminal import now

from . import words
from .files import output_file
from .identity import KeyHolder, read_identity, require_screen
from .options import (
    DEFAULT_CARD,
    CardUrl,
    Development,
    Journal,
    Keyring,
    KeyVersion,
    OptionalOutFile,
    ShopId,
    TerminalId,
    Trace,
    connection,
    key_provider,
    terminal_number,
)
from .output import AsJson, emit, facts, say
from .receipt_tables import card_receipts_table, receipt_fields

app = typer.Typer(
    help="Read a card, settle what is in doubt.\n\nBaca kartu, pastikan transaksi yang belum jelas.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

#: A query states a terminal's number; the command line as such is none.
NO_TERMINAL = 0


@app.command()
def info(card: CardUrl = DEFAULT_CARD, trace: Trace = None, json: AsJson = False) -> None:
    """Show what the card tells anyone; needs no keys.

    Tampilkan apa yang dikatakan kartu kepada siapa pun; tanpa kunci.
    """
    with connection(card, trace) as line, MasterKeys({}, "no keys") as nothing:
        seen = CardSession(line, nothing).info
    data = dataclasses.asdict(seen) | {"serial": seen.serial.hex(), "state_class": seen.state_class.name}
    emit("card-info", data, json, lambda: _info_table(data))


@app.command()
def status(
    card: CardUrl = DEFAULT_CARD,
    keyring: Keyring = None,
    development: Development = False,
    add_tip: Annotated[
        Path | None,
        typer.Option(
            "--add-tip",
            metavar="FILE",
            help="Also add where its receipts end to this file, for an auditor's --tips / "
            "catat juga kuitansi terakhirnya di berkas ini, untuk --tips auditor.",
        ),
    ] = None,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Show balance, limits and life state, as the card itself states them.

    Tampilkan sisa dana, batas, dan status, menurut kartu sendiri.
    """
    with key_provider(keyring, development) as provider, connection(card, trace) as line:
        found = Terminal(NO_TERMINAL, provider, TerminalJournal(":memory:", NO_TERMINAL)).status(line)
    if add_tip is not None:
        append_tip(add_tip, found.serial, found.tip)
    today = now().date()
    emit("card-status", found.as_dict(today), json, lambda: _status_table(found, today))


@app.command()
def log(
    card: CardUrl = DEFAULT_CARD,
    keyring: Keyring = None,
    development: Development = False,
    out: OptionalOutFile = None,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Read the receipts that the card still holds, newest first; into a file, oldest first.

    Baca kuitansi yang masih tersimpan di kartu, terbaru dahulu; ke berkas, terlama dahulu.
    """
    with key_provider(keyring, development) as provider, connection(card, trace) as line:
        receipts = list(Terminal(NO_TERMINAL, provider, TerminalJournal(":memory:", NO_TERMINAL)).log(line))
    if out is not None:
        with output_file(out) as file:
            for receipt in reversed(receipts):
                write_line(file, receipt)
    title = Text("The card's last receipts", "Kuitansi terakhir di kartu")
    data = {"receipts": [receipt_fields(receipt) for receipt in receipts], "out": None if out is None else str(out)}
    emit("card-log", data, json, lambda: card_receipts_table(title, receipts))


@app.command()
def recover(
    journal: Journal,
    terminal: TerminalId = None,
    shop: ShopId = None,
    card: CardUrl = DEFAULT_CARD,
    keyring: Keyring = None,
    development: Development = False,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Ask the card what became of this terminal's transactions in doubt.

    Tanyakan kepada kartu nasib transaksi terminal ini yang belum pasti.
    """
    with (
        TerminalJournal(journal) as book,
        key_provider(keyring, development) as provider,
        connection(card, trace) as line,
    ):
        desk = Terminal(terminal_number(terminal, shop, journal) or book.terminal_id, provider, book)
        serial = CardSession(line, provider, book.terminal_id).info.serial
        open_before = len(book.in_doubt(serial))
        happened = desk.recover(line)
    data = {
        "serial": serial.hex(),
        "settled": open_before,
        "happened": [receipt_fields(receipt) for receipt in happened],
        "did_not_happen": open_before - len(happened),
    }
    title = Text(
        f"{open_before} settled, {len(happened)} of them had happened",
        f"{open_before} dipastikan, {len(happened)} di antaranya memang terjadi",
    )
    emit("card-recover", data, json, lambda: card_receipts_table(title, happened))


class Holder(StrEnum):
    """Whose keys open the identity block."""

    REGISTRY = "registry"
    ISSUER = "issuer"


@app.command()
def identity(
    card: CardUrl = DEFAULT_CARD,
    keyring: Keyring = None,
    development: Development = False,
    holder: Annotated[
        Holder, typer.Option("--as", help="Whose keys the keyring holds / pemegang kunci dalam berkas kunci.")
    ] = Holder.REGISTRY,
    key_version: KeyVersion = 1,
    json: AsJson = False,
) -> None:
    """Show whose card it is, on the screen only. Do so where the law and the holder allow it, and nowhere else.

    Tampilkan pemilik kartu, hanya di layar. Lakukan hanya dengan dasar hukum dan sepengetahuan pemilik kartu.

    The data come over an encrypted channel and are kept nowhere: there is no trace option, and a pipe is refused.

    Data lewat saluran tersandi dan tidak disimpan di mana pun: tidak ada pilihan jejak, dan pipa ditolak.
    """
    require_screen()
    with key_provider(keyring, development) as provider, connection(card) as line:
        person = read_identity(line, provider, KeyHolder[holder.name], key_version)
    emit("card-identity", person.as_dict(), json, person.table)


def _info_table(data: dict[str, Any]) -> RenderableType:
    blank = data["state_class"] == StateClass.BLANK.name
    state = Text("blank", "kosong") if blank else Text("personalized", "sudah dipersonalisasi")
    version = Text("version of the {label} key", "versi kunci {label}")
    return facts(
        Text("Card", "Kartu"),
        (
            (Text("serial", "nomor seri"), data["serial"]),
            (Text("state", "keadaan"), say(state)),
            *(
                (version.filled(label=label.upper()), str(data[f"{label}_key_version"]))
                for label in ("debit", "receipt", "update", "override")
            ),
        ),
    )


def _status_table(found: CardStatus, today: dt.date) -> RenderableType:
    rows = [
        (Text("card", "kartu"), found.serial.hex()),
        (Text("state", "status"), say(words.STATES[found.state])),
        (Text("can be spent today", "dapat dibelanjakan hari ini"), rupiah(found.spendable(today))),
        (Text("balance", "sisa dana"), rupiah(found.balance)),
        (Text("left this month", "sisa batas bulan ini"), rupiah(found.month_left(today))),
        (Text("limit renews", "batas diperbarui"), words.date(found.renews(today))),
        (Text("monthly limit", "batas bulanan"), rupiah(found.monthly_limit)),
        (Text("one purchase at most", "sekali belanja paling banyak"), rupiah(found.debit_max)),
        (Text("companions may add", "kelonggaran pendamping"), rupiah(found.override_max)),
        (Text("goods", "barang"), words.goods(found.allowed_categories)),
        (Text("valid until", "berlaku sampai"), words.date(found.valid_until)),
        (Text("loaded in all", "seluruh dana masuk"), rupiah(found.loaded_total)),
        (Text("spent in all", "seluruh belanja"), rupiah(found.spent_total)),
        (Text("newest update", "pembaruan terakhir"), str(found.update_seq)),
        (Text("newest receipt", "kuitansi terakhir"), str(found.seq)),
    ]
    return facts(Text("SSN card", "Kartu SSN"), rows)
