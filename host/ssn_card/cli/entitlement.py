# SPDX-License-Identifier: Apache-2.0
"""``ssn entitlement``: the bank issues updates into a file, out of its register; any terminal carries them to cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from ssn_card.entitlement import Entitlement, Register, SignedUpdate, issue, read_barred, read_updates, refuse_barred
from ssn_card.entitlement.rules import update_key_version, usable
from ssn_card.programme import load_policies
from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import MAX_AMOUNT, KeySelection, LifeState
from ssn_card.terminal import now

from .entitlement_confirm import confirm
from .entitlement_deliver import deliver
from .entitlement_plan import Planner, Wishes
from .entitlement_register import NewRegister, RegisterPath, adopt, issued, issued_before, open_register
from .entitlement_targets import Target, targets
from .errors import BadArgument
from .options import (
    AllowExpired,
    Development,
    Keyring,
    KeyVersion,
    OptionalSerialFile,
    OutFile,
    PolicyFile,
    PolicyToday,
    Serials,
    key_provider,
)
from .output import AsJson, emit, progress, say
from .update_tables import entitlements_table, update_fields

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


class StateOption(StrEnum):
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
    register: RegisterPath,
    new_register: NewRegister = False,
    serial: Serials = None,
    policy: PolicyToday = None,
    policies: PolicyFile = None,
    as_policy: Annotated[
        bool,
        typer.Option(
            "--as-policy",
            help="Limits, goods and last day as the policy has them, also if changed / "
            "batas, barang, dan hari terakhir menurut kebijakan, walau pernah diubah.",
        ),
    ] = False,
    tranche: Annotated[
        int | None,
        typer.Option(
            "--tranche",
            min=0,
            metavar="N",
            help="Loads of the policy so far, this one included; 0 none / "
            "tahap pencairan kebijakan ini, termasuk yang ini; 0 belum ada.",
        ),
    ] = None,
    serials: OptionalSerialFile = None,
    from_status: Annotated[
        Path | None,
        typer.Option(
            "--from-status",
            metavar="FILE",
            help="Cards as 'ssn card status --json' printed them, compared with the register / "
            "kartu seperti dicetak 'ssn card status --json', dibandingkan dengan register.",
        ),
    ] = None,
    barred: Annotated[
        list[Path] | None,
        typer.Option(
            "--barred",
            metavar="FILE",
            help="Cards not to be made usable, from 'ssn perso barred', repeatable / "
            "kartu yang tidak boleh diaktifkan, dari 'ssn perso barred', dapat diulang.",
        ),
    ] = None,
    state: Annotated[
        StateOption | None,
        typer.Option(
            "--state",
            help="Life state from then on; a first update by serial activates / "
            "status kartu sejak saat itu; pembaruan pertama menurut nomor seri mengaktifkan.",
        ),
    ] = None,
    update_seq: Annotated[
        int | None,
        typer.Option(
            "--update-seq",
            min=1,
            max=MAX_AMOUNT,
            metavar="N",
            help="Number of the update, instead of the next one / nomor urut pembaruan, menggantikan yang berikutnya.",
        ),
    ] = None,
    expire: Annotated[
        bool,
        typer.Option(
            "--expire",
            help="All that was loaded so far has expired, but for what this update loads / "
            "seluruh dana yang sudah dimuat hangus, kecuali yang dimuat pembaruan ini.",
        ),
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
        int | None,
        _amount(
            "--loaded-before",
            "Loaded under earlier policies in all, instead of the register's word / "
            "seluruh dana dari kebijakan sebelumnya, menggantikan catatan register.",
        ),
    ] = None,
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
            "Spent in sum without the PIN at most, instead of the policy's / "
            "belanja tanpa PIN paling banyak, menggantikan kebijakan.",
        ),
    ] = None,
    let_choose_pin: Annotated[
        bool,
        typer.Option(
            "--let-choose-pin",
            help="The holder may choose a PIN, once; a forgotten or blocked one too / "
            "pemegang boleh memilih PIN, satu kali; juga bila lupa atau terblokir.",
        ),
    ] = False,
    mend_month: Annotated[
        str | None,
        typer.Option(
            "--mend-month",
            metavar="YYYY-MM",
            help="If the card's month is later, by a wrong clock, it goes back to this one / "
            "bila bulan kartu lebih lambat karena jam yang salah, kembali ke bulan ini.",
        ),
    ] = None,
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
    allow_expired: AllowExpired = False,
    key_version: KeyVersion = 1,
    keyring: Keyring = None,
    development: Development = False,
    json: AsJson = False,
) -> None:
    """Issue one update for each card (bank: UPDATE key). What is not named stays as the card has it.

    Terbitkan satu pembaruan untuk tiap kartu (bank: kunci UPDATE). Yang tidak disebut tetap seperti di kartu.

    A card's first update (default: the policy in force today), and one under another policy, have the policy's
    amounts, goods and last day unless told otherwise. The register knows what each card was issued; the same command
    again changes nothing.

    Pembaruan pertama kartu (bawaan: kebijakan yang berlaku hari ini), dan pembaruan menurut kebijakan lain, memakai
    jumlah, barang, dan hari terakhir kebijakan kecuali ditentukan lain. Register mengetahui apa yang terbit untuk tiap
    kartu; perintah yang sama sekali lagi tidak mengubah apa pun.
    """
    moment = now()
    wishes = Wishes(
        policy=policy,
        as_policy=as_policy,
        tranche=tranche,
        state=None if state is None else LifeState[state.name],
        update_seq=update_seq,
        expire=expire,
        reference=verification,
        loaded_before=loaded_before,
        monthly_limit=monthly_limit,
        override_max=override_max,
        debit_max=debit_max,
        pin_above=pin_above,
        let_choose_pin=let_choose_pin,
        mend_month=_month(mend_month, moment.date()),
        next_keys=sum((KeySelection[key.name] for key in next_key or ()), KeySelection.NONE),
        valid_until=_day(valid_until),
        allow_expired=allow_expired,
    )
    cards = targets(serial or (), serials, from_status)
    listed = [card for path in barred or () for card in read_barred(path)]
    with open_register(register, new_register) as book:
        book.bar(listed, moment)
        planner = Planner(book, load_policies(policies), wishes, moment)
        before = issued_before(book, out, cards, planner)
        # All of them before the first is signed: a file is issued whole or not at all.
        planned = [one.entitlement for one in before] if before else [planner.next(target) for target in cards]
        usable_cards = (card.serial for card, one in zip(cards, planned, strict=True) if usable(one))
        refuse_barred(usable_cards, (*listed, *book.barred()))
        updates = before or _signed(book, cards, planned, keyring, development, key_version, json)
        if before is None:
            book.issue(out, updates, moment)
    data = {
        "out": str(out),
        "register": str(register),
        "already_issued": before is not None,
        "updates": [update_fields(update) for update in updates],
    }
    title = (
        Text(f"{len(updates)} updates: {out}", f"{len(updates)} pembaruan: {out}")
        if before is None
        else Text(f"{len(updates)} updates, issued before: {out}", f"{len(updates)} pembaruan, sudah terbit: {out}")
    )
    emit("entitlement-issue", data, json, lambda: _table(title, updates))


app.command()(adopt)
app.command()(confirm)
app.command()(issued)
app.command()(deliver)


@app.command()
def show(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Updates, JSON Lines / berkas pembaruan.")],
    json: AsJson = False,
) -> None:
    """Show the updates in a file. Only their cards can tell whether the bank made them.

    Tampilkan pembaruan dalam berkas. Hanya kartunya yang dapat memastikan keasliannya.
    """
    updates = list(read_updates(file))
    title = Text(f"{len(updates)} updates", f"{len(updates)} pembaruan")
    data = {"updates": [update_fields(update) for update in updates]}
    emit("entitlement-show", data, json, lambda: _table(title, updates))


def _signed(
    register: Register,
    cards: Sequence[Target],
    planned: Sequence[Entitlement],
    keyring: Path | None,
    development: bool,
    first_version: int,
    json: bool,
) -> list[SignedUpdate]:
    pairs = list(zip(cards, planned, strict=True))
    with key_provider(keyring, development) as provider, progress(json) as bar:
        signing = bar.track(pairs, description=say(Text("Signing", "Menandatangani")))
        updates = []
        for target, entitlement in signing:
            newest = register.newest(target.serial)
            version = update_key_version(first_version, newest.entitlement if newest else None)
            updates.append(issue(entitlement, target.serial, provider, version))
        return updates


def _table(title: Text, updates: Sequence[SignedUpdate]) -> Any:
    return entitlements_table(title, [(update.serial, update.entitlement) for update in updates])


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


def _month(text: str | None, today: dt.date) -> dt.date | None:
    """First day of the month to mend to, which is not ahead. Raises :class:`BadArgument`."""
    if text is None:
        return None
    try:
        first = dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        first = None
    if first is None or first > today:
        raise BadArgument(
            Text(f"{text!r} is no month so far.", f"{text!r} bukan bulan yang sudah dimulai."),
            where="--mend-month",
            remedy=Text("Write this month or an earlier one as 2025-12.", "Tulis bulan ini atau sebelumnya: 2025-12."),
        )
    return first
