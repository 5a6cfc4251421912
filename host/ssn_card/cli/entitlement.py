# SPDX-License-Identifier: Apache-2.0
"""``ssn entitlement``: the bank issues updates into a file; any terminal carries them to the cards."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import RenderableType

from ssn_card.entitlement import SignedUpdate, issue, read_updates, write_updates
from ssn_card.programme import load_policies
from ssn_card.protocol.errors import Text, rupiah
from ssn_card.protocol.values import MAX_AMOUNT, KeySelection, LifeState, UpdateFlag
from ssn_card.terminal import Terminal, TerminalJournal
from ssn_card.terminal.terminal import now

from . import words
from .entitlement_plan import Wishes, entitlement_for, targets
from .errors import BadArgument, BadFile, NoUpdateForCard
from .options import (
    DEFAULT_CARD,
    CardUrl,
    Development,
    Journal,
    Keyring,
    KeyVersion,
    OptionalSerialFile,
    OutFile,
    PolicyFile,
    PolicyToday,
    Serials,
    ShopId,
    TerminalId,
    Trace,
    connection,
    key_provider,
    terminal_number,
)
from .output import AsJson, emit, progress, say, table
from .receipt_tables import receipt_facts, receipt_fields

app = typer.Typer(
    help="Issue, carry and show entitlement updates.\n\nTerbitkan, antarkan, dan tampilkan pembaruan hak.",
    no_args_is_help=True,
    rich_markup_mode=None,
)

UpdateFile = Annotated[Path, typer.Argument(metavar="FILE", help="Updates, JSON Lines / berkas pembaruan.")]


class State(StrEnum):
    """Life states as options."""

    ISSUED = "issued"
    ACTIVE = "active"
    BLOCKED = "blocked"
    TERMINATED = "terminated"


class NextKey(StrEnum):
    """Keys that an update can move to their next version, as options."""

    UPDATE = "update"
    OVERRIDE = "override"
    DEBIT = "debit"
    RECEIPT = "receipt"


def _amount(name: str, help_text: str) -> Any:
    return typer.Option(name, min=0, max=MAX_AMOUNT, metavar="RUPIAH", help=help_text)


@app.command("issue")
def issue_updates(
    out: OutFile,
    tranche: Annotated[
        int,
        typer.Option(
            "--tranche",
            min=0,
            metavar="N",
            help="Loads made so far, this one included; 0 none / "
            "tahap pencairan sampai kini, termasuk yang ini; 0 belum ada.",
        ),
    ],
    serial: Serials = None,
    policy: PolicyToday = None,
    policies: PolicyFile = None,
    serials: OptionalSerialFile = None,
    from_status: Annotated[
        Path | None,
        typer.Option(
            "--from-status",
            metavar="FILE",
            help="Cards as 'ssn card status --json' printed them; numbers follow the card's / "
            "kartu seperti dicetak 'ssn card status --json'; nomor mengikuti kartu.",
        ),
    ] = None,
    state: Annotated[
        State, typer.Option("--state", help="Life state from then on / status kartu sejak saat itu.")
    ] = State.ACTIVE,
    update_seq: Annotated[
        int | None,
        typer.Option(
            "--update-seq", min=1, max=MAX_AMOUNT, metavar="N", help="Number of the update / nomor urut pembaruan."
        ),
    ] = None,
    forfeit: Annotated[
        bool, typer.Option("--forfeit", help="Withdraw what is left on the card / tarik sisa dana di kartu.")
    ] = False,
    verification: Annotated[
        str | None,
        typer.Option(
            "--verification",
            metavar="HEX",
            help="Reference of the verification at hand-over, 16 digits / "
            "rujukan verifikasi saat serah terima, 16 digit.",
        ),
    ] = None,
    loaded_before: Annotated[
        int,
        _amount("--loaded-before", "Loaded under earlier policies in all / seluruh dana dari kebijakan sebelumnya."),
    ] = 0,
    monthly_limit: Annotated[
        int | None,
        _amount(
            "--monthly-limit", "Limit of a month, instead of the policy's / batas sebulan, menggantikan kebijakan."
        ),
    ] = None,
    override_max: Annotated[
        int | None,
        _amount(
            "--override-max",
            "What companions may add in a month, instead of the policy's / "
            "kelonggaran sebulan oleh pendamping, menggantikan kebijakan.",
        ),
    ] = None,
    debit_max: Annotated[
        int | None,
        _amount(
            "--debit-max",
            "One purchase at most, instead of the policy's / paling banyak sekali belanja, menggantikan kebijakan.",
        ),
    ] = None,
    pin_above: Annotated[
        int | None,
        _amount(
            "--pin-above",
            "PIN needed above it, instead of the policy's / perlu PIN di atas jumlah ini, menggantikan kebijakan.",
        ),
    ] = None,
    unblock_pin: Annotated[
        bool,
        typer.Option("--unblock-pin", help="The PIN's tries start anew, once / percobaan PIN dimulai lagi, satu kali."),
    ] = False,
    next_key: Annotated[
        list[NextKey] | None,
        typer.Option(
            "--next-key",
            help="Key in its next version from then on, repeatable; never goes back / "
            "kunci yang beralih ke versi berikutnya, dapat diulang; tidak dapat kembali.",
        ),
    ] = None,
    valid_until: Annotated[
        str | None,
        typer.Option(
            "--valid-until",
            metavar="YYYY-MM-DD",
            help="Last day, instead of the policy's / hari terakhir berlaku, menggantikan kebijakan.",
        ),
    ] = None,
    key_version: KeyVersion = 1,
    keyring: Keyring = None,
    development: Development = False,
    json: AsJson = False,
) -> None:
    """Issue one update for each card (bank: UPDATE key). An update states totals, so the newest alone suffices.

    Terbitkan satu pembaruan untuk tiap kartu (bank: kunci UPDATE). Pembaruan berisi total, jadi cukup yang terbaru.

    Amounts, goods and the last day come from the policy (in force today) unless told otherwise.

    Jumlah, barang, dan hari terakhir berasal dari kebijakan (yang berlaku hari ini) kecuali ditentukan lain.
    """
    moment = now()
    known = load_policies(policies)
    chosen = known.for_date(moment.date()) if policy is None else known.by_id(policy)
    wishes = Wishes(
        tranche=tranche,
        state=LifeState[state.name],
        update_seq=update_seq,
        forfeit=forfeit,
        reference=verification,
        loaded_before=loaded_before,
        monthly_limit=monthly_limit,
        override_max=override_max,
        debit_max=debit_max,
        pin_above=pin_above,
        unblock_pin=unblock_pin,
        next_keys=sum((KeySelection[key.name] for key in next_key or ()), KeySelection.NONE),
        valid_until=_day(valid_until),
    )
    cards = targets(serial or (), serials, from_status)
    # All of them before the first is signed: a file is issued whole or not at all.
    planned = [(target.serial, entitlement_for(target, chosen, wishes, moment)) for target in cards]
    with key_provider(keyring, development) as provider, progress(json) as bar:
        signing = bar.track(planned, description=say(Text("Signing", "Menandatangani")))
        updates = [issue(entitlement, serial, provider, key_version) for serial, entitlement in signing]
        write_updates(out, updates)
    data = {"out": str(out), "policy": chosen.id, "updates": [_as_dict(update) for update in updates]}
    title = Text(f"{len(updates)} updates: {out}", f"{len(updates)} pembaruan: {out}")
    emit("entitlement-issue", data, json, lambda: _updates_table(title, updates))


@app.command()
def deliver(
    file: UpdateFile,
    journal: Journal,
    terminal: TerminalId = None,
    shop: ShopId = None,
    card: CardUrl = DEFAULT_CARD,
    keyring: Keyring = None,
    development: Development = False,
    trace: Trace = None,
    json: AsJson = False,
) -> None:
    """Give the card in the reader its newest update from the file. Doing so again is harmless.

    Berikan pembaruan terbaru dari berkas kepada kartu di pembaca. Boleh diulang.
    """
    number = terminal_number(terminal, shop, journal)
    updates = list(read_updates(file))
    with key_provider(keyring, development) as provider, TerminalJournal(journal, number) as book:
        desk = Terminal(book.terminal_id, provider, book)
        with connection(card, trace) as line:
            before = desk.status(line)
            update = _newest(updates, before.serial, file)
            receipt = desk.deliver(line, update)
    # Stale ones were refused by the card (StaleUpdate), so what is left is a new one or the same again.
    again = before.update_seq == update.entitlement.update_seq
    data = {
        "result": "already_applied" if again else "applied",
        "update": _as_dict(update),
        "receipt": receipt_fields(receipt),
    }
    title = Text(
        "The card has this update already" if again else "The update is on the card",
        "Pembaruan ini sudah ada di kartu" if again else "Pembaruan sudah masuk ke kartu",
    )
    emit("entitlement-deliver", data, json, lambda: receipt_facts(title, receipt))


@app.command()
def show(file: UpdateFile, json: AsJson = False) -> None:
    """Show the updates in a file. Only their cards can tell whether the bank made them.

    Tampilkan pembaruan dalam berkas. Hanya kartunya yang dapat memastikan keasliannya.
    """
    updates = list(read_updates(file))
    title = Text(f"{len(updates)} updates", f"{len(updates)} pembaruan")
    data = {"updates": [_as_dict(update) for update in updates]}
    emit("entitlement-show", data, json, lambda: _updates_table(title, updates))


def _day(text: str | None) -> dt.date | None:
    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadArgument(
            Text(f"{text!r} is no date.", f"{text!r} bukan tanggal."),
            where="--valid-until",
            remedy=Text("Write it as 2025-12-31.", "Tulis seperti 2025-12-31."),
        ) from None


def _newest(updates: list[SignedUpdate], serial: bytes, file: Path) -> SignedUpdate:
    """The card's update with the highest number. Raises :class:`NoUpdateForCard`, :class:`BadFile`."""
    own = [update for update in updates if update.serial == serial]
    if not own:
        raise NoUpdateForCard(file, serial)
    newest = max(own, key=lambda update: update.entitlement.update_seq)
    number = newest.entitlement.update_seq
    if any(update != newest for update in own if update.entitlement.update_seq == number):
        raise BadFile(
            Text(
                f"Two different updates of card {serial.hex()} have the number {number}.",
                f"Dua pembaruan berbeda untuk kartu {serial.hex()} bernomor {number}.",
            ),
            where=str(file),
            remedy=Text("Ask the bank which one holds.", "Tanyakan bank mana yang berlaku."),
        )
    return newest


