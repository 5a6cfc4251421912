# SPDX-License-Identifier: Apache-2.0
"""``ssn perso keys``: which cards have which version of a key, before one is retired."""

from __future__ import annotations

from rich.console import RenderableType

from ssn_card.cli.options import Journal as JournalPath
from ssn_card.cli.options import OptionalRegister
from ssn_card.cli.output import AsJson, emit
from ssn_card.cli.tables import table
from ssn_card.entitlement.register import Register
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.station.held_keys import KeyCount, held_keys, key_counts
from ssn_card.protocol.errors import Text


def keys(journal: JournalPath, register: OptionalRegister = None, as_json: AsJson = False) -> None:
    """List how many finished cards have each version of each key; --json names the cards.

    Daftar berapa kartu jadi yang memiliki setiap versi kunci; --json menyebut kartunya.

    A card is made with two versions of a key, and an update moves it to the second. With --register: on how many cards
    a version is in force, by their newest update.

    Kartu dibuat dengan dua versi kunci, dan pembaruan memindahkannya ke versi kedua. Dengan --register: pada berapa
    kartu sebuah versi berlaku, menurut pembaruan terbarunya.
    """
    selections = None
    if register is not None:
        with Register(register, read_only=True) as known:
            selections = {one.serial: one.entitlement.key_selection for one in known.cards()}
    with Journal.open(journal, read_only=True) as opened:
        cards = held_keys(opened, selections)
    counts = key_counts(cards, registered=register is not None)
    data = {"counts": [count._asdict() for count in counts], "cards": [card.as_dict() for card in cards]}
    emit("perso-keys", data, as_json, lambda: _table(counts, len(cards)))


def _table(counts: tuple[KeyCount, ...], cards: int) -> RenderableType:
    columns = (
        (Text("purpose", "keperluan"), "left"),
        (Text("version", "versi"), "right"),
        (Text("cards that have it", "kartu yang memilikinya"), "right"),
        (Text("in force on", "berlaku pada"), "right"),
    )
    rows = (
        (one.purpose, str(one.version), str(one.cards), "" if one.in_force is None else str(one.in_force))
        for one in counts
    )
    return table(Text(f"Finished cards: {cards}", f"Kartu jadi: {cards}"), columns, rows)
