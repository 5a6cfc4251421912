# SPDX-License-Identifier: Apache-2.0
"""Which cards a run is for, and which of them may get such an update at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import LifeState

from ..errors import NotFound
from ..life import LIVE, LifePhase
from ..store.tables.batches import ProposalKind, ProposalRow
from ..store.tables.cards import CardRow, ReplacementRow
from ..store.tables.people import PersonRow, PersonState
from .order import RunKind

_CHUNK: Final = 500
_UPDATE_KEY: Final = re.compile(r"\bupdate=([0-9]+)")  #: in what the station tells of a card's keys
_S = LifePhase
#: A card in one of these is not usable, whatever it is sent: each of its updates blocks it, but the one that unblocks.
STOPPED: Final = frozenset({_S.TEMPORARILY_LOST, _S.BLOCKED, _S.DAMAGED})
_OVER: Final = frozenset({_S.REPLACED, _S.TERMINATED})
_UNBLOCKABLE: Final = frozenset({_S.BLOCKED, _S.FOUND})
_LOADING: Final = frozenset({RunKind.LOAD, RunKind.CARRY})
NO_CARD: Final = Text("not made yet", "belum dibuat")
OVER: Final = Text("out of use for good", "tidak dipakai lagi")
STILL_COUNTED: Final = Text("its balance is not settled yet", "saldonya belum diselesaikan")
IN_USE: Final = Text("still in use", "masih dipakai")
STOPPED_NOW: Final = Text("lost, blocked or damaged", "hilang, diblokir, atau rusak")
NOT_BLOCKED: Final = Text("neither blocked nor found", "tidak diblokir dan tidak ditemukan kembali")
DEACTIVATED: Final = Text("person deactivated: remembered for later", "orangnya dinonaktifkan: dicatat untuk nanti")
BETWEEN: Final = Text("to be replaced: remembered for the next card", "akan diganti: dicatat untuk kartu berikutnya")


@dataclass(frozen=True)
class RunChoice:
    """All cards, or those of these serials, of a batch, of a kecamatan: all that is named must hold."""

    serials: tuple[str, ...] = ()
    batch: str | None = None
    kecamatan: tuple[str, ...] = ()  #: Kemendagri, with dots


class ChosenCards(NamedTuple):
    """A card, and what decides whether it may get an update."""

    serial: str
    state: LifePhase
    person_id: int | None
    person_state: PersonState
    kecamatan: str
    replacement: ReplacementRow | None  #: of this card by another
    update_key: int  #: version of UPDATE that it was made with


def chosen(session: Session, choice: RunChoice) -> Iterator[ChosenCards]:
    """In the order of their serials. Raises ``NotFound``: a serial or a batch that is not there."""
    wanted = (
        select(
            CardRow.serial, CardRow.state, CardRow.person_id, PersonRow.state, PersonRow.kode_kecamatan, CardRow.keys
        )
        .outerjoin(PersonRow, PersonRow.id == CardRow.person_id)
        .order_by(CardRow.serial)
    )
    if choice.batch is not None:
        wanted = wanted.where(CardRow.proposal_id == _batch(session, choice.batch))
    if choice.kecamatan:
        wanted = wanted.where(PersonRow.kode_kecamatan.in_(choice.kecamatan))
    leaving = {row.old_serial: row for row in session.scalars(select(ReplacementRow))}
    if not choice.serials:
        wanted = wanted.where(CardRow.state != LifePhase.IN_STOCK)
        yield from (_of(row, leaving) for row in session.execute(wanted))
        return
    found: dict[str, ChosenCards] = {}
    for start in range(0, len(choice.serials), _CHUNK):
        some = wanted.where(CardRow.serial.in_(choice.serials[start : start + _CHUNK]))
        found |= {one.serial: one for one in (_of(row, leaving) for row in session.execute(some))}
    for serial in sorted(set(choice.serials)):
        if serial not in found:
            raise NotFound(Text("such card", "kartu itu"), serial)
        yield found[serial]


def _of(row: Any, leaving: dict[str, ReplacementRow]) -> ChosenCards:
    serial, state, person, person_state, kecamatan, keys = row
    version = _UPDATE_KEY.search(keys)
    return ChosenCards(
        serial,
        LifePhase(state),
        person,
        PersonState(person_state or PersonState.READY),
        kecamatan or "",
        leaving.get(serial),
        int(version[1]) if version else 1,
    )


def refusal(kind: RunKind, card: ChosenCards) -> Text | None:
    """Why the card is left out of a run of that kind."""
    if card.state is LifePhase.IN_STOCK:
        return NO_CARD
    if kind is RunKind.TERMINATE:
        return _not_to_be_terminated(card)
    if card.state in _OVER:
        # A replaced card that was never told may be blocked still: its receipt then says what is left.
        return None if kind is RunKind.BLOCK and card.state is LifePhase.REPLACED else OVER
    if kind is RunKind.LOAD and card.person_state is PersonState.DEACTIVATED:
        return DEACTIVATED  # what an old card had left is his all the same
    if kind in _LOADING and card.replacement is not None:
        return BETWEEN
    if kind is RunKind.UNBLOCK and card.state not in _UNBLOCKABLE:
        return NOT_BLOCKED
    if kind is RunKind.ACTIVATE and (card.state in STOPPED or card.state not in LIVE):
        return STOPPED_NOW
    return None


def forced_state(kind: RunKind, card: ChosenCards) -> LifeState | None:
    """The state that its update must set, whatever else it does: nothing makes a stopped card usable by the way."""
    return LifeState.BLOCKED if card.state in STOPPED and kind not in (RunKind.UNBLOCK, RunKind.TERMINATE) else None


def _not_to_be_terminated(card: ChosenCards) -> Text | None:
    if card.state not in _OVER:
        return IN_USE
    if card.state is LifePhase.REPLACED and (card.replacement is None or card.replacement.final_at is None):
        return STILL_COUNTED
    return None


def _batch(session: Session, name: str) -> int:
    found = session.scalar(
        select(ProposalRow.id).where(ProposalRow.kind == ProposalKind.BATCH.value, ProposalRow.name == name)
    )
    if found is None:
        raise NotFound(Text("batch", "kelompok"), name)
    return found
