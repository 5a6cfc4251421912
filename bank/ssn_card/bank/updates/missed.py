# SPDX-License-Identifier: Apache-2.0
"""Loads that fell due while somebody could not get them: remembered by date and reason, and granted later.

Nobody loses a right by a change of data. Who is deactivated gets no load; the run that passes him over remembers it for
him. The first load after he is reactivated, or a run of kind *carry*, brings all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ssn_card.entitlement import Entitlement
from ssn_card.programme import Policy
from ssn_card.protocol.errors import Text

from ..cards.loads import family_loads, newest_update
from ..store.tables.cards import MissedLoadRow
from ..store.tables.updates import UpdateRow
from ..store.work import StoreWork
from .choice import ChosenCards
from .planning import Planned


def remember(work: StoreWork, passed_over: Iterable[tuple[ChosenCards, Text]], policy: Policy, tranche: int) -> int:
    """Remember the policy's loads up to that one for those who have not had them; how many were new."""
    count = 0
    wanted = select(MissedLoadRow.person_id, MissedLoadRow.tranche).where(MissedLoadRow.policy_id == policy.id)
    known = {(person, number) for person, number in work.session.execute(wanted)}
    for card, why in passed_over:
        if card.person_id is None:
            continue
        had = _loaded_under(work.session, card.serial, policy.id)
        for number in range(1, tranche + 1):
            if policy.loaded_after(number) <= had or (card.person_id, number) in known:
                continue
            known.add((card.person_id, number))
            work.session.add(
                MissedLoadRow(
                    person_id=card.person_id,
                    policy_id=policy.id,
                    tranche=number,
                    amount=policy.tranches[number - 1],
                    at=work.at,
                    reason=why.en,
                )
            )
            count += 1
    work.session.flush()
    if count:
        work.note("loads-missed", str(policy.id), tranche=tranche, loads=count)
    return count


def granted(work: StoreWork, plans: Sequence[Planned]) -> int:
    """Their updates are issued: what they bring is no longer missed."""
    count = 0
    for one in plans:
        for row in one.granted:
            same = (
                MissedLoadRow.person_id == row.person_id,
                MissedLoadRow.policy_id == row.policy_id,
                MissedLoadRow.tranche == row.tranche,
                MissedLoadRow.granted_serial.is_(None),
            )
            given = {"granted_serial": one.card.serial, "granted_seq": one.entitlement.update_seq}
            work.session.execute(update(MissedLoadRow).where(*same).values(**given))
            count += 1
    if count:
        work.note("loads-granted", "missed", loads=count)
    return count


def missed_by(session: Session, person_id: int) -> list[MissedLoadRow]:
    """What a person has missed and not been granted, the oldest first."""
    wanted = select(MissedLoadRow).where(MissedLoadRow.person_id == person_id, MissedLoadRow.granted_serial.is_(None))
    return list(session.scalars(wanted.order_by(MissedLoadRow.at, MissedLoadRow.tranche)))


def _loaded_under(session: Session, serial: str, policy_id: int) -> int:
    """Rupiah that the family was loaded under the policy, on all of its cards."""
    newest = newest_update(session, serial)
    if newest is None:
        return 0
    family = family_loads(session, serial)
    followed = _own(session, serial) if family is None else list(family.followed)
    before = had = 0
    for policy, total in followed:
        had, before = had + (total - before if policy == policy_id else 0), total
    return had


def _own(session: Session, serial: str) -> list[tuple[int, int]]:
    bodies = session.scalars(select(UpdateRow.body).where(UpdateRow.serial == serial).order_by(UpdateRow.update_seq))
    return [(one.policy_id, one.loaded_total) for one in map(Entitlement.decode, bodies)]
