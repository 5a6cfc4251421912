# SPDX-License-Identifier: Apache-2.0
"""Persons of the same name and birth date with two NIK: shown beside each other, until somebody decides."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..roles import BankRole
from ..sealing import FieldSealer
from ..store.tables.people import Alike, NearDoubleRow, PersonRow, PersonState
from ..store.work import StoreWork
from .errors import NothingToDecide
from .persons import StoredPerson, opened
from .verdicts import NEAR_DOUBLE

SAME_REASON = "double"  #: of a person who was decided to be another


@dataclass(frozen=True, slots=True)
class NearDouble:
    """A question to a person."""

    number: int
    later: StoredPerson  #: is held meanwhile
    earlier: StoredPerson


def open_doubles(session: Session, sealer: FieldSealer) -> Iterator[NearDouble]:
    """All open questions, in order. Raises ``BankStoreDamaged``."""
    wanted = select(NearDoubleRow).where(NearDoubleRow.state == Alike.OPEN).order_by(NearDoubleRow.id)
    for row in session.scalars(wanted):
        later, earlier = (session.get_one(PersonRow, number) for number in (row.person_id, row.like_id))
        yield NearDouble(row.id, opened(later, sealer), opened(earlier, sealer))


def decide(work: StoreWork, number: int, answer: Alike, reason: str) -> PersonState:
    """Answer a question; what becomes of the later person.

    ``SAME``: that person gets no card. ``DIFFERENT``: is ready, once no other question about the person is open.
    Raises ``NotAllowed``, :class:`NothingToDecide`.
    """
    work.require(BankRole.OPERATOR, BankRole.APPROVER)
    session = work.session
    row = session.get(NearDoubleRow, number)
    if row is None or row.state != Alike.OPEN:
        raise NothingToDecide(number)
    row.state, row.actor, row.at, row.reason = answer, work.actor.name, work.at, reason
    person = session.get_one(PersonRow, row.person_id)
    session.flush()
    if person.state == PersonState.HELD and person.reason == NEAR_DOUBLE.code:
        if answer is Alike.SAME:
            person.state, person.reason, person.since = PersonState.REFUSED, SAME_REASON, work.at
        elif not _open(session, person.id):
            person.state, person.reason, person.since = PersonState.READY, None, work.at
    work.note("double-decided", str(number), answer=answer.value, person=person.id, like=row.like_id, reason=reason)
    return PersonState(person.state)


def _open(session: Session, person: int) -> bool:
    wanted = select(NearDoubleRow.id).where(NearDoubleRow.person_id == person, NearDoubleRow.state == Alike.OPEN)
    return session.scalar(wanted.limit(1)) is not None