def _as_dict(update: SignedUpdate) -> dict[str, Any]:
    what = update.entitlement
    return {
        "serial": update.serial.hex(),
        "key_version": update.key_version,
        "update_seq": what.update_seq,
        "state": what.state.name,
        "loaded_total": what.loaded_total,
        "monthly_limit": what.monthly_limit,
        "override_max": what.override_max,
        "debit_max": what.debit_max,
        "allowed_categories": what.allowed_categories,
        "valid_until": what.valid_until.isoformat(),
        "policy_id": what.policy_id,
        "forfeit": bool(what.flags & UpdateFlag.FORFEIT),
        "issued_at": what.issued_at.isoformat(),
        "reference": what.reference.hex(),
    }


def _updates_table(title: Text, updates: list[SignedUpdate]) -> RenderableType:
    columns = (
        (Text("card", "kartu"), "whole"),
        (Text("no.", "no."), "right"),
        (Text("state", "status"), "left"),
        (Text("loaded in all", "seluruh dana"), "right"),
        (Text("monthly limit", "batas bulanan"), "right"),
        (Text("valid until", "berlaku sampai"), "whole"),
        (Text("policy", "kebijakan"), "right"),
        (Text("forfeit", "ditarik"), "left"),
    )
    yes = Text("yes", "ya")
    rows = (
        (
            update.serial.hex(),
            str(what.update_seq),
            say(words.STATES[what.state]),
            rupiah(what.loaded_total),
            rupiah(what.monthly_limit),
            words.date(what.valid_until),
            str(what.policy_id),
            say(yes) if what.flags & UpdateFlag.FORFEIT else words.NONE,
        )
        for update in updates
        for what in (update.entitlement,)
    )
    return table(title, columns, rows)
