# SPDX-License-Identifier: Apache-2.0
"""``ssn card``: what a card says of itself; settling what is in doubt; reading whose card it is."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.values import StateClass
from ssn_card.receipts import Receipt, append_tip, write_line
from ssn_card.terminal import CardStatus, NoReceipt, Reader, SoftwareTerminalKeys, TerminalJournal, now, select
from ssn_card.terminal.session import MAX_SEQ

from . import words
from .card_pin import pin
from .desk import at_work
from .errors import NoSuchReceipt
from .files import output_file
from .grouped import grouped
from .identity import KeyHolder, read_identity, require_screen
from .options import (
    DEFAULT_CARD,
    CardUrl,
    DeskOptions,
    Journal,
    KeyVersion,
    OptionalOutFile,
    TerminalOptions,
    Trace,
    connection,
)
from .output import AsJson, emit, say, warn
from .receipt_tables import card_receipts_table, receipt_facts, receipt_fields
from .tables import facts

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)

app.command()(pin)

_KEY_VERSIONS = ("debit_key_version", "receipt_key_version", "update_key_version", "override_key_version")


@app.command()
def info(card: CardUrl = DEFAULT_CARD, trace: Trace = None, json: AsJson = False) -> None:
    """Show what the card tells anyone; needs no keys.

    Tampilkan apa yang dikatakan kartu kepada siapa pun; tanpa kunci.
    """
    with connection(card, trace) as line:
        seen, _ = select(line)
    data = {"serial": seen.serial.hex(), "state_class": seen.state_class.name} | {
        name: getattr(seen, name) for name in _KEY_VERSIONS
    }
    emit("card-info", data, json, lambda: _info_table(data))


@app.command()
@grouped
def status(
    *,
    card: CardUrl = DEFAULT_CARD,
    keys: DeskOptions,
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
    with keys.provider() as provider, connection(card, trace) as line:
        found = Reader(SoftwareTerminalKeys(provider), minimum_version=keys.min_debit_version).status(line)
    if add_tip is not None:
        append_tip(add_tip, found.serial, found.tip)
    today = now().date()
    emit("card-status", found.as_dict(today), json, lambda: _status_table(found, today))


@app.command()
@grouped
def log(
    *,
    card: CardUrl = DEFAULT_CARD,
    keys: DeskOptions,
    number: Annotated[
        int | None,
        typer.Option(
            "--number",
            min=1,
            max=MAX_SEQ,
            metavar="N",
            help="The receipt of this number alone / hanya kuitansi dengan nomor ini.",
        ),
    ] = None,
    out: OptionalOutFile = None,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Read the receipts that the card still holds, newest first; into a file, oldest first.

    Baca kuitansi yang masih tersimpan di kartu, terbaru dahulu; ke berkas, terlama dahulu.
    """
    with keys.provider() as provider, connection(card, trace) as line:
        desk = Reader(SoftwareTerminalKeys(provider), minimum_version=keys.min_debit_version)
        receipts = desk.log(line) if number is None else [_receipt(desk.receipt(line, number), number)]
    if out is not None:
        with output_file(out) as file:
            for receipt in reversed(receipts):
                write_line(file, receipt)
    title = Text("The card's last receipts", "Kuitansi terakhir di kartu")
    data = {"receipts": [receipt_fields(receipt) for receipt in receipts], "out": None if out is None else str(out)}
    emit(
        "card-log",
        data,
        json,
        lambda: (
            card_receipts_table(title, receipts)
            if number is None
            else receipt_facts(Text(f"Receipt {number}", f"Kuitansi {number}"), receipts[0])
        ),
    )


def _receipt(answer: Receipt | NoReceipt, number: int) -> Receipt:
    if isinstance(answer, NoReceipt):
        raise NoSuchReceipt(number, answer.newest_seq)
    return answer


