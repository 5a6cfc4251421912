# SPDX-License-Identifier: Apache-2.0
"""``ssn entitlement confirm``: the register learns from receipts which updates have arrived."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType

from ssn_card.entitlement import Register
from ssn_card.protocol.errors import InputError, Text
from ssn_card.receipts import find_sources, read_lines
from ssn_card.receipts.genuine import ReceiptKeys

from .entitlement_register import open_register
from .grouped import grouped
from .options import ReceiptKeyOptions, RegisterPath
from .output import AsJson, emit, progress, say
from .tables import table


@grouped
def confirm(
    *,
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Receipts that were handed in: files, folders of *.jsonl / "
            "kuitansi yang diserahkan: berkas, folder berisi *.jsonl.",
        ),
    ],
    register: RegisterPath,
    keys: ReceiptKeyOptions,
    json: AsJson = False,
) -> None:
    """Tell the register which updates cards have, by their receipts (keys: RECEIPT). Needed before a second mending.

    Beri tahu register pembaruan mana yang sudah ada di kartu, dari kuitansinya (kunci: RECEIPT). Perlu sebelum
    perbaikan bulan yang kedua.
    """
    with keys.provider() as provider, open_register(register, new=False) as book:
        seen, rejected = _seen(files, ReceiptKeys(provider), json)
        known = {serial: number for serial, number in seen.items() if book.newest(serial) is not None}
        if not known:
            raise InputError(
                Text(
                    "No genuine receipt of a card in the register is in these files.",
                    "Tidak ada kuitansi asli dari kartu dalam register di berkas ini.",
                ),
                where=", ".join(map(str, files)),
                remedy=Text(
                    "Check files and keys: ssn receipts verify.", "Periksa berkas dan kunci: ssn receipts verify."
                ),
            )
        book.confirm(known)
        cards = [(serial, number, _newest(book, serial)) for serial, number in sorted(known.items())]
    data = {
        "register": str(register),
        "cards": [{"serial": serial.hex(), "update_seq": number, "newest": newest} for serial, number, newest in cards],
        "rejected": rejected,
        "not_in_register": len(seen) - len(known),
    }
    emit("entitlement-confirm", data, json, lambda: _table(cards))


def _seen(files: list[Path], keys: ReceiptKeys, json: bool) -> tuple[dict[bytes, int], int]:
    """The newest update that each card's genuine receipts name; how many lines were none."""
    seen: dict[bytes, int] = {}
    rejected = 0
    with progress(json) as bar:
        for source in bar.track(find_sources(files).files, description=say(Text("Reading", "Membaca"))):
            for line in read_lines(source.path):
                receipt = line.receipt
                if receipt is None or receipt.fault() or not keys.genuine(receipt):
                    rejected += 1
                else:
                    seen[receipt.serial] = max(seen.get(receipt.serial, 0), receipt.update_seq)
    return seen, rejected


def _newest(book: Register, serial: bytes) -> int:
    newest = book.newest(serial)
    return 0 if newest is None else newest.entitlement.update_seq


def _table(cards: list[tuple[bytes, int, int]]) -> RenderableType:
    columns = (
        (Text("card", "kartu"), "whole"),
        (Text("has update", "memuat pembaruan"), "right"),
        (Text("newest issued", "terbit terakhir"), "right"),
    )
    title = Text(f"{len(cards)} cards", f"{len(cards)} kartu")
    return table(title, columns, ((serial.hex(), str(number), str(newest)) for serial, number, newest in cards))
