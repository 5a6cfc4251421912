# SPDX-License-Identifier: Apache-2.0
"""``ssn perso manifest``, ``verify-manifest``, ``verify-log`` and ``read-back``: what the bank answers for, and what
holds it to that."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from ssn_card.cli.files import output_file
from ssn_card.cli.keys_signing import SignerKey, signer_of
from ssn_card.cli.options import Journal as JournalPath
from ssn_card.cli.options import OptionalJournal, OutFile, PublicKey
from ssn_card.cli.output import AsJson, emit, say
from ssn_card.cli.tables import facts
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.log import LogHead
from ssn_card.personalization.journal.manifest import IssuedManifest, compare, read_manifest, write_manifest
from ssn_card.personalization.journal.records import READ_BACK_COLUMNS, NumberState
from ssn_card.protocol.errors import Text, numeral
from ssn_card.signing import read_public_key

Manifests = Annotated[
    list[Path],
    typer.Argument(metavar="MANIFEST...", help="Signed manifests of a station / manifes stasiun yang bertanda tangan."),
]
_SIGNED = Text("Signed manifest", "Manifes bertanda tangan")
_RIGHT = Text("Rightly signed", "Tanda tangan sah")
_WHOLE = Text("The log is whole", "Log utuh")
_ROWS = Text("rows of the log", "baris log")
_CHAIN = Text("its head", "ujungnya")
_READ_BACK = Text("{count} cards: {out}", "{count} kartu: {out}")


def manifest(*, journal: JournalPath, signer: SignerKey, out: OutFile, as_json: AsJson = False) -> None:
    """Write what this station has issued, signed: every card done, in doubt or lost, and where its log stands.

    Tulis yang telah diterbitkan stasiun ini, bertanda tangan: setiap kartu jadi, belum pasti, atau hilang, dan log-nya.
    """
    with Journal.open(journal, read_only=True) as opened, signer_of(signer) as key:
        stated = IssuedManifest.of(opened)
        write_manifest(out, stated, key)
    emit("perso-manifest", {"out": str(out), **_data(stated)}, as_json, lambda: facts(_SIGNED, _facts(stated)))


def verify_manifest(
    manifests: Manifests, public_key: PublicKey, journal: OptionalJournal = None, as_json: AsJson = False
) -> None:
    """Verify manifests: signatures first; with --journal, that its log passes through each and its cards are those.

    Periksa manifes: tanda tangannya dahulu; dengan --journal, apakah log-nya melewati tiap manifes dan kartunya sama.
    """
    key = read_public_key(public_key)
    read = {path: read_manifest(path, key) for path in manifests}
    if journal is not None:
        with Journal.open(journal, read_only=True) as opened:
            compare(read, opened)
    newest = max(read.values(), key=lambda one: one.log_rows)
    data = {"signature": "right", "compared": journal is not None, "manifests": [_data(one) for one in read.values()]}
    emit("perso-verify-manifest", data, as_json, lambda: facts(_RIGHT, _facts(newest)))


def verify_log(journal: JournalPath, as_json: AsJson = False) -> None:
    """Verify the journal's log: each row chained to the one before, and what it tells is what the journal says.

    Periksa log jurnal: tiap baris terikat pada baris sebelumnya, dan ceritanya sama dengan isi jurnal.
    """
    with Journal.open(journal, read_only=True) as opened:
        head = opened.check_log()
    data = {"journal": str(journal), "rows": head.rows, "chain": head.chain.hex()}
    emit("perso-verify-log", data, as_json, lambda: facts(_WHOLE, _head(head)))


def read_back(journal: JournalPath, out: OutFile, as_json: AsJson = False) -> None:
    """Write when each card was read back and found right, as CSV; empty where it never was.

    Tulis kapan tiap kartu dibaca ulang dan benar, sebagai CSV; kosong bila belum pernah.
    """
    with Journal.open(journal, read_only=True) as opened:
        rows = opened.read_back()
    with output_file(out) as file:
        writer = csv.writer(file)
        writer.writerow(READ_BACK_COLUMNS)
        writer.writerows(rows)
    states = [row[READ_BACK_COLUMNS.index("state")] for row in rows]
    data = {"out": str(out), "cards": len(rows), "read_back": states.count(NumberState.DONE)}
    emit("perso-read-back", data, as_json, lambda: say(_READ_BACK.filled(count=len(rows), out=out)))


def _data(stated: IssuedManifest) -> Mapping[str, object]:
    return {
        "journal": stated.journal,
        "station_clock": stated.station_clock,
        "log_rows": stated.log_rows,
        "log_chain": stated.log_chain,
        "totals": stated.totals,
        "batches": len(stated.batches),
    }


def _facts(stated: IssuedManifest) -> list[tuple[Text, str]]:
    return [
        (Text("journal", "jurnal"), stated.journal),
        (Text("by the station's clock", "menurut jam stasiun"), stated.station_clock),
        *((NumberState(state).text, say(numeral(count))) for state, count in stated.totals.items()),
        *_head(LogHead(stated.log_rows, bytes.fromhex(stated.log_chain))),
    ]


def _head(head: LogHead) -> list[tuple[Text, str]]:
    return [(_ROWS, say(numeral(head.rows))), (_CHAIN, head.chain.hex())]
