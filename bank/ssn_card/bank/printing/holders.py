# SPDX-License-Identifier: Apache-2.0
"""Cards and whose they are, for paper: with the data that were approved, in the order in which people walk."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from ssn_card.programme import Regions, load_regions

from ..people.persons import place_of
from ..sealing import FieldSealer
from ..store.tables.batches import BatchItemRow
from ..store.tables.cards import CardRow
from ..store.tables.people import PersonRow, PersonVersionRow


@dataclass(frozen=True, slots=True)
class CardHolder:
    """A card and its holder; ``repr`` shows nothing that names him."""

    serial: str
    number: str  #: the beneficiary number
    kode_kecamatan: str
    kecamatan: str
    kelurahan: str
    companion: str | None
    name: str = field(repr=False)  #: as it was approved with the batch
    corrected: bool = False  #: the store has newer data of the person, which no batch approved

    @property
    def way(self) -> tuple[str, str, bool, str, str, str]:
        """Sorts as people walk: kecamatan, kelurahan, companion (those without one last), name."""
        return (
            self.kode_kecamatan,
            self.kelurahan.casefold(),
            self.companion is None,
            self.companion or "",
            _plain(self.name),
            self.serial,
        )


def holders(
    session: Session, sealer: FieldSealer, which: ColumnElement[bool], regions: Regions | None = None
) -> list[CardHolder]:
    """The holders of the cards that ``which``, a condition on the card's or person's row, picks, by :attr:`way`.

    A card that no batch has is left out: nobody approved its data. Raises ``BankStoreDamaged``.
    """
    found = list(_found(session, sealer, which, regions or load_regions()))
    return sorted(found, key=lambda holder: holder.way)


def _found(session: Session, sealer: FieldSealer, which: ColumnElement[bool], regions: Regions) -> Iterator[CardHolder]:
    approved = and_(
        PersonVersionRow.person_id == BatchItemRow.person_id, PersonVersionRow.version == BatchItemRow.person_version
    )
    batched = and_(BatchItemRow.proposal_id == CardRow.proposal_id, BatchItemRow.person_id == CardRow.person_id)
    rows = (
        select(
            CardRow.serial,
            CardRow.beneficiary_id,
            PersonRow.key,
            PersonRow.sealed,
            PersonRow.version,
            PersonRow.kode_kecamatan,
            PersonRow.kelurahan,
            PersonRow.companion,
            BatchItemRow.person_version,
            PersonVersionRow.sealed.label("approved"),
        )
        .join(PersonRow, PersonRow.id == CardRow.person_id)
        .join(BatchItemRow, batched)
        .outerjoin(PersonVersionRow, approved)
        .where(which, CardRow.beneficiary_id.is_not(None))
        .where(or_(PersonRow.version == BatchItemRow.person_version, PersonVersionRow.sealed.is_not(None)))
        .execution_options(yield_per=1000)
    )
    for row in session.execute(rows):
        corrected = row.version != row.person_version
        sealed = row.approved if corrected else row.sealed
        region = regions.find(row.kode_kecamatan)
        yield CardHolder(
            serial=row.serial,
            number=row.beneficiary_id,
            kode_kecamatan=row.kode_kecamatan,
            kecamatan=region.kecamatan,
            kelurahan=region.kelurahan_at(row.kelurahan),
            companion=row.companion or None,
            name=sealer.opened(sealed, place_of(row.key))["name"],
            corrected=corrected,
        )


def kode_of(kecamatan: str, regions: Regions | None = None) -> str:
    """The Kemendagri code of a kecamatan that is named by it, or by its name in any case of letters.

    Raises ``UnknownRegionError``.
    """
    known = regions or load_regions()
    for region in known:
        if region.kecamatan.casefold() == kecamatan.strip().casefold():
            return region.code
    return known.find(kecamatan).code


def _plain(name: str) -> str:
    """Without marks and case: ``É`` beside ``e``."""
    return "".join(one for one in unicodedata.normalize("NFKD", name) if not unicodedata.combining(one)).casefold()
