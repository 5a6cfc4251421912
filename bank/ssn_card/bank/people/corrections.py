# SPDX-License-Identifier: Apache-2.0
"""Cards whose identity block is no longer what the store has of their person: they are corrected, none is made anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from ssn_card.protocol.errors import Text

from ..errors import NotFound
from ..life import LIVE
from ..roles import BankRole
from ..sealing import FieldSealer
from ..store.tables.batches import BatchItemRow
from ..store.tables.cards import CardRow
from ..store.tables.people import CardIdentityRow, PersonRow, PersonVersionRow
from ..store.work import StoreWork
from .persons import StoredPerson, opened, place_of

_LIVE_CARD: Final = Text("live card", "kartu yang masih berlaku")
_SEALED: Final = ("nik", "no_kk", "name")  #: of what is sealed, what the card's identity block holds


@dataclass(frozen=True, slots=True)
class CardToCorrect:
    """A card, and which of its fields differ; no field's content."""

    serial: str
    person_id: int
    on_card: int  #: version of the person's data
    version: int  #: that is to be on it
    fields: tuple[str, ...]


def cards_to_correct(session: Session, sealer: FieldSealer) -> Iterator[CardToCorrect]:
    """All of them, by serial. Raises ``BankStoreDamaged``."""
    on_card = func.coalesce(CardIdentityRow.version, BatchItemRow.person_version, 1)
    wanted = (
        select(CardRow.serial, PersonRow, PersonVersionRow)
        .join(PersonRow, PersonRow.id == CardRow.person_id)
        .outerjoin(CardIdentityRow, CardIdentityRow.serial == CardRow.serial)
        .outerjoin(
            BatchItemRow,
            and_(BatchItemRow.proposal_id == CardRow.proposal_id, BatchItemRow.person_id == CardRow.person_id),
        )
        .join(PersonVersionRow, and_(PersonVersionRow.person_id == PersonRow.id, PersonVersionRow.version == on_card))
        .where(CardRow.state.in_(sorted(LIVE)))
        .order_by(CardRow.serial)
    )
    for serial, person, old in session.execute(wanted):
        if fields := _differing(person, old, sealer):
            yield CardToCorrect(serial, person.id, old.version, person.version, fields)


def holder_of(work: StoreWork, serial: str) -> StoredPerson:
    """The person of a card that lives, for the data to be put onto it. Raises ``NotAllowed``, ``NotFound``."""
    work.require(BankRole.OPERATOR)
    wanted = (
        select(PersonRow)
        .join(CardRow, CardRow.person_id == PersonRow.id)
        .where(CardRow.serial == serial, CardRow.state.in_(sorted(LIVE)))
    )
    row = work.session.scalar(wanted)
    if row is None:
        raise NotFound(_LIVE_CARD, serial.upper())
    return opened(row, work.sealer)


def card_corrected(work: StoreWork, serial: str, version: int) -> None:
    """The card holds that version of its person's data now; it was read back. Raises ``NotAllowed``."""
    work.require(BankRole.OPERATOR)
    row = work.session.get(CardIdentityRow, serial)
    if row is None:
        work.session.add(CardIdentityRow(serial=serial, version=version, at=work.at, actor=work.actor.name))
    else:
        row.version, row.at, row.actor = version, work.at, work.actor.name
    work.note("card-corrected", serial, version=version)


def _differing(person: PersonRow, old: PersonVersionRow, sealer: FieldSealer) -> tuple[str, ...]:
    place = place_of(person.key)
    now, before = sealer.opened(person.sealed, place), sealer.opened(old.sealed, place)
    fields = [name for name in _SEALED if now[name] != before[name]]
    new: Any = (person.kode_kecamatan, person.kelurahan)
    if new != (old.kode_kecamatan, old.kelurahan):
        fields.append("kelurahan")
    return tuple(fields)
