# SPDX-License-Identifier: Apache-2.0
"""A person's corrected data, from a later extract onto the card that the person has. Money and counters stay.

The card says which row: its serial is in the journal, and the journal has the key of the person's NIK. So a corrected
name, family number or address is put right; another NIK is another person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ssn_card.bank.secret import identity_tag
from ssn_card.keys import KeyProvider
from ssn_card.personalization.card.errors import PersonalizationError, VerificationFailed
from ssn_card.personalization.card.groups import KeyVersions
from ssn_card.personalization.card.personalize import Connection, correct_identity, inspect, read_content
from ssn_card.personalization.intake.identity import identity_block
from ssn_card.personalization.intake.rows import Beneficiary, RowRejected
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import Entry, NumberState, RowKeys
from ssn_card.protocol.crypto import macs_equal
from ssn_card.protocol.errors import InputError, Text


class CardNotCorrected(PersonalizationError, InputError):
    """The card in the reader is not one whose holder's row can be put onto it. Nothing was changed."""

    code = "card-not-corrected"


@dataclass(frozen=True, slots=True)
class Correction:
    """What became of one card."""

    serial: bytes
    beneficiary_id: bytes
    line: int  #: of the extract
    changed: bool  #: the card held other data before


def correct(
    connection: Connection,
    rows: Iterable[Beneficiary | RowRejected],
    provider: KeyProvider,
    journal: Journal,
    versions: KeyVersions | None = None,
) -> Correction:
    """Put the row of the card's holder onto the card, and read it back. May be repeated after any interruption.

    Args:
        rows: of the whole extract, judged.
        provider: holds ISSUER.
        journal: opened for writing, with its secret.

    Raises:
        CardNotCorrected, FamilyHasCard, and what :func:`~ssn_card.personalization.card.personalize.inspect` raises:
        nothing was changed.
        VerificationFailed, ``CardNotOurs``, ``CardStatusError`` and what the line raises: the card has the old data or
        the new; repeat it.
    """
    serial = inspect(connection).serial
    entry = _entry(journal, serial)
    person, keys = _row(rows, entry, journal)
    block = identity_block(person)
    content = read_content(connection, provider, serial, versions)
    if content.beneficiary_id != entry.beneficiary_id:
        raise VerificationFailed(serial, Text("beneficiary differs", "penerima berbeda"))
    changed = not macs_equal(content.identity, block)
    # The card inside the journal's transaction: what the journal refuses is not written, and a crash in between leaves
    # the old data in the journal, so that the next run still tells of the line.
    with journal.together():
        journal.correct(entry, keys, identity_tag(block, journal.secret))
        if changed:
            correct_identity(connection, provider, entry.beneficiary_id, block, versions)
    return Correction(serial, entry.beneficiary_id, person.line, changed)


def _entry(journal: Journal, serial: bytes) -> Entry:
    entry = journal.by_serial(serial)
    if entry is not None and entry.state is NumberState.DONE:
        return entry
    name = serial.hex().upper()
    if entry is None:
        raise CardNotCorrected(
            Text(f"The journal has no card {name}.", f"Jurnal tidak memuat kartu {name}."),
            where=name,
            remedy=Text("Use the journal of the station that made it.", "Pakai jurnal stasiun yang membuatnya."),
        )
    if entry.state is NumberState.LOST:
        raise CardNotCorrected(
            Text(f"Card {name} was declared lost.", f"Kartu {name} sudah dinyatakan hilang."),
            where=name,
            remedy=Text("Keep it, and correct the person's new card.", "Tahan, lalu perbaiki kartu baru orang itu."),
        )
    raise CardNotCorrected(
        Text(f"Card {name} is in doubt.", f"Kartu {name} belum pasti."),
        where=name,
        remedy=Text("Show it to the station first: ssn perso run.", "Tunjukkan dahulu ke stasiun: ssn perso run."),
    )


def _row(rows: Iterable[Beneficiary | RowRejected], entry: Entry, journal: Journal) -> tuple[Beneficiary, RowKeys]:
    for row in rows:
        if isinstance(row, Beneficiary) and (keys := RowKeys.of(row, journal.secret)).row == entry.row_key:
            return row, keys
    raise CardNotCorrected(
        Text(
            "The extract has no accepted row with the NIK of this card.",
            "Data tidak memuat baris yang diterima dengan NIK kartu ini.",
        ),
        where=(entry.serial or b"").hex().upper(),
        remedy=Text(
            "Check the file with ssn perso check. A NIK itself is not corrected: declare the card lost, and issue"
            " another.",
            "Periksa berkas dengan ssn perso check. NIK tidak dapat diperbaiki: nyatakan kartu hilang, lalu terbitkan"
            " yang baru.",
        ),
    )
