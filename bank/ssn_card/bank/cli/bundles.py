# SPDX-License-Identifier: Apache-2.0
"""``ssn bank bundles`` and ``import-receipts``: updates go out to terminals, and receipts come back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from ssn_card.cli.entitlement_register import open_register
from ssn_card.cli.errors import EXIT_FINDINGS
from ssn_card.cli.grouped import grouped
from ssn_card.cli.options import CardKeys, Keyring, OptionalRegister, OutFolder, PrivateKey, ReceiptKeyOptions
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.cli.tables import facts, table
from ssn_card.protocol.errors import Text, numeral, rupiah
from ssn_card.receipts import find_sources

from .options import BankOptions

By = Annotated[
    str,
    typer.Option(
        "--each",
        metavar="WHAT",
        help="A file for each kecamatan, kelurahan or companion / "
        "satu berkas tiap kecamatan, kelurahan, atau pendamping (companion).",
    ),
]
ReceiptFiles = Annotated[
    list[Path],
    typer.Argument(
        metavar="FILE...",
        help="Receipts that were handed in: files, folders of *.jsonl / "
        "kuitansi yang diserahkan: berkas, folder berisi *.jsonl.",
    ),
]
_FILES = [
    (Text("file", "berkas"), "whole"),
    (Text("updates", "pembaruan"), "right"),
    (Text("SHA-256", "SHA-256"), "left"),
]


@grouped
def bundles(*, bank: BankOptions, out_dir: OutFolder, by: By = "kecamatan", as_json: AsJson = False) -> None:
    """Write the newest update of each card that has not shown it yet, for terminals to carry.

    Tulis pembaruan terbaru tiap kartu yang belum menunjukkannya, untuk dibawa terminal.
    """
    from ..updates.bundles import BundleBy, write_bundles

    kind = _by(by, BundleBy)
    with bank.signed_in() as (opened, actor), opened.work(actor) as work:
        data = write_bundles(work, out_dir, kind)
    rows = [[one["file"], say(numeral(one["updates"])), one["sha256"][:16]] for one in data["files"]]
    title = Text(f"{data['updates']} updates: {out_dir}", f"{data['updates']} pembaruan: {out_dir}")
    told = {key: value for key, value in data.items() if key != "schema"} | {"out_dir": str(out_dir)}
    emit("bank-bundles", told, as_json, lambda: table(title, _FILES, rows))


@grouped
def import_receipts(
    *,
    files: ReceiptFiles,
    bank: BankOptions,
    register: OptionalRegister = None,
    keyring: Keyring = None,
    card_keys: CardKeys = None,
    private_key: PrivateKey = None,
    as_json: AsJson = False,
) -> None:
    """Learn from receipts which cards have their updates, and are in use (keys: RECEIPT). Twice, and in any order.

    Ketahui dari kuitansi kartu mana sudah memuat pembaruannya, dan dipakai (kunci: RECEIPT). Boleh berulang, urutan apa
    pun.
    """
    from ..updates.arrivals import import_receipts as taken

    keys = ReceiptKeyOptions(keyring, card_keys, private_key, bank.development and not keyring and not card_keys)
    sources = [Path(source.path) for source in find_sources(files).files]
    with bank.signed_in() as (opened, actor), keys.provider() as provider:
        if register is None:
            with opened.work(actor) as work:
                result = taken(work, sources, provider)
        else:
            with open_register(register, new=False) as book, opened.work(actor) as work:
                result = taken(work, sources, provider, book)
    data = {
        "files": result.files,
        "known_files": result.known_files,
        "receipts": result.receipts,
        "rejected": result.rejected,
        "not_ours": result.strangers,
        "updates": result.updates,
        "moved": result.moved,
        "unissued": result.unissued,
        "overspent": result.overspent,
    }
    emit("bank-import-receipts", data, as_json, lambda: facts(None, _told(data)))
    if result.needs_a_person:
        raise typer.Exit(EXIT_FINDINGS)


def _told(data: dict[str, Any]) -> list[tuple[Text, str]]:
    beyond = ", ".join(f"{serial} {rupiah(amount)}" for serial, amount in data["overspent"].items())
    return [
        (Text("files", "berkas"), say(numeral(data["files"]))),
        (Text("of them taken in before", "sudah diterima sebelumnya"), say(numeral(data["known_files"]))),
        (Text("receipts", "kuitansi"), say(numeral(data["receipts"]))),
        (Text("not genuine", "tidak asli"), ", ".join(data["rejected"]) or "0"),
        (Text("of cards of others", "dari kartu lain"), say(numeral(data["not_ours"]))),
        (Text("updates that have come", "pembaruan yang sudah sampai"), say(numeral(data["updates"]))),
        (Text("cards moved on", "kartu yang berpindah status"), say(numeral(len(data["moved"])))),
        (Text("never issued here", "tidak terbit dari sini"), ", ".join(data["unissued"]) or "0"),
        (Text("spent after replacement", "dibelanjakan sesudah diganti"), beyond or "0"),
    ]


def _by(text: str, kinds: Any) -> Any:
    from ssn_card.cli.errors import BadArgument

    try:
        return kinds(text)
    except ValueError:
        listed = ", ".join(kind.value for kind in kinds)
        raise BadArgument(
            Text("Files cannot be made by that.", "Berkas tidak dapat dibagi begitu."),
            where="--each",
            remedy=Text(f"One of {listed}.", f"Salah satu dari {listed}."),
        ) from None
