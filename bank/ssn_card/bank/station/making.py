# SPDX-License-Identifier: Apache-2.0
"""Cards that a station has made: bound to their persons and batches, and moved to produced."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from sqlalchemy import select

from ..cards.moves import News, move, move_all
from ..life import LIVE, LifePhase
from ..store.tables.batches import BatchItemRow, ProposalKind, ProposalRow, ProposalStage
from ..store.tables.cards import CardMoveRow, CardRow
from ..store.tables.people import PersonRow
from ..store.work import StoreWork
from .errors import StationForked, StationRowsDiffer, StationRowsUnknown
from .facts import CardMade, JournalHead
from .findings import StationException, StationFinding

_APPROVED: Final = (ProposalStage.APPROVED, ProposalStage.PRODUCING, ProposalStage.DONE)
_IN_USE: Final = (LifePhase.DELIVERED, LifePhase.ACTIVATED)
_OVER: Final = (LifePhase.REPLACED, LifePhase.TERMINATED)
_REASON: Final = "its next card was made"


@dataclass(slots=True)
class MadeCards:
    """What came of some cards that a station tells of; counts are of what was new."""

    stocked: int = 0
    produced: int = 0
    replaced: int = 0
    exceptions: list[StationException] = field(default_factory=list)


class _Item(NamedTuple):
    """A line of a batch."""

    person_id: int
    replaces: str | None
    withdrawn_at: str | None


class _Person(NamedTuple):
    id: int
    family_id: int


class Making:
    """The made cards of one journal."""

    def __init__(self, work: StoreWork, head: JournalHead, import_id: int) -> None:
        """Within a transaction; ``import_id``: that tells of them."""
        self._work = work
        self._session = work.session
        self._head = head
        self._import_id = import_id
        approved = select(ProposalRow.sha256, ProposalRow.id, ProposalRow.name).where(
            ProposalRow.kind == ProposalKind.BATCH.value, ProposalRow.stage.in_([stage.value for stage in _APPROVED])
        )
        self._batches = {sha256 or "": (number, name) for sha256, number, name in self._session.execute(approved)}

    def make(self, some: Sequence[CardMade]) -> MadeCards:
        """Take these in, as far as they are new. Raises ``StationForked``, ``StationRowsUnknown``,
        ``StationRowsDiffer``."""
        done = MadeCards()
        new = self._new(some)
        if new:
            look = _Look(self, new)
            accepted = [fact for fact in new if self._fits(look, fact, done)]
            done.stocked = self._bind(look, accepted)
            done.replaced = self._replace(look, accepted)
            news = [News(fact.serial, self.uid(fact), fact.at, import_id=self._import_id) for fact in accepted]
            done.produced = move_all(self._work, "produce", news)
        return done

    def uid(self, fact: CardMade) -> str:
        """The news' own name."""
        return f"station:{self._head.name}:{fact.row}"

    def _new(self, some: Sequence[CardMade]) -> list[CardMade]:
        uids = [self.uid(fact) for fact in some]
        known = dict(
            self._session.execute(
                select(CardMoveRow.uid, CardMoveRow.serial).where(
                    CardMoveRow.uid.in_(uids), CardMoveRow.move == "produce"
                )
            ).all()
        )
        for fact, uid in zip(some, uids, strict=True):
            if known.get(uid, fact.serial) != fact.serial:
                raise StationForked(self._head.file, fact.row)
        return [fact for fact, uid in zip(some, uids, strict=True) if uid not in known]

    def _fits(self, look: _Look, fact: CardMade, done: MadeCards) -> bool:
        """Whether the card can be its person's; tells of what needs somebody."""
        found = self._obstacle(look, fact)
        if found is not None:
            finding, other = found
            done.exceptions.append(StationException(finding, fact.serial, fact.row, fact.line, other))
            return finding is StationFinding.WITHDRAWN
        return True

    def _obstacle(self, look: _Look, fact: CardMade) -> tuple[StationFinding, str | None] | None:
        batch = self._batches.get(fact.batch)
        if batch is None:
            return StationFinding.NO_BATCH, None
        item = look.items.get((fact.batch, fact.line))
        person = look.persons[fact.person]
        if item is None or item.person_id != person.id:
            raise StationRowsDiffer(self._head.file, batch[1], fact.line)
        card = look.cards.get(fact.serial)
        if card is not None and (
            card.beneficiary_id is not None or card.state not in (LifePhase.IN_STOCK, LifePhase.DAMAGED)
        ):
            return StationFinding.SERIAL_TWICE, None
        if (holder := look.numbers.get(fact.beneficiary_id)) is not None:
            return StationFinding.NUMBER_TWICE, holder
        live = look.live.get(person.family_id)
        if live is not None and live != item.replaces:
            return StationFinding.FAMILY_TWICE, live
        if item.replaces is not None and look.cards[item.replaces].state in _IN_USE:
            return StationFinding.OLD_CARD_IN_USE, item.replaces
        look.live[person.family_id] = look.numbers[fact.beneficiary_id] = fact.serial
        return None if item.withdrawn_at is None else (StationFinding.WITHDRAWN, None)

    def _bind(self, look: _Look, accepted: Sequence[CardMade]) -> int:
        """Give each card its person; how many were not in stock, since their station keeps none."""
        unknown, blank_again = [], []
        for fact in accepted:
            card = look.cards.get(fact.serial)
            if card is None:
                card = CardRow(serial=fact.serial, state=LifePhase.IN_STOCK.value, since=min(fact.at, self._work.at))
                look.cards[fact.serial] = card
                unknown.append(card)
            elif card.state == LifePhase.DAMAGED:
                uid = f"{self.uid(fact)}:restock"
                blank_again.append(News(fact.serial, uid, fact.at, import_id=self._import_id))
            person, item = look.persons[fact.person], look.items[fact.batch, fact.line]
            card.beneficiary_id, card.keys = fact.beneficiary_id, fact.keys
            card.person_id, card.family_id = person.id, person.family_id
            card.proposal_id, card.replaces = self._batches[fact.batch][0], item.replaces
        self._session.add_all(unknown)
        self._session.flush()
        if blank_again:
            move_all(self._work, "restock", blank_again)
        return len(unknown)

    def _replace(self, look: _Look, accepted: Sequence[CardMade]) -> int:
        """Cards in whose place others were made: before these live, for a family has one."""
        replaced = 0
        for fact in accepted:
            serial = look.items[fact.batch, fact.line].replaces
            if serial is None or look.cards[serial].state in _OVER:
                continue
            replaced += move(
                self._work,
                serial,
                "replace",
                uid=f"{self.uid(fact)}:replace",
                at=max(fact.at, look.cards[serial].since),
                reason=_REASON,
                import_id=self._import_id,
                successor=fact.serial,
            )
        return replaced


