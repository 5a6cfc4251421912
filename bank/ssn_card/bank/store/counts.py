# SPDX-License-Identifier: Apache-2.0
"""How much of what there is, by its state, as the store is at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from . import migrations
from .tables.accounts import LogRow, StoreRow
from .tables.base import Base
from .tables.batches import ProposalKind, ProposalRow
from .tables.cards import CardRow
from .tables.field import TabletRow, VisitRow
from .tables.people import FamilyRow, ImportRow, NearDoubleRow, PersonRow
from .tables.printing import PrintJobRow
from .tables.updates import DeliveredRow, UpdateRow

_WHOLE = {
    "families": FamilyRow,
    "updates": UpdateRow,
    "delivered": DeliveredRow,
    "tablets": TabletRow,
    "log": LogRow,
}
_BY = {
    "persons": PersonRow.state,
    "near_doubles": NearDoubleRow.state,
    "cards": CardRow.state,
    "print_jobs": PrintJobRow.state,
    "visits": VisitRow.outcome,
    "imports": ImportRow.kind,
}


@dataclass(frozen=True, slots=True)
class StoreCounts:
    """``rows``: of what has no states; ``states``: how many in each state that there is."""

    store: str  #: UUID
    version: str
    created_at: str
    rows: Mapping[str, int]
    states: Mapping[str, Mapping[str, int]]


def counted(session: Session) -> StoreCounts:
    """All counts."""
    store = session.scalars(select(StoreRow)).one()
    states: dict[str, dict[str, int]] = {name: _by(session, column) for name, column in _BY.items()}
    for kind, stages in _proposals(session).items():
        states[{ProposalKind.BATCH: "batches", ProposalKind.RUN: "runs"}[kind]] = stages
    return StoreCounts(
        store=store.id,
        version=migrations.NEWEST,
        created_at=store.created_at,
        rows={name: _count(session, table) for name, table in _WHOLE.items()},
        states={name: dict(sorted(found.items())) for name, found in states.items()},
    )


def _count(session: Session, table: type[Base]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def _by(session: Session, column: InstrumentedAttribute[str]) -> dict[str, int]:
    found = session.execute(select(column, func.count()).group_by(column))
    return {row[0]: row[1] for row in found}


def _proposals(session: Session) -> dict[ProposalKind, dict[str, int]]:
    found: dict[ProposalKind, dict[str, int]] = {kind: {} for kind in ProposalKind}
    grouped = select(ProposalRow.kind, ProposalRow.stage, func.count()).group_by(ProposalRow.kind, ProposalRow.stage)
    for kind, stage, count in session.execute(grouped):
        found[ProposalKind(kind)][stage] = count
    return found
