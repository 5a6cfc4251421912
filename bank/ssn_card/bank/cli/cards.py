# SPDX-License-Identifier: Apache-2.0
"""``ssn bank cards``: what becomes of a card after it was issued, and of the money on it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group
from sqlalchemy import func, select

from ssn_card.cli.entitlement_register import open_register
from ssn_card.cli.files import serial_of
from ssn_card.cli.grouped import grouped
from ssn_card.cli.options import (
    Keyring,
    NewFolder,
    OptionalRegister,
    PolicyFile,
    Reason,
    RegisterPath,
    Serial,
    key_provider,
)
from ssn_card.cli.output import AsJson, emit, say, warn
from ssn_card.cli.tables import facts, table
from ssn_card.programme import load_policies
from ssn_card.protocol.errors import Text, numeral
from ssn_card.receipts import read_lines
from ssn_card.receipts.genuine import ReceiptKeys

from ..cards.errors import StillUsable
from ..cards.moves import card_of, move
from ..cards.proof import GenuineReceipt, genuine
from ..cards.replacement import OFFLINE_DAYS, called_off, decide, is_stopped, settle
from ..cards.rights import deactivate, reactivate
from ..life import LifePhase
from ..proposals import flow
from ..store.bank import Bank
from ..store.tables.cards import CardMoveRow, CardRow
from ..store.work import SignedIn, StoreWork
from ..updates.choice import RunChoice
from ..updates.order import RunKind, RunOrder
from ..updates.runs import issue_run, new_run
from .card_shown import card_data, card_shown, money_facts, replacement_data
from .options import BankOptions
from .run_options import OfflineDays, StoppedBy
from .runs import local_now, run_file

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)
State = Annotated[
    str | None,
    typer.Option("--in-state", metavar="STATE", help="Cards that stand so only / hanya kartu berstatus ini."),
]
_MOVED = Text("{serial}: {state}", "{serial}: {state}")
_UPDATE_WAITS = Text(
    "The card has not heard of it. Have it told: ssn bank runs new --kind block.",
    "Kartu belum mengetahuinya. Beri tahu kartunya: ssn bank runs new --kind block.",
)
_COUNTS = [(Text("state", "status"), "left"), (Text("cards", "kartu"), "right")]


@dataclass(frozen=True)
class TellTheCard:
    """With what the card's blocking update is issued at once."""

    register: OptionalRegister = None
    out_dir: NewFolder = None
    keyring: Keyring = None
    policies: PolicyFile = None


@app.command("list")
@grouped
def list_cards(*, bank: BankOptions, in_state: State = None, as_json: AsJson = False) -> None:
    """How many cards stand how; with --in-state which.

    Berapa kartu dalam tiap status; dengan --in-state yang mana saja.
    """
    with bank.signed_in() as (opened, _), opened.reading() as session:
        grouped_by = select(CardRow.state, func.count()).group_by(CardRow.state).order_by(CardRow.state)
        counted = {row[0]: row[1] for row in session.execute(grouped_by)}
        wanted = select(CardRow.serial).where(CardRow.state == in_state).order_by(CardRow.serial)
        serials = list(session.scalars(wanted)) if in_state is not None else []
    data = {"cards": sum(counted.values()), "states": counted, "serials": serials}
    rows = [[say(LifePhase(state).text), say(numeral(count))] for state, count in counted.items()]
    emit("bank-cards-list", data, as_json, lambda: Group(table(None, _COUNTS, rows), "\n".join(serials)))


@app.command()
@grouped
def show(*, serial: Serial, bank: BankOptions, as_json: AsJson = False) -> None:
    """A card: its state, its life, its newest update, and where its money is. No names.

    Satu kartu: status, riwayat, pembaruan terbaru, dan letak dananya. Tanpa nama.
    """
    with bank.signed_in() as (opened, _), opened.reading() as session:
        data = card_data(session, serial_of(serial, "SERIAL").hex())
    emit("bank-cards-show", data, as_json, lambda: card_shown(data))


@app.command("report-lost")
@grouped
def report_lost(
    *, serial: Serial, bank: BankOptions, reason: Reason, tell: TellTheCard, as_json: AsJson = False
) -> None:
    """A card is lost for now: stopped here at once, and told to the card with --register and keys.

    Kartu hilang sementara: dihentikan di sini seketika, dan kartunya diberi tahu dengan --register dan kunci.
    """
    _stop(serial, "report-lost", bank, reason, tell, as_json)