class _Look:
    """What the store has about some made cards, in a few questions."""

    def __init__(self, making: Making, some: Sequence[CardMade]) -> None:
        """Raises ``StationRowsUnknown``."""
        session = making._session
        wanted = select(PersonRow.key, PersonRow.id, PersonRow.family_id).where(
            PersonRow.key.in_({fact.person for fact in some})
        )
        self.persons = {key: _Person(number, family) for key, number, family in session.execute(wanted)}
        unknown = [fact for fact in some if fact.person not in self.persons]
        if unknown:
            raise StationRowsUnknown(making._head.file, len(unknown), unknown[0].line)
        self.items: dict[tuple[str, int], _Item] = {}
        for sha256 in {fact.batch for fact in some} & making._batches.keys():
            of_batch = select(
                BatchItemRow.place, BatchItemRow.person_id, BatchItemRow.replaces, BatchItemRow.withdrawn_at
            ).where(
                BatchItemRow.proposal_id == making._batches[sha256][0],
                BatchItemRow.place.in_([fact.line for fact in some if fact.batch == sha256]),
            )
            for place, person, replaces, withdrawn_at in session.execute(of_batch):
                self.items[sha256, place] = _Item(person, replaces, withdrawn_at)
        serials = {fact.serial for fact in some} | {item.replaces for item in self.items.values() if item.replaces}
        self.cards = {card.serial: card for card in session.scalars(select(CardRow).where(CardRow.serial.in_(serials)))}
        families = {person.family_id for person in self.persons.values()}
        live = select(CardRow.family_id, CardRow.serial).where(
            CardRow.family_id.in_(families), CardRow.state.in_([state.value for state in LIVE])
        )
        self.live: dict[int | None, str] = dict(session.execute(live).all())
        numbers = select(CardRow.beneficiary_id, CardRow.serial).where(
            CardRow.beneficiary_id.in_([fact.beneficiary_id for fact in some])
        )
        self.numbers: dict[str | None, str] = dict(session.execute(numbers).all())
