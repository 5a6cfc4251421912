# SPDX-License-Identifier: Apache-2.0
"""``ssn bank import-station``: what a station has made, told to the bank's store."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Group, RenderableType

from ssn_card.bank.cli.options import BankOptions
from ssn_card.bank.station.facts import JournalHead
from ssn_card.bank.station.findings import StationException
from ssn_card.bank.station.taking import StationTaken, known_heads, take_in
from ssn_card.bank.store.work import StoreWork
from ssn_card.cli.errors import EXIT_FINDINGS
from ssn_card.cli.grouped import grouped
from ssn_card.cli.options import OptionalPublicKey
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.cli.tables import facts, table
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.manifest import IssuedManifest, compare, read_manifest
from ssn_card.personalization.journal.told import told
from ssn_card.protocol.errors import InputError, Text, numeral
from ssn_card.signing import read_public_key

StationJournal = Annotated[
    Path,
    typer.Argument(metavar="JOURNAL", help="A station's journal, which is only read / jurnal stasiun, hanya dibaca."),
]
ManifestToo = Annotated[
    Path | None,
    typer.Option(
        "--manifest",
        metavar="FILE",
        help="The station's signed manifest, which the journal must bear out / manifes bertanda tangan milik stasiun, "
        "yang harus cocok dengan jurnal.",
    ),
]
_BOTH = Text("A manifest is judged by its signer's public key.", "Manifes diperiksa dengan kunci publik penandanya.")
_TAKEN = Text("From journal {journal}", "Dari jurnal {journal}")
_AGAIN = Text("From journal {journal}, which was here before", "Dari jurnal {journal}, yang sudah pernah masuk")
_OPEN = Text("Cards that need a person", "Kartu yang memerlukan keputusan")
_COUNTS = (
    ("stocked", Text("counted into stock", "masuk stok")),
    ("produced", Text("produced", "selesai dibuat")),
    ("replaced", Text("replaced by these", "digantikan olehnya")),
    ("spoiled", Text("spoiled", "rusak")),
    ("lost", Text("declared lost", "dinyatakan hilang")),
    ("given_back", Text("given back to their maker", "dikembalikan ke pembuatnya")),
)
_COLUMNS = [
    (Text("serial", "nomor seri"), "whole"),
    (Text("line", "baris"), "right"),
    (Text("what is wrong", "masalahnya"), "left"),
    (Text("other card", "kartu lain"), "whole"),
    (Text("what helps", "jalan keluar"), "left"),
]


@grouped
def import_station(
    journal: StationJournal,
    *,
    bank: BankOptions,
    manifest: ManifestToo = None,
    public_key: OptionalPublicKey = None,
    as_json: AsJson = False,
) -> None:
    """Take in what a station has made: stock, cards, cards spoiled and lost. Again, in any order, from several.

    Masukkan yang dibuat stasiun: stok, kartu, kartu rusak dan hilang. Boleh diulang, urutan bebas, beberapa stasiun.
    """
    if (manifest is None) != (public_key is None):
        raise InputError(_BOTH, where="--manifest" if manifest is None else "--public-key")
    signed: dict[Path, IssuedManifest] = {}
    if manifest is not None and public_key is not None:
        signed[manifest] = read_manifest(manifest, read_public_key(public_key))
    with (
        bank.signed_in() as (opened, actor),
        opened.work(actor) as work,
        Journal.open(journal, work.secret, read_only=True) as station,
    ):
        taken, head = take_from(work, station, signed)
    data = {"journal": head.name, "rows": head.rows, "chain": head.chain, "signed": head.signed, **_data(taken)}
    emit("bank-import-station", data, as_json, lambda: _shown(head, taken))
    if taken.exceptions:
        raise typer.Exit(EXIT_FINDINGS)


def take_from(
    work: StoreWork, station: Journal, signed: dict[Path, IssuedManifest] | None = None
) -> tuple[StationTaken, JournalHead]:
    """Take in a journal as it is at this moment, its log verified: against itself, against what was taken in before,
    and against its manifests.

    Raises ``StationLogBroken``, ``ManifestDiffers``, ``ManifestOfAnotherJournal`` and what ``take_in`` raises.
    """
    known = known_heads(work, station.name)
    with station.snapshot():
        rows = station.log_head().rows
        checked = station.check_log({row: bytes.fromhex(chain) for row, chain in known.items() if 0 < row <= rows})
        if signed:
            compare(signed, station)
        head = JournalHead(station.name, station.path.name, checked.rows, checked.chain.hex(), bool(signed))
        return take_in(work, head, told(station)), head


def _data(taken: StationTaken) -> dict[str, Any]:
    return asdict(taken) | {"exceptions": [_exception(one) for one in taken.exceptions]}


def _exception(one: StationException) -> dict[str, Any]:
    text, remedy = one.finding.text, one.finding.remedy
    words = {"text_en": text.en, "text_id": text.id, "remedy_en": remedy.en, "remedy_id": remedy.id}
    return one.as_dict() | words


def _shown(head: JournalHead, taken: StationTaken) -> RenderableType:
    title = (_AGAIN if taken.again else _TAKEN).filled(journal=head.name)
    counts = facts(title, [(text, say(numeral(getattr(taken, name)))) for name, text in _COUNTS])
    if not taken.exceptions:
        return counts
    rows = [
        [
            one.serial.upper(),
            "" if one.line is None else str(one.line),
            say(one.finding.text),
            (one.other or "").upper(),
            say(one.finding.remedy),
        ]
        for one in taken.exceptions
    ]
    return Group(counts, table(_OPEN, _COLUMNS, rows))
