# SPDX-License-Identifier: Apache-2.0
"""How outreach stands: per companion and tablet, what came back and what is missing."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ...store.tables.cards import CardRow
from ...store.tables.field import OutreachItemRow, OutreachRow, TabletRow, VisitRow
from ..forms.outcomes import OUTCOMES, VisitOutcome

_ENDS = tuple(outcome.value for outcome, kind in OUTCOMES.items() if kind.ends)


@dataclass
class CompanionStanding:
    """Of one companion's persons: how their newest visits ended."""

    companion: str
    persons: int = 0
    outcomes: Counter[VisitOutcome] = field(default_factory=Counter)

    @property
    def waiting(self) -> int:
        """Persons of whom no tablet has told anything."""
        return self.persons - sum(self.outcomes.values())


@dataclass(frozen=True)
class TabletStanding:
    """One tablet: what it has told, and what is still out."""

    name: str
    companion: str
    retired: bool
    newest: int
    missing: tuple[int, ...]
    outstanding: int  #: packages of which not everybody was told


@dataclass(frozen=True)
class OutreachStanding:
    """All of it."""

    companions: list[CompanionStanding]
    tablets: list[TabletStanding]
    states: dict[str, int]  #: of the cards in packages


def missing_numbers(session: Session, tablet: str, newest: int | None = None) -> list[int]:
    """Numbers up to the newest that is known, or said by the tablet, of which no file has told."""
    told = set(session.scalars(select(VisitRow.number).where(VisitRow.tablet == tablet)))
    return [number for number in range(1, max(newest or 0, *told, 0) + 1) if number not in told]


def standing(session: Session) -> OutreachStanding:
    """How outreach stands now."""
    ended = _ended(session)
    companions: dict[str, CompanionStanding] = {}
    open_packages: dict[str, set[str]] = defaultdict(set)
    persons: dict[int, str] = {}
    items = session.execute(
        select(OutreachItemRow.person_id, OutreachRow.companion, OutreachRow.tablet, OutreachRow.id)
        .join(OutreachRow, OutreachRow.id == OutreachItemRow.outreach_id)
        .order_by(OutreachRow.made_at, OutreachRow.id)
    )
    for person, companion, tablet, package in items:
        persons[person] = companion  # of one in two packages, the newer's
        if person not in ended:
            open_packages[tablet].add(package)
    for person, companion in persons.items():
        one = companions.setdefault(companion, CompanionStanding(companion))
        one.persons += 1
        if person in ended:
            one.outcomes[ended[person]] += 1
    tablets = [
        TabletStanding(
            name=row.name,
            companion=row.companion,
            retired=row.retired_at is not None,
            newest=session.scalar(select(func.max(VisitRow.number)).where(VisitRow.tablet == row.name)) or 0,
            missing=tuple(missing_numbers(session, row.name)),
            outstanding=len(open_packages[row.name]),
        )
        for row in session.scalars(select(TabletRow).order_by(TabletRow.name))
    ]
    states = session.execute(
        select(CardRow.state, func.count(func.distinct(CardRow.serial)))
        .join(OutreachItemRow, OutreachItemRow.serial == CardRow.serial)
        .group_by(CardRow.state)
    )
    return OutreachStanding(
        sorted(companions.values(), key=lambda one: one.companion),
        tablets,
        dict(states.all()),
    )


def _ended(session: Session) -> dict[int, VisitOutcome]:
    """How the newest visit of each person ended; what a card has proved is not overtaken by words."""
    undone = set(session.scalars(select(VisitRow.undoes).where(VisitRow.undoes.is_not(None))))
    found: dict[int, VisitOutcome] = {}
    rows = session.execute(
        select(VisitRow.person_id, VisitRow.outcome, VisitRow.uid)
        .where(VisitRow.outcome.in_(_ENDS))
        .order_by(VisitRow.at, VisitRow.tablet, VisitRow.number)
    )
    for person, outcome, uid in rows:
        if uid not in undone and found.get(person) is not VisitOutcome.ACTIVATED:
            found[person] = VisitOutcome(outcome)
    return found
