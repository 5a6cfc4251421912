# SPDX-License-Identifier: Apache-2.0
"""Which card is for which family, out of the station's journal, for the desk that hands cards over.

The journal holds no person's data: a family is its key there, and the line of the extract that it was planned from.
With an accepted row of the same person at hand, name and family number are told as well.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ssn_card.personalization.card.errors import PersonalizationError
from ssn_card.personalization.intake.row_keys import row_key
from ssn_card.personalization.intake.rows import Beneficiary, RowRejected
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import Entry, NumberState
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.system import system_reason
from ssn_card.storage import whole_file

PERSONAL = ("no_kk", "name", "kelurahan")
COLUMNS = ("file", "line", "family", "serial", "beneficiary_id", "state")
_GROUP = 4  #: digits; a spreadsheet rounds 16 of them in one piece


class NothingToHandOver(PersonalizationError, InputError):
    """The journal has no such card."""

    code = "nothing-to-hand-over"


@dataclass(frozen=True, slots=True)
class FamilyCard:
    """One family's number and card."""

    file: str  #: extract that it was planned from
    line: int
    family: str  #: the family's key, hexadecimal
    serial: str | None  #: hexadecimal; ``None``: no card yet
    beneficiary_id: str  #: hexadecimal
    state: NumberState
    no_kk: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    kelurahan: str | None = field(default=None, repr=False)

    def as_dict(self, personal: bool) -> dict[str, Any]:
        """For ``--json`` and CSV; with the person's data only where an extract was given."""
        names = COLUMNS + PERSONAL if personal else COLUMNS
        return {name: getattr(self, name) for name in names}


def family_cards(
    journal: Journal,
    states: Collection[NumberState],
    rows: Iterable[Beneficiary | RowRejected] = (),
) -> tuple[FamilyCard, ...]:
    """The cards of these states, in the order of planning.

    Args:
        rows: of an extract, whose accepted ones give the persons; the journal must then have its secret.

    Raises :class:`NothingToHandOver`, ``StationJournalError``.
    """
    persons = {row_key(row, journal.secret): row for row in rows if isinstance(row, Beneficiary)}
    files = {batch.id: batch.file for batch in journal.batches()}
    entries = (entry for entry in journal.cards() if entry.state in states)
    found = tuple(_card(entry, files[entry.batch], persons.get(entry.row_key)) for entry in entries)
    if not found:
        raise NothingToHandOver(
            Text("The journal has no card in such a state.", "Jurnal tidak memuat kartu berstatus itu."),
            where=str(journal.path),
            remedy=Text(
                "Make cards with ssn perso run, or ask for others: --only-state.",
                "Buat kartu dengan ssn perso run, atau minta yang lain: --only-state.",
            ),
        )
    return found


def _card(entry: Entry, file: str, person: Beneficiary | None) -> FamilyCard:
    return FamilyCard(
        file=file,
        line=entry.line,
        family=entry.family_key.hex(),
        serial=None if entry.serial is None else entry.serial.hex(),
        beneficiary_id=entry.beneficiary_id.hex(),
        state=entry.state,
        no_kk=None if person is None else person.kk.digits,
        name=None if person is None else person.name,
        kelurahan=None if person is None else person.kelurahan,
    )


def grouped(digits: str | None) -> str:
    """``"5353-0000-0000-0042"``: easy to read out, and no number to a spreadsheet."""
    return "-".join(digits[at : at + _GROUP] for at in range(0, len(digits), _GROUP)) if digits else ""


def write_list(path: Path, cards: Sequence[FamilyCard], personal: bool) -> None:
    """Write the list as CSV, mode 0600, whole or not at all; numbers in groups of four. Raises ``InputError``."""
    text = io.StringIO()
    writer = csv.DictWriter(text, (*COLUMNS, *PERSONAL) if personal else COLUMNS)
    writer.writeheader()
    for card in cards:
        row = card.as_dict(personal) | {"serial": grouped(card.serial), "beneficiary_id": grouped(card.beneficiary_id)}
        writer.writerow(row | ({"no_kk": grouped(card.no_kk)} if personal else {}))
    try:
        with whole_file(path, mode=0o600) as file:
            file.write(text.getvalue().encode())
    except OSError as error:
        refused = Text("The list cannot be written: {why}.", "Daftar tidak dapat ditulis: {why}.")
        raise InputError(
            refused.filled(why=system_reason(error)),
            where=str(path),
            remedy=Text("Check the path and its permissions.", "Periksa nama dan izin berkas."),
        ) from None
