# SPDX-License-Identifier: Apache-2.0
"""What is put into a batch: persons who are to get a card, and cards that get a successor."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, delete, exists, func, insert, select, update
from sqlalchemy.orm import Session, aliased

from ssn_card.protocol.errors import Text

from ..errors import NotFound
from ..life import LIVE, MOVES, LifePhase
from ..roles import BankRole
from ..store.tables.batches import BatchItemRow, ProposalKind, ProposalRow, ProposalStage
from ..store.tables.cards import CardRow
from ..store.tables.people import PersonRow, PersonState
from ..store.work import StoreWork
from . import flow
from .content import data_hash
from .errors import BatchIncomplete, CardNotReplaceable, EmptyProposal, ItemHasCard, PolicyDiffers

#: Stages in which a batch may still give somebody a card.
OPEN: Final = (ProposalStage.DRAFT, ProposalStage.SUBMITTED, ProposalStage.APPROVED, ProposalStage.PRODUCING)
#: States of a card in whose place another may be made: nobody can use it.
REPLACEABLE: Final = MOVES["replace"].before - {LifePhase.DELIVERED, LifePhase.ACTIVATED}
CARD: Final = Text("card", "kartu")
_LINE: Final = Text("line", "baris")
_CHUNK: Final = 500  #: rows at a time; SQLite takes a limited number of values in one statement
_SHOWN: Final = 5  #: lines in an error


@dataclass(frozen=True, slots=True)
class BatchChoice:
    """Who is put into a batch; what is empty does not narrow it."""

    kecamatan: Collection[str] = ()  #: Kemendagri, with dots
    companions: Collection[str] = ()
    limit: int | None = None
    reissue: Sequence[str] = ()  #: serials of cards that get a successor; then nobody else is put in

    def as_dict(self) -> dict[str, Any]:
        """For the batch's options."""
        return {
            "kecamatan": sorted(self.kecamatan),
            "companion": sorted(self.companions),
            "limit": self.limit,
            "reissue": sorted(self.reissue),
        }


def new(work: StoreWork, name: str, policy_id: int, entitlement: int, choice: BatchChoice) -> ProposalRow:
    """A draft with everybody of the choice who is to get a card. ``entitlement``: rupiah of each.

    Raises ``EmptyProposal``, ``NotFound``, ``CardNotReplaceable`` and what ``propose`` raises.
    """
    options = {"entitlement": entitlement, **choice.as_dict()}
    row = flow.propose(work, ProposalKind.BATCH, name, policy_id, options)
    if not fill(work, row, choice):
        raise EmptyProposal(name)
    return row


def fill(work: StoreWork, row: ProposalRow, choice: BatchChoice) -> int:
    """Put into a draft: one person of a family, ready, without a live card and in no open batch; how many.

    In the order of kecamatan, kelurahan and companion, in which cards are handed over. Raises ``NotFound``,
    ``CardNotReplaceable``, ``ProposalStageRefused``, ``NotAllowed``.
    """
    flow.filled(work, row)
    replaced = _replaced(work.session, choice.reissue)
    last = work.session.scalar(select(func.max(BatchItemRow.place)).where(BatchItemRow.proposal_id == row.id)) or 0
    families: set[int] = set()
    items: list[dict[str, Any]] = []
    wanted = _ordered(_narrowed(_eligible(replaced), choice))
    for person, family, version, sealed, kecamatan, kelurahan in work.session.execute(wanted):
        if family in families:
            continue
        if len(items) == choice.limit:
            break
        families.add(family)
        items.append(
            {
                "proposal_id": row.id,
                "place": last + len(items) + 1,
                "person_id": person,
                "person_version": version,
                "data": data_hash(sealed, kecamatan, kelurahan),
                "replaces": None if replaced is None else replaced[person],
            }
        )
    for start in range(0, len(items), _CHUNK):
        work.session.execute(insert(BatchItemRow), items[start : start + _CHUNK])
    return len(items)