@app.command()
@grouped
def recover(
    *,
    journal: Journal,
    which: TerminalOptions,
    card: CardUrl = DEFAULT_CARD,
    keys: DeskOptions,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Ask the card what became of this terminal's transactions in doubt.

    Tanyakan kepada kartu nasib transaksi terminal ini yang belum pasti.
    """
    if not journal.exists():
        TerminalJournal(journal)  # says so: there is nothing in doubt in a new one
    number = which.number(journal)
    with at_work(journal, number, keys, card, trace) as (desk, line, _):
        serial = select(line)[0].serial
        found = desk.recover(line)
    settled = len(found.happened) + len(found.did_not_happen)
    data = {
        "serial": serial.hex(),
        "settled": settled,
        "happened": [receipt_fields(receipt) for receipt in found.happened],
        "did_not_happen": len(found.did_not_happen),
        "for_the_bank": [entry.terminal_txn for entry in found.gone],
    }
    title = Text(
        f"{settled} settled, {len(found.happened)} of them had happened",
        f"{settled} dipastikan, {len(found.happened)} di antaranya memang terjadi",
    )
    emit("card-recover", data, json, lambda: card_receipts_table(title, found.happened))
    if found.gone:
        warn(
            Text(
                f"{len(found.gone)} the card has forgotten; the bank can settle them: ssn terminal doubts",
                f"{len(found.gone)} sudah dilupakan kartu; bank dapat memastikannya: ssn terminal doubts",
            )
        )


class Holder(StrEnum):
    """Whose keys open the identity block."""

    REGISTRY = "registry"
    ISSUER = "issuer"


@app.command()
@grouped
def identity(
    *,
    card: CardUrl = DEFAULT_CARD,
    keys: DeskOptions,
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
    with keys.provider() as provider, connection(card) as line:
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
        *_ahead(found, today),
        (Text("left this month", "sisa batas bulan ini"), rupiah(found.month_left(today))),
        (Text("limit renews", "batas diperbarui"), words.date(found.renews(today))),
        (Text("monthly limit", "batas bulanan"), rupiah(found.monthly_limit)),
        (Text("one purchase at most", "sekali belanja paling banyak"), rupiah(found.debit_max)),
        (Text("companions may add", "kelonggaran pendamping"), rupiah(found.override_max)),
        (Text("goods", "barang"), words.goods(found.allowed_categories)),
        (Text("valid until", "berlaku sampai"), words.date(found.valid_until)),
        (Text("PIN", "PIN"), _pin(found)),
        (Text("loaded in all", "seluruh dana masuk"), rupiah(found.loaded_total)),
        (Text("expired unspent", "hangus"), rupiah(found.withdrawn_total)),
        (Text("spent in all", "seluruh belanja"), rupiah(found.spent_total)),
        (Text("newest update", "pembaruan terakhir"), str(found.update_seq)),
        (Text("newest receipt", "kuitansi terakhir"), str(found.seq)),
    ]
    return facts(Text("SSN card", "Kartu SSN"), rows)


def _pin(found: CardStatus) -> str:
    if found.pin_choice:
        return say(Text("the holder may choose one (--choose)", "pemegang boleh memilihnya (--choose)"))
    if not found.has_pin:
        return say(Text("none", "tidak ada"))
    if found.pin_tries == 0:
        return say(Text("blocked; the bank can let the holder choose one", "diblokir; bank dapat membuka pemilihan"))
    left, tries = rupiah(found.without_pin), found.pin_tries
    return say(
        Text(f"tries left: {tries}; not needed for {left} more", f"sisa percobaan: {tries}; tanpa PIN masih {left}")
    )


def _ahead(found: CardStatus, today: dt.date) -> list[tuple[Text, str]]:
    """A month ahead of the clock is worth a line: nothing can be bought with the card until then."""
    if not found.is_ahead(today):
        return []
    month = f"20{found.month.hex()[:2]}-{found.month.hex()[2:]}"
    told = Text(
        f"{month}, ahead of the clock: the card needs mending, the money is safe",
        f"{month}, lebih maju dari jam: kartu perlu dipulihkan, uangnya aman",
    )
    return [(Text("the card's month", "bulan pada kartu"), say(told))]
