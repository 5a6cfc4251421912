# SPDX-License-Identifier: Apache-2.0
"""A batch in figures: its control totals, where its persons live, and how far its cards have come. No names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ..life import LifePhase
from ..store.tables.batches import BatchItemRow, ProposalKind, ProposalRow
from ..store.tables.cards import CardMoveRow, CardRow
from ..store.tables.people import PersonRow
from .batches import has_card

#: What a card of a batch comes through, in order; the last one is where it should not.
REACHED: Final = (
    LifePhase.PRODUCED,
    LifePhase.PRINTED,
    LifePhase.DELIVERED,
    LifePhase.ACTIVATED,
    LifePhase.RETURNED,
)


@dataclass(frozen=True, slots=True)
class BatchFigures:
    """Of one batch."""

    items: int  #: control total: lines
    entitlement_sum: int  #: control total: rupiah of all lines
    reissues: int  #: lines in which a card gets a successor
    withdrawn: int
    corrected: int  #: lines without a card whose person's data have changed since
    waiting: int  #: lines that have no card and are not withdrawn
    by_kecamatan: Mapping[str, int]  #: lines by Kemendagri's code
    reached: Mapping[LifePhase, int]  #: cards that have ever come so far
    now: Mapping[LifePhase, int]  #: cards by the state in which they are

    def as_dict(self) -> dict[str, Any]:
        """For ``--json``."""
        return {
            "items": self.items,
            "entitlement_sum": self.entitlement_sum,
            "reissues": self.reissues,
            "withdrawn": self.withdrawn,
            "corrected": self.corrected,
            "waiting": self.waiting,
            "by_kecamatan": dict(self.by_kecamatan),
            "reached": {phase.value: count for phase, count in self.reached.items()},
            "now": {phase.value: count for phase, count in self.now.items()},
        }


def batch_figures(session: Session, row: ProposalRow) -> BatchFigures:
    """What the store knows of a batch now."""
    of_batch = BatchItemRow.proposal_id == row.id
    kecamatan = (
        select(PersonRow.kode_kecamatan, func.count())
        .join(BatchItemRow, BatchItemRow.person_id == PersonRow.id)
        .where(of_batch)
        .group_by(PersonRow.kode_kecamatan)
        .order_by(PersonRow.kode_kecamatan)
    )
    by_kecamatan = dict(session.execute(kecamatan).all())
    items = sum(by_kecamatan.values())
    open_ones = (of_batch, BatchItemRow.withdrawn_at.is_(None), ~has_card())
    corrected = (
        select(func.count())
        .select_from(BatchItemRow)
        .join(PersonRow, PersonRow.id == BatchItemRow.person_id)
        .where(*open_ones, PersonRow.version != BatchItemRow.person_version)
    )

    def counted(*conditions: Any) -> int:
        return session.scalar(select(func.count()).select_from(BatchItemRow).where(of_batch, *conditions)) or 0

    return BatchFigures(
        items=items,
        entitlement_sum=items * int(json.loads(row.options)["entitlement"]),
        reissues=counted(BatchItemRow.replaces.is_not(None)),
        withdrawn=counted(BatchItemRow.withdrawn_at.is_not(None)),
        corrected=session.scalar(corrected) or 0,
        waiting=counted(*open_ones),
        by_kecamatan=by_kecamatan,
        reached=_reached(session, row),
        now=_now(session, row),
    )


def listed(session: Session) -> list[tuple[ProposalRow, int, int]]:
    """All batches, the oldest first, with their lines and the cards that were made."""
    lines = select(func.count()).where(BatchItemRow.proposal_id == ProposalRow.id).scalar_subquery()
    cards = select(func.count()).where(CardRow.proposal_id == ProposalRow.id).scalar_subquery()
    wanted = select(ProposalRow, lines, cards).where(ProposalRow.kind == ProposalKind.BATCH.value)
    return [(row, items, made) for row, items, made in session.execute(wanted.order_by(ProposalRow.id))]


def _reached(session: Session, row: ProposalRow) -> dict[LifePhase, int]:
    moved = (
        select(CardMoveRow.after, func.count(CardMoveRow.serial.distinct()))
        .join(CardRow, CardRow.serial == CardMoveRow.serial)
        .where(CardRow.proposal_id == row.id)
        .group_by(CardMoveRow.after)
    )
    counts = dict(session.execute(moved).all())
    return {phase: counts.get(phase.value, 0) for phase in REACHED}


def _now(session: Session, row: ProposalRow) -> dict[LifePhase, int]:
    states = select(CardRow.state, func.count()).where(CardRow.proposal_id == row.id).group_by(CardRow.state)
    return {LifePhase(state): count for state, count in sorted(session.execute(states).all())}