def submit(work: StoreWork, row: ProposalRow) -> int:
    """Submit a batch with everybody's newest data; how many had to be left out since it was filled.

    Left out is who is no longer ready, has got a card, or is in another open batch. Raises as ``flow.submit``.
    """
    left_out = _refreshed(work.session, row)
    flow.submit(work, row)
    return left_out


def withdraw(work: StoreWork, row: ProposalRow, places: Collection[int], reason: str) -> None:
    """These persons get no card from this batch: out of a draft, or marked in what was submitted.

    Raises ``NotFound``, ``ItemHasCard``, ``ReasonMissing``, ``ProposalStageRefused``, ``NotAllowed``.
    """
    asked = (BatchItemRow.proposal_id == row.id, BatchItemRow.place.in_(places), BatchItemRow.withdrawn_at.is_(None))
    found = set(work.session.scalars(select(BatchItemRow.place).where(*asked)))
    for place in sorted(set(places) - found):
        raise NotFound(_LINE, str(place))
    if row.stage == ProposalStage.DRAFT:
        flow.filled(work, row)
        work.session.execute(delete(BatchItemRow).where(*asked))
        return
    made = work.session.scalars(select(BatchItemRow.place).where(*asked, has_card()).order_by(BatchItemRow.place))
    for place in made:
        raise ItemHasCard(row.name, place)
    flow.reduced(work, row, reason)
    work.session.execute(
        update(BatchItemRow)
        .where(*asked)
        .values(withdrawn_at=work.at, withdrawn_by=work.actor.name, withdrawn_reason=reason)
    )


def close(work: StoreWork, row: ProposalRow) -> None:
    """Done: everybody has a card, or was withdrawn. Raises ``BatchIncomplete`` and what ``finish`` raises."""
    waiting = waiting_places(work.session, row)
    if waiting and row.stage == ProposalStage.PRODUCING:
        listed = ", ".join(map(str, waiting[:_SHOWN])) + (", …" if len(waiting) > _SHOWN else "")
        raise BatchIncomplete(row.name, len(waiting), listed)
    flow.finish(work, row)


def waiting_places(session: Session, row: ProposalRow) -> list[int]:
    """Lines whose persons have no card from this batch yet and are not withdrawn."""
    waiting = select(BatchItemRow.place).where(
        BatchItemRow.proposal_id == row.id, BatchItemRow.withdrawn_at.is_(None), ~has_card()
    )
    return list(session.scalars(waiting.order_by(BatchItemRow.place)))


def require_policy(row: ProposalRow, entitlement: int) -> None:
    """The policy still gives what was approved, rupiah to each. Raises ``PolicyDiffers``."""
    approved = json.loads(row.options)["entitlement"]
    if approved != entitlement:
        raise PolicyDiffers(row.name, row.policy_id, approved, entitlement)


def begin(work: StoreWork, name: str) -> ProposalRow:
    """The batch of that name, approved: producing from now on, if it was not already.

    Raises ``NotFound``, ``ContentChanged``, ``ProposalStageRefused``, ``NotAllowed``.
    """
    row = flow.find(work.session, ProposalKind.BATCH, name)
    if row.stage == ProposalStage.PRODUCING:
        work.require(BankRole.OPERATOR)
        flow.require_unchanged(work.session, row)
    else:
        flow.begin(work, row)
    return row


def lines(session: Session, row: ProposalRow) -> Iterator[tuple[BatchItemRow, PersonRow, bool]]:
    """Its items in order, each with its person as he is now, and whether he has got a card from it."""
    wanted = (
        select(BatchItemRow, PersonRow, has_card().label("made"))
        .join(PersonRow, PersonRow.id == BatchItemRow.person_id)
        .where(BatchItemRow.proposal_id == row.id)
        .order_by(BatchItemRow.place)
    )
    yield from session.execute(wanted.execution_options(yield_per=_CHUNK))


def has_card() -> ColumnElement[bool]:
    """Of a ``BatchItemRow``: its person has got a card from its batch, whatever became of it."""
    return exists().where(CardRow.proposal_id == BatchItemRow.proposal_id, CardRow.person_id == BatchItemRow.person_id)