@app.command()
@grouped
def block(*, serial: Serial, bank: BankOptions, reason: Reason, tell: TellTheCard, as_json: AsJson = False) -> None:
    """Block a card: at once, by one person; with --register and keys its update too, which a second approves later.

    Blokir kartu: seketika, oleh satu orang; dengan --register dan kunci juga pembaruannya, disetujui kemudian.
    """
    _stop(serial, "block", bank, reason, tell, as_json)


@app.command()
@grouped
def unblock(
    *, serial: Serial, bank: BankOptions, register: RegisterPath, policies: PolicyFile = None, as_json: AsJson = False
) -> None:
    """Submit a run that opens a blocked card, or one that was found; a second person approves it.

    Ajukan tindakan yang membuka kartu terblokir, atau yang ditemukan; orang kedua menyetujuinya.
    """
    card = serial_of(serial, "SERIAL").hex()
    with bank.signed_in() as (opened, actor), open_register(register, new=False) as book, opened.work(actor) as work:
        name = f"unblock-{card}-{work.session.scalar(_moves_of(card))}"
        order = RunOrder(RunKind.UNBLOCK)
        row, _ = new_run(work, name, order, RunChoice((card,)), book, load_policies(policies), local_now(opened))
        flow.submit(work, row)
    text = Text(f"{name}: approve it, then issue it.", f"{name}: setujui, lalu terbitkan.")
    emit("bank-cards-unblock", {"serial": card, "run": name}, as_json, lambda: say(text))


@app.command()
@grouped
def find(*, serial: Serial, bank: BankOptions, reason: Reason, as_json: AsJson = False) -> None:
    """A card that was lost is found. Nothing on it was lost; if it was blocked, a run of kind unblock opens it.

    Kartu yang hilang ditemukan. Dananya utuh; bila diblokir, tindakan jenis unblock membukanya.
    """

    def finding(work: StoreWork, name: str) -> None:
        called_off(work, name)
        _move(work, name, "find", reason)

    _one(serial, "find", bank, finding, as_json)


@app.command()
@grouped
def damage(*, serial: Serial, bank: BankOptions, reason: Reason, as_json: AsJson = False) -> None:
    """A card works no more.

    Kartu tidak berfungsi lagi.
    """
    _one(serial, "damage", bank, lambda work, name: _move(work, name, "damage", reason), as_json)


@app.command("return")
@grouped
def came_back(*, serial: Serial, bank: BankOptions, reason: Reason, as_json: AsJson = False) -> None:
    """A card came back without having been handed over.

    Kartu kembali tanpa diserahkan.
    """
    _one(serial, "return", bank, lambda work, name: _move(work, name, "return", reason), as_json)


@app.command()
@grouped
def terminate(*, serial: Serial, bank: BankOptions, reason: Reason, as_json: AsJson = False) -> None:
    """A card is over for good (approver).

    Kartu diakhiri untuk seterusnya (pemberi persetujuan).
    """
    _one(serial, "terminate", bank, lambda work, name: _move(work, name, "terminate", reason), as_json)


@app.command("deactivate")
@grouped
def no_loads(*, serial: Serial, bank: BankOptions, reason: Reason, as_json: AsJson = False) -> None:
    """The holder gets no loads from now on; they are remembered. What is on the card stays.

    Pemegang tidak menerima dana lagi; yang jatuh tempo dicatat. Dana di kartu tetap.
    """
    _one(serial, "deactivate", bank, lambda work, name: deactivate(work, name, reason), as_json)


@app.command("reactivate")
@grouped
def loads_again(*, serial: Serial, bank: BankOptions, reason: Reason, as_json: AsJson = False) -> None:
    """The holder gets loads again; what was missed comes with the next, or with a run of kind carry.

    Pemegang menerima dana lagi; yang terlewat menyusul bersama dana berikutnya, atau tindakan jenis carry.
    """
    _one(serial, "reactivate", bank, lambda work, name: reactivate(work, name, reason), as_json)


