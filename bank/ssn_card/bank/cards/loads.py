# SPDX-License-Identifier: Apache-2.0
"""A family's loads, counted through all of its cards, and what of them is not on the newest (:mod:`...plan`).

What was missed while a person was deactivated, or between two cards, is put where it belongs in this count once it is
granted: among the loads of its own policy, so that it expires as they do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from ssn_card.entitlement import Entitlement
from ssn_card.entitlement.plan import FamilyLoads

from ..store.tables.cards import MissedLoadRow, ReplacementRow
from ..store.tables.updates import UpdateRow


@dataclass
class _Step:
    """After an update, or after a load that was missed: the policy, and all that the family had been loaded."""

    at: str
    policy: int
    total: int


def newest_update(session: Session, serial: str) -> UpdateRow | None:
    """What the card was issued last, as far as the store knows."""
    return session.scalar(
        select(UpdateRow).where(UpdateRow.serial == serial).order_by(UpdateRow.update_seq.desc()).limit(1)
    )


def carried(row: ReplacementRow) -> int:
    """Rupiah that the next card gets, or has got, of what was left on the old one."""
    return row.balance - row.held_back + row.released


def predecessors(session: Session, serial: str) -> list[ReplacementRow]:
    """How the family came to this card, the first replacement first."""
    found: list[ReplacementRow] = []
    while (row := session.scalar(select(ReplacementRow).where(ReplacementRow.new_serial == serial))) is not None:
        found.insert(0, row)
        serial = row.old_serial
    return found


def elsewhere(replacements: Sequence[ReplacementRow]) -> int:
    """Rupiah of the family's loads that are not on the newest card."""
    gone = 0
    for row in replacements:
        gone += row.loaded - carried(row)
    return gone


def family_loads(session: Session, serial: str, granting: Sequence[MissedLoadRow] = ()) -> FamilyLoads | None:
    """For the plan of the card's next update; ``None`` if all that counts is in the register.

    Args:
        session: the store, into which the register was mirrored.
        serial: the family's newest card.
        granting: missed loads that this next update is to bring.
    """
    replacements = predecessors(session, serial)
    cards = [*(row.old_serial for row in replacements), serial]
    granted = list(session.scalars(select(MissedLoadRow).where(MissedLoadRow.granted_serial.in_(cards))))
    if not replacements and not granted and not granting:
        return None
    steps: list[_Step] = []
    for card in cards:
        for row in session.scalars(select(UpdateRow).where(UpdateRow.serial == card).order_by(UpdateRow.update_seq)):
            grants = [one for one in granted if (one.granted_serial, one.granted_seq) == (card, row.update_seq)]
            _grant(steps, grants)
            entitlement = Entitlement.decode(row.body)
            steps.append(_Step(row.issued_at, entitlement.policy_id, entitlement.loaded_total + row.elsewhere))
    _grant(steps, granting)
    followed: list[tuple[int, int]] = []
    for step in steps:
        if followed and followed[-1][0] == step.policy:
            followed.pop()
        followed.append((step.policy, step.total))
    return FamilyLoads(tuple(followed), elsewhere(replacements)) if followed else None


def _grant(steps: list[_Step], missed: Sequence[MissedLoadRow]) -> None:
    """Put missed loads in, each behind what was loaded when it fell due."""
    for one in sorted(missed, key=lambda row: (row.at, row.policy_id, row.tranche)):
        place = next((number for number, step in enumerate(steps) if step.at > one.at), len(steps))
        before = steps[place - 1].total if place else 0
        for step in steps[place:]:
            step.total += one.amount
        steps.insert(place, _Step(one.at, one.policy_id, before + one.amount))
