# SPDX-License-Identifier: Apache-2.0
"""A package for a tablet: whom it is to visit, out of the store, sealed and signed."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final, TypeVar

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from sqlalchemy import ColumnElement, func, select

from ssn_card.entitlement import Entitlement
from ssn_card.keys import KeyProvider
from ssn_card.programme.region import Regions, load_regions
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.values import KeySelection
from ssn_card.signing import Signer

from ...life import LifePhase
from ...people.persons import StoredPerson, opened
from ...roles import BankRole
from ...store.tables.cards import CardRow
from ...store.tables.field import OutreachItemRow, OutreachRow
from ...store.tables.people import PersonRow
from ...store.tables.updates import UpdateRow
from ...store.work import StoreWork
from ..errors import NobodyToVisit
from ..forms.envelope import SealedKind, sealed
from ..forms.package import CarriedKey, CarriedUpdate, FieldPackage, PersonToVisit
from ..forms.patterns import NAME_MOST
from .tablets import living_tablet

#: Cards that wait for their families, or for their update.
WAITING: Final = (LifePhase.PRODUCED, LifePhase.PRINTED, LifePhase.DELIVERED, LifePhase.RETURNED)
_DEBIT = re.compile(r"\bdebit=(\d+):(\d+)")
_T = TypeVar("_T")
_CHUNK = 500  #: values in one question


@dataclass(frozen=True)
class VisitSelection:
    """Who is to be visited; what is not named does not matter, and whoever is not waiting is left out."""

    companions: Sequence[str] | None = None
    kecamatan: Sequence[str] | None = None  #: Kemendagri codes
    serials: Sequence[str] | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """But for the list, which may be long."""
        yield CardRow.state.in_(WAITING)
        if self.companions:
            yield PersonRow.companion.in_(self.companions)
        if self.kecamatan:
            yield PersonRow.kode_kecamatan.in_(self.kecamatan)


@dataclass(frozen=True)
class MadePackage:
    """A package, ready to be written to a file."""

    row: OutreachRow
    content: bytes
    persons: int
    without_update: int
    elsewhere: int  #: of its persons, in a package of another tablet that is not over


def make_package(
    work: StoreWork,
    tablet: str,
    selection: VisitSelection,
    days: tuple[dt.date, dt.date],
    provider: KeyProvider,
    results_to: X25519PublicKey,
    signer: Signer,
) -> MadePackage:
    """Seal whom the tablet is to visit to the tablet.

    Args:
        days: first and last.
        provider: holds DEBIT; of each card its own key alone goes into the package.
        results_to: the bank's key, which results are sealed to.
        signer: the bank's key, which the tablet knows.

    Raises:
        NobodyToVisit, TabletUnknown, TabletRetired, NotAllowed, KeyMissing
    """
    work.require(BankRole.OPERATOR)
    row = living_tablet(work.session, tablet)
    found = sorted(_waiting(work, selection), key=lambda pair: pair[1].id)
    if not found:
        raise NobodyToVisit
    updates = _newest(work, [card.serial for card, _ in found])
    persons = tuple(_to_visit(card, person, updates.get(card.serial), provider) for card, person in found)
    first, last = (day.isoformat() for day in days)
    package = FieldPackage(
        schema_="ssn-card/field-package/1",
        id=str(uuid.uuid4()),
        tablet=tablet,
        terminal_id=row.terminal_id,
        companion=row.companion,
        first_day=first,
        last_day=last,
        made_at=work.at,
        results_to=results_to.public_bytes_raw().hex(),
        persons=persons,
    )
    content = sealed(package, SealedKind.PACKAGE, X25519PublicKey.from_public_bytes(row.receiving_key), signer, tablet)
    elsewhere = _elsewhere(work, tablet, [person.id for _, person in found], first)
    made = OutreachRow(
        id=package.id,
        tablet=tablet,
        companion=package.companion,
        first_day=first,
        last_day=last,
        sha256=hashlib.sha256(content).hexdigest(),
        made_by=work.actor.name,
        made_at=work.at,
    )
    work.session.add(made)
    work.session.flush()
    work.session.add_all(
        OutreachItemRow(outreach_id=package.id, person_id=person.id, serial=card.serial) for card, person in found
    )
    without = sum(one.update is None for one in persons)
    work.note("outreach-made", package.id, tablet=tablet, persons=len(persons), sha256=made.sha256, last_day=last)
    return MadePackage(made, content, len(persons), without, elsewhere)


def _waiting(work: StoreWork, selection: VisitSelection) -> Iterator[tuple[CardRow, StoredPerson]]:
    asked = select(CardRow, PersonRow).join(PersonRow, CardRow.person_id == PersonRow.id)
    asked = asked.where(*selection.conditions())
    chunks = (None,) if selection.serials is None else _chunks(sorted(set(selection.serials)))
    for chunk in chunks:
        listed = asked if chunk is None else asked.where(CardRow.serial.in_(chunk))
        for card, person in work.session.execute(listed):
            yield card, opened(person, work.sealer)


def _newest(work: StoreWork, serials: Sequence[str]) -> dict[str, UpdateRow]:
    """The newest authorised update of each card that has one."""
    found: dict[str, UpdateRow] = {}
    for chunk in _chunks(serials):
        newest = (
            select(UpdateRow.serial, func.max(UpdateRow.update_seq).label("newest"))
            .where(UpdateRow.serial.in_(chunk), UpdateRow.mac.is_not(None))
            .group_by(UpdateRow.serial)
            .subquery()
        )
        same = (UpdateRow.serial == newest.c.serial) & (UpdateRow.update_seq == newest.c.newest)
        found |= {row.serial: row for row in work.session.scalars(select(UpdateRow).join(newest, same))}
    return found


def _to_visit(card: CardRow, person: StoredPerson, update: UpdateRow | None, provider: KeyProvider) -> PersonToVisit:
    region = _regions().by_code[person.kode_kecamatan]
    carried = None
    if update is not None and update.mac is not None and update.key_version is not None:
        carried = CarriedUpdate(body=update.body.hex(), key_version=update.key_version, mac=update.mac.hex())
    return PersonToVisit(
        person=person.id,
        serial=card.serial,
        number=card.beneficiary_id or "0" * 16,
        life=card.state,
        name=person.name[:NAME_MOST],
        no_kk=person.no_kk,
        birth_year=person.birth_date.year,
        kecamatan=region.kecamatan,
        kelurahan=region.kelurahan_at(person.kelurahan),
        companion=person.companion,
        update=carried,
        keys=tuple(_keys(card, carried, provider)),
    )


@cache
def _regions() -> Regions:
    return load_regions()


def _keys(card: CardRow, update: CarriedUpdate | None, provider: KeyProvider) -> Iterator[CarriedKey]:
    """DEBIT of this card as it is, and as the update makes it where that takes the next version."""
    said = _DEBIT.search(card.keys)
    current, following = (1, 2) if said is None else (int(said[1]), int(said[2]))
    changes = update is not None and (Entitlement.decode(bytes.fromhex(update.body)).key_selection & KeySelection.DEBIT)
    for version in (current, following) if changes else (current,):
        key = provider.diversify(KeyLabel.DEBIT, version, bytes.fromhex(card.serial))
        yield CarriedKey(version=version, key=key.value().hex())


def _elsewhere(work: StoreWork, tablet: str, persons: Sequence[int], today: str) -> int:
    count = 0
    for chunk in _chunks(persons):
        asked = (
            select(func.count(func.distinct(OutreachItemRow.person_id)))
            .join(OutreachRow, OutreachRow.id == OutreachItemRow.outreach_id)
            .where(OutreachItemRow.person_id.in_(chunk), OutreachRow.tablet != tablet, OutreachRow.last_day >= today)
        )
        count += work.session.scalar(asked) or 0
    return count


def _chunks(values: Sequence[_T]) -> Iterator[Sequence[_T]]:
    return (values[at : at + _CHUNK] for at in range(0, len(values), _CHUNK))
