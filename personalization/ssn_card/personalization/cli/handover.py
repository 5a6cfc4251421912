# SPDX-License-Identifier: Apache-2.0
"""``ssn perso handover``: the list by which cards are handed over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType

from ssn_card.cli import words
from ssn_card.cli.errors import BadArgument, KeysNotChosen
from ssn_card.cli.options import Development, Keyring, OptionalOutFile, PolicyFile, PolicyToday
from ssn_card.cli.options import Journal as JournalPath
from ssn_card.cli.output import AsJson, emit, say, warn
from ssn_card.cli.tables import table
from ssn_card.personalization.intake.rows import Beneficiary, RowRejected, read_rows
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import NumberState
from ssn_card.personalization.station.handover import FamilyCard, family_cards, grouped, write_list
from ssn_card.programme import load_policies
from ssn_card.protocol.errors import Text

from .keys import Secret, station_secret

#: States of a number in the journal, for people.
STATES = {
    NumberState.PLANNED: Text("no card yet", "belum ada kartu"),
    NumberState.SENT: Text("in doubt: do not hand over", "belum pasti: jangan diserahkan"),
    NumberState.DONE: Text("ready", "siap"),
    NumberState.LOST: Text("lost: do not hand over", "hilang: jangan diserahkan"),
    NumberState.VOID: Text("not needed", "tidak diperlukan"),
}
_STRANGE_EXTRACT = Text(
    "The extract has none of these persons: give the one that the cards were made from, or a later one.",
    "Data itu tidak memuat satu pun orang ini: berikan data yang dipakai membuat kartu, atau yang lebih baru.",
)
_FAMILY = 8  #: hexadecimal digits of a family's key on the screen
_LISTED = (NumberState.PLANNED, NumberState.SENT, NumberState.DONE, NumberState.LOST)


def handover(
    journal: JournalPath,
    extract: Annotated[
        Path | None,
        typer.Option(
            "--extract",
            metavar="FILE",
            help="Tell names and family numbers by this extract / sebut nama dan no. KK menurut data ini.",
        ),
    ] = None,
    policy: PolicyToday = None,
    policies: PolicyFile = None,
    state: Annotated[
        list[NumberState] | None,
        typer.Option(
            "--only-state", help="Those in this state alone, repeatable / hanya yang berstatus ini, dapat diulang."
        ),
    ] = None,
    out: OptionalOutFile = None,
    keyring: Keyring = None,
    development: Development = False,
    secret: Secret = None,
    as_json: AsJson = False,
) -> None:
    """List which card is for which family, and whether it may be handed over.

    Daftar kartu untuk setiap keluarga, dan apakah boleh diserahkan.

    Without --extract it holds no person's data: a family is named by file and line. With it, the list is private.

    Tanpa --extract daftar tidak memuat data pribadi: keluarga disebut dengan berkas dan baris. Dengan itu, daftar
    bersifat rahasia.
    """
    personal = extract is not None
    rows: Iterable[Beneficiary | RowRejected] = ()
    key = None
    if extract is not None:
        if policy is None:
            raise BadArgument(
                Text("The extract's policy is missing.", "Kebijakan data belum disebut."),
                where="--policy",
                remedy=Text(
                    "Give --policy ID, as for ssn perso run.", "Berikan --policy ID, seperti pada ssn perso run."
                ),
            )
        if (keyring is None) != development:
            raise KeysNotChosen(("--keyring KEYS", "--development"))
        rows = read_rows(extract, load_policies(policies).by_id(policy))
        key = station_secret(journal, keyring, development, secret)
    with Journal.open(journal, key, read_only=True) as opened:
        cards = family_cards(opened, state or _LISTED, rows)
    if personal and not any(card.name for card in cards):
        warn(_STRANGE_EXTRACT)
    if out is not None:
        write_list(out, cards, personal)
    data = {"cards": [card.as_dict(personal) for card in cards], "out": None if out is None else str(out)}
    emit("perso-handover", data, as_json, lambda: _table(cards, personal))


def _table(cards: tuple[FamilyCard, ...], personal: bool) -> RenderableType:
    ready = sum(card.state is NumberState.DONE for card in cards)
    title = Text(f"Families: {len(cards)}; cards ready: {ready}", f"Keluarga: {len(cards)}; kartu siap: {ready}")
    family = (
        (
            (Text("name", "nama"), "left"),
            (Text("family card no.", "no. KK"), "whole"),
            (Text("kelurahan", "kelurahan"), "left"),
        )
        if personal
        else ((Text("family", "keluarga"), "whole"),)
    )
    columns = (
        (Text("file", "berkas"), "left"),
        (Text("line", "baris"), "right"),
        *family,
        (Text("card", "kartu"), "whole"),
        (Text("number", "nomor"), "whole"),
        (Text("state", "status"), "left"),
    )
    return table(title, columns, (_row(card, personal) for card in cards))


def _row(card: FamilyCard, personal: bool) -> Iterator[str]:
    yield card.file
    yield str(card.line)
    if personal:
        yield card.name or words.NONE
        yield grouped(card.no_kk) or words.NONE
        yield card.kelurahan or words.NONE
    else:
        yield card.family[:_FAMILY]
    yield grouped(card.serial) or words.NONE
    yield grouped(card.beneficiary_id)
    yield say(STATES[card.state])
