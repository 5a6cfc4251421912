# SPDX-License-Identifier: Apache-2.0
"""``ssn entitlement``: the bank issues updates into a file, out of its register; any terminal carries them to cards."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from ssn_card.entitlement import Entitlement, Register, SignedUpdate, issue, read_updates, refuse_barred
from ssn_card.entitlement.plan import Planner, Target
from ssn_card.entitlement.rules import update_key_version, usable
from ssn_card.programme import load_policies
from ssn_card.protocol.errors import Text
from ssn_card.terminal import now

from .entitlement_confirm import confirm
from .entitlement_deliver import deliver
from .entitlement_options import CardOptions, ChangeOptions, PolicyOptions, wishes
from .entitlement_register import RegisterOptions, adopt, issued, issued_before
from .grouped import grouped
from .options import KeyOptions, KeyVersion, OutFile
from .output import AsJson, emit, progress, say
from .update_tables import entitlements_table, update_fields

app = typer.Typer(no_args_is_help=True, rich_markup_mode=None)


@app.command("issue")
@grouped
def issue_updates(
    *,
    out: OutFile,
    into: RegisterOptions,
    policy: PolicyOptions,
    cards: CardOptions,
    change: ChangeOptions,
    key_version: KeyVersion = 1,
    keys: KeyOptions,
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
    asked = wishes(policy, change, moment.date())
    targets, listed = cards.targets(), cards.listed()
    with into.opened() as book:
        book.bar(listed, moment)
        planner = Planner(book, load_policies(policy.policies), asked, moment)
        before = issued_before(book, out, targets, planner)
        # All of them before the first is signed: a file is issued whole or not at all.
        planned = [one.entitlement for one in before] if before else [planner.next(target) for target in targets]
        usable_cards = (card.serial for card, one in zip(targets, planned, strict=True) if usable(one))
        refuse_barred(usable_cards, (*listed, *book.barred()))
        updates = before or _signed(book, targets, planned, keys, key_version, json)
        if before is None:
            book.issue(out, updates, moment)
    data = {
        "out": str(out),
        "register": str(into.register),
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
    keys: KeyOptions,
    first_version: int,
    json: bool,
) -> list[SignedUpdate]:
    pairs = list(zip(cards, planned, strict=True))
    with keys.provider() as provider, progress(json) as bar:
        signing = bar.track(pairs, description=say(Text("Signing", "Menandatangani")))
        updates = []
        for target, entitlement in signing:
            newest = register.newest(target.serial)
            version = update_key_version(first_version, newest.entitlement if newest else None)
            updates.append(issue(entitlement, target.serial, provider, version))
        return updates


def _table(title: Text, updates: Sequence[SignedUpdate]) -> Any:
    return entitlements_table(title, [(update.serial, update.entitlement) for update in updates])
