# SPDX-License-Identifier: Apache-2.0
"""``ssn entitlement deliver``: updates from a file to the cards that they are for."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ssn_card.entitlement import SignedUpdate, read_updates
from ssn_card.protocol.errors import Text
from ssn_card.terminal import Terminal

from .errors import BadFile, NoUpdateForCard
from .options import (
    DEFAULT_CARD,
    CardUrl,
    Development,
    Journal,
    Keyring,
    ShopId,
    TerminalId,
    Trace,
    connection,
    key_provider,
    open_journal,
    terminal_number,
)
from .output import AsJson, emit
from .receipt_tables import receipt_facts, receipt_fields
from .update_tables import update_fields

UpdateFile = Annotated[Path, typer.Argument(metavar="FILE", help="Updates, JSON Lines / berkas pembaruan.")]


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
    number = terminal_number(terminal, shop)
    updates = list(read_updates(file))
    with key_provider(keyring, development) as provider, open_journal(journal, number) as book:
        desk = Terminal(number, provider, book)
        with connection(card, trace) as line:
            before = desk.status(line)
            update = _newest(updates, before.serial, file)
            receipt = desk.deliver(line, update)
    # Stale ones were refused by the card (StaleUpdate), so what is left is a new one or the same again.
    again = before.update_seq == update.entitlement.update_seq
    data = {
        "result": "already_applied" if again else "applied",
        "update": update_fields(update),
        "receipt": receipt_fields(receipt),
    }
    title = Text(
        "The card has this update already" if again else "The update is on the card",
        "Pembaruan ini sudah ada di kartu" if again else "Pembaruan sudah masuk ke kartu",
    )
    emit("entitlement-deliver", data, json, lambda: receipt_facts(title, receipt))


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