def _replaced(session: Session, serials: Sequence[str]) -> dict[int, str] | None:
    """Cards that are to be replaced, by person; ``None`` where none are.

    Raises ``NotFound``, ``CardNotReplaceable``.
    """
    if not serials:
        return None
    found: dict[int, str] = {}
    for serial in serials:
        card = session.get(CardRow, serial)
        if card is None or card.person_id is None:
            raise NotFound(CARD, serial)
        if card.state not in REPLACEABLE:
            raise CardNotReplaceable(serial, LifePhase(card.state))
        found[card.person_id] = serial
    return found


def _eligible(replaced: Mapping[int, str] | None, batch: int = 0) -> Select[int, int, int, bytes, str, int]:
    """Who may be in a batch (this one, ``batch``, set aside), and what of him is fixed there."""
    other = aliased(PersonRow)
    alive = exists().where(CardRow.family_id == PersonRow.family_id, CardRow.state.in_([state.value for state in LIVE]))
    awaited = (
        exists()
        .where(BatchItemRow.person_id == other.id, other.family_id == PersonRow.family_id)
        .where(BatchItemRow.withdrawn_at.is_(None), BatchItemRow.proposal_id != batch)
        .where(ProposalRow.id == BatchItemRow.proposal_id, ProposalRow.stage.in_([stage.value for stage in OPEN]))
    )
    wanted = select(
        PersonRow.id,
        PersonRow.family_id,
        PersonRow.version,
        PersonRow.sealed,
        PersonRow.kode_kecamatan,
        PersonRow.kelurahan,
    ).where(PersonRow.state == PersonState.READY.value)
    if replaced is None:
        return wanted.where(~alive, ~awaited)
    # His batch may be open still: his card, that is to be replaced, came from it.
    alive = alive.where(CardRow.serial.not_in(list(replaced.values())))
    return wanted.where(PersonRow.id.in_(list(replaced)), ~alive, ~awaited.where(~has_card()))


def _narrowed(
    wanted: Select[int, int, int, bytes, str, int], choice: BatchChoice
) -> Select[int, int, int, bytes, str, int]:
    if choice.kecamatan:
        wanted = wanted.where(PersonRow.kode_kecamatan.in_(list(choice.kecamatan)))
    if choice.companions:
        wanted = wanted.where(PersonRow.companion.in_(list(choice.companions)))
    return wanted


def _ordered(wanted: Select[int, int, int, bytes, str, int]) -> Select[int, int, int, bytes, str, int]:
    companion = func.coalesce(PersonRow.companion, "")
    ordered = wanted.order_by(PersonRow.kode_kecamatan, PersonRow.kelurahan, companion, PersonRow.id)
    return ordered.execution_options(yield_per=_CHUNK)


def _refreshed(session: Session, row: ProposalRow) -> int:
    """Bring a draft up to date; how many were taken out."""
    if row.stage != ProposalStage.DRAFT:
        return 0
    items = session.execute(
        select(
            BatchItemRow.place,
            BatchItemRow.person_id,
            BatchItemRow.person_version,
            BatchItemRow.data,
            BatchItemRow.replaces,
        ).where(BatchItemRow.proposal_id == row.id)
    ).all()
    replaced = {item.person_id: item.replaces for item in items if item.replaces is not None}
    now = {
        found[0]: (found[2], data_hash(*found[3:]))
        for wanted in ([_eligible(None, row.id)] + ([_eligible(replaced, row.id)] if replaced else []))
        for found in session.execute(wanted.execution_options(yield_per=_CHUNK))
    }
    gone = [item.place for item in items if item.person_id not in now]
    of_batch = BatchItemRow.proposal_id == row.id
    for start in range(0, len(gone), _CHUNK):
        session.execute(delete(BatchItemRow).where(of_batch, BatchItemRow.place.in_(gone[start : start + _CHUNK])))
    for item in items:
        if item.person_id in now and now[item.person_id] != (item.person_version, item.data):
            version, data = now[item.person_id]
            session.execute(
                update(BatchItemRow)
                .where(of_batch, BatchItemRow.place == item.place)
                .values(person_version=version, data=data)
            )
    return len(gone)
