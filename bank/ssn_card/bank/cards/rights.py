# SPDX-License-Identifier: Apache-2.0
"""A person's right to loads, taken away for now and given back, by reason and date. What is on his card stays his.

Loads that fall due meanwhile are remembered by the runs that pass him over (:mod:`...updates.missed`) and come with the
first load after he is entitled again.
"""

from __future__ import annotations

from ssn_card.protocol.errors import Text

from ..errors import NotFound
from ..roles import BankRole
from ..store.tables.people import PersonRow, PersonState
from ..store.work import StoreWork
from .errors import RightUnchanged
from .moves import card_of


def deactivate(work: StoreWork, serial: str, reason: str) -> PersonRow:
    """The holder gets no loads from now on. Raises ``NotAllowed``, ``NotFound``, :class:`.errors.RightUnchanged`."""
    return _set(work, serial, reason, PersonState.READY, PersonState.DEACTIVATED)


def reactivate(work: StoreWork, serial: str, reason: str) -> PersonRow:
    """The holder gets loads again, and what he missed. Raises as :func:`deactivate`."""
    return _set(work, serial, reason, PersonState.DEACTIVATED, PersonState.READY)


def _set(work: StoreWork, serial: str, reason: str, before: PersonState, after: PersonState) -> PersonRow:
    work.require(BankRole.OPERATOR)
    card = card_of(work.session, serial)
    person = None if card.person_id is None else work.session.get(PersonRow, card.person_id)
    if person is None:
        raise NotFound(Text("person of card", "pemilik kartu"), serial)
    if person.state != before or not reason.strip():
        raise RightUnchanged(serial, person.state)
    person.state, person.reason, person.since = after, reason, work.at
    work.session.flush()
    work.note(f"person-{after.value}", serial, reason=reason)
    return person