@app.command()
@grouped
def replace(
    *,
    serial: Serial,
    bank: BankOptions,
    reason: Reason,
    stopped_by: StoppedBy = None,
    offline_days: OfflineDays = OFFLINE_DAYS,
    keyring: Keyring = None,
    as_json: AsJson = False,
) -> None:
    """Count what is left on a card that another is to replace (keys with --stopped-by: RECEIPT).

    Hitung sisa dana di kartu yang akan diganti (kunci untuk --stopped-by: RECEIPT).

    With the receipt of its blocking update all of it goes to the next card at once. Without, what receipts still
    offline may have spent is held back until no receipt can come any more: ssn bank cards settle. The next card is made
    by a batch: ssn bank batches new --reissue.

    Dengan kuitansi pembaruan blokirnya seluruh sisa dipindahkan seketika. Tanpa itu, yang mungkin sudah dibelanjakan
    ditahan sampai tidak ada kuitansi yang menyusul: ssn bank cards settle. Kartu berikutnya dibuat lewat kelompok: ssn
    bank batches new --reissue.
    """
    name = serial_of(serial, "SERIAL").hex()
    with bank.signed_in() as (opened, actor):
        proof = None
        if stopped_by is not None:
            with (
                opened.reading() as session,
                key_provider(keyring, bank.development and keyring is None) as provider,
            ):
                proof = _stopping(session, ReceiptKeys(provider), name, stopped_by)
        with opened.work(actor) as work:
            data = replacement_data(work.session, decide(work, name, reason, stopped=proof, offline_days=offline_days))
    emit("bank-cards-replace", data, as_json, lambda: facts(None, money_facts(data)))


@app.command("settle")
@grouped
def settle_card(*, serial: Serial, bank: BankOptions, as_json: AsJson = False) -> None:
    """No receipt of a replaced card can come any more: release what was held back and not spent.

    Tidak ada lagi kuitansi kartu lama yang menyusul: lepaskan dana tertahan yang tidak dibelanjakan.
    """
    name = serial_of(serial, "SERIAL").hex()
    with bank.signed_in() as (opened, actor), opened.work(actor) as work:
        data = replacement_data(work.session, settle(work, name))
    emit("bank-cards-settle", data, as_json, lambda: facts(None, money_facts(data)))


def _stop(serial: str, name: str, bank: BankOptions, reason: str, tell: TellTheCard, as_json: bool) -> None:
    card = serial_of(serial, "SERIAL").hex()
    run = None
    with bank.signed_in() as (opened, actor):
        with opened.work(actor) as work:
            _move(work, card, name, reason)
        if tell.register is not None:
            run = _tell(opened, actor, card, bank.development, tell)
        with opened.reading() as session:
            state = card_of(session, card).state
    data = {"serial": card, "state": state, "run": run}
    emit(f"bank-cards-{name}", data, as_json, lambda: say(_MOVED.filled(serial=card, state=LifePhase(state).text)))
    if run is None:
        warn(_UPDATE_WAITS)


def _tell(opened: Bank, actor: SignedIn, card: str, development: bool, tell: TellTheCard) -> str:
    """An urgent run: issued now, looked at by a second person afterwards; its name."""
    policies, moment = load_policies(tell.policies), local_now(opened)
    with (
        open_register(tell.register or Path(), new=False) as book,
        key_provider(tell.keyring, development and tell.keyring is None) as provider,
    ):
        with opened.work(actor) as work:
            name = f"block-{card}-{work.session.scalar(_moves_of(card))}"
            row, _ = new_run(
                work, name, RunOrder(RunKind.BLOCK, urgent=True), RunChoice((card,)), book, policies, moment
            )
            flow.submit(work, row)
        issue_run(opened, actor, name, book, provider, policies, run_file(tell.out_dir or Path(), name), moment)
    return name


def _moves_of(card: str) -> Any:
    return select(func.count()).select_from(CardMoveRow).where(CardMoveRow.serial == card)


def _move(work: StoreWork, serial: str, name: str, reason: str) -> None:
    move(work, serial, name, uid=str(uuid.uuid4()), at=work.at, reason=reason)


def _one(serial: str, command: str, bank: BankOptions, step: Callable[[StoreWork, str], object], as_json: bool) -> None:
    name = serial_of(serial, "SERIAL").hex()
    with bank.signed_in() as (opened, actor), opened.work(actor) as work:
        step(work, name)
        state = card_of(work.session, name).state
    data = {"serial": name, "state": state}
    emit(f"bank-cards-{command}", data, as_json, lambda: say(_MOVED.filled(serial=name, state=LifePhase(state).text)))


def _stopping(session: Any, keys: ReceiptKeys, serial: str, path: Path) -> GenuineReceipt:
    """The receipt in the file that says that the card is blocked. Raises ``StillUsable``."""
    for line in read_lines(path):
        found = None if line.receipt is None else genuine(keys, line.receipt)
        if found is not None and found.serial == serial and is_stopped(session, serial, found.receipt):
            return found
    raise StillUsable(serial)
