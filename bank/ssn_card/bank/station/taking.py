# SPDX-License-Identifier: Apache-2.0
"""A station's journal taken into the store: what it says of each card, as moves of that card.

The journal stays the truth. It is told whole each time, and only what is new in it does anything: in any order, from
several stations, from a journal that has gone on since, the store ends the same. What cannot be (a family with two
cards, a card of no approved batch) is left out and told to a person, every time until it is settled. A journal that
contradicts what it said before, or that has somebody else in a line, is refused whole.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from sqlalchemy import insert, select

from ..cards.moves import News, move_all, possible
from ..life import LifePhase
from ..roles import BankRole
from ..store.tables.cards import CardMoveRow, CardRow
from ..store.tables.people import ImportRow
from ..store.work import StoreWork
from .errors import StationForked
from .facts import BlankGivenBack, BlankSpoiled, BlankStocked, CardLost, CardMade, JournalHead, StationFact
from .findings import StationException, StationFinding
from .making import Making

_CHUNK: Final = 500  #: facts at a time


@dataclass(slots=True)
class StationTaken:
    """What came of a journal; counts are of what was new."""

    import_id: int
    again: bool  #: this very state of the journal was taken in before
    stocked: int = 0
    produced: int = 0
    replaced: int = 0
    spoiled: int = 0
    lost: int = 0
    given_back: int = 0
    exceptions: list[StationException] = field(default_factory=list)


def known_heads(work: StoreWork, journal: str) -> dict[int, str]:
    """Where the journal's log stood whenever it was taken in: chains by rows. A log must still lead through them."""
    taken = select(ImportRow.control, ImportRow.sha256).where(ImportRow.kind == "station", ImportRow.scope == journal)
    return {json.loads(control)["rows"]: chain for control, chain in work.session.execute(taken)}


def take_in(work: StoreWork, head: JournalHead, facts: Iterable[StationFact]) -> StationTaken:
    """Take in all that a journal says, in its order.

    Raises ``NotAllowed``, ``StationForked``, ``StationRowsUnknown``, ``StationRowsDiffer``: nothing was taken in.
    """
    work.require(BankRole.OPERATOR)
    row, again = _import(work, head)
    taken = StationTaken(row.id, again)
    making = Making(work, head, row.id)
    for kind, some in _runs(facts):
        if kind is BlankStocked:
            _stock(work, some, taken)
        elif kind is CardMade:
            made = making.make([one for one in some if isinstance(one, CardMade)])
            taken.stocked += made.stocked
            taken.produced += made.produced
            taken.replaced += made.replaced
            taken.exceptions += made.exceptions
        else:
            _stop(work, head, row.id, some, taken)
    _record(work, head, row, taken)
    return taken


def uid_of(head: JournalHead, fact: StationFact) -> str:
    """The news' own name: the journal's and its row."""
    return f"station:{head.name}:{fact.row}"


def _import(work: StoreWork, head: JournalHead) -> tuple[ImportRow, bool]:
    known = select(ImportRow).where(
        ImportRow.kind == "station", ImportRow.sha256 == head.chain, ImportRow.scope == head.name
    )
    row = work.session.scalar(known)
    if row is not None:
        return row, True
    row = ImportRow(
        kind="station",
        sha256=head.chain,
        scope=head.name,
        file=head.file,
        at=work.at,
        actor=work.actor.name,
        control="{}",
    )
    work.session.add(row)
    work.session.flush()
    return row, False


def _record(work: StoreWork, head: JournalHead, row: ImportRow, taken: StationTaken) -> None:
    counts = {
        "stocked": taken.stocked,
        "produced": taken.produced,
        "replaced": taken.replaced,
        "spoiled": taken.spoiled,
        "lost": taken.lost,
        "given_back": taken.given_back,
    }
    found = Counter(one.finding.value for one in taken.exceptions)
    if not taken.again:
        row.control = json.dumps({"rows": head.rows, "signed": head.signed, **counts, "exceptions": dict(found)})
    if not taken.again or any(counts.values()):
        said = {"rows": head.rows, "chain": head.chain, "signed": head.signed, **counts}
        work.note("station-imported", head.name, **said, exceptions=[one.as_dict() for one in taken.exceptions])


def _runs(facts: Iterable[StationFact]) -> Iterator[tuple[type, list[StationFact]]]:
    """Facts of one kind that follow each other, in their order, not too many at a time."""
    for kind, following in groupby(facts, type):
        some: list[StationFact] = []
        for fact in following:
            some.append(fact)
            if len(some) == _CHUNK:
                yield kind, some
                some = []
        if some:
            yield kind, some


def _stock(work: StoreWork, some: list[StationFact], taken: StationTaken) -> None:
    serials = [one.serial for one in some]
    known = dict(
        work.session.execute(select(CardRow.serial, CardRow.delivery).where(CardRow.serial.in_(serials))).all()
    )
    rows = []
    for one in some:
        if not isinstance(one, BlankStocked):
            continue
        if one.serial not in known:
            rows.append(stocked_row(one.serial, min(one.at, work.at), one.delivery))
        elif known[one.serial] != one.delivery:
            taken.exceptions.append(StationException(StationFinding.SERIAL_TWICE, one.serial, one.row))
    if rows:
        work.session.execute(insert(CardRow), rows)
    taken.stocked += len(rows)


def stocked_row(serial: str, at: str, delivery: str | None) -> dict[str, str | None]:
    """A card that is blank, or was."""
    return {
        "serial": serial, "state": LifePhase.IN_STOCK.value, "since": at, "delivery": delivery, "keys": "",
    }  # fmt: skip


def _stop(work: StoreWork, head: JournalHead, import_id: int, some: list[StationFact], taken: StationTaken) -> None:
    """Cards that are spoiled, lost, or went back; one by one, as there are few."""
    for one in some:
        card = work.session.get(CardRow, one.serial)
        if card is None and isinstance(one, BlankSpoiled):
            continue  # of no stock: it was never the bank's
        if card is None:
            work.session.execute(insert(CardRow), [stocked_row(one.serial, min(one.at, work.at), None)])
            taken.stocked += 1
            card = work.session.get_one(CardRow, one.serial)
        uid = uid_of(head, one)
        told = work.session.scalar(select(CardMoveRow.serial).where(CardMoveRow.uid == uid))
        if told is not None:
            if told != one.serial:
                raise StationForked(head.file, one.row)
            continue
        name = _move_of(one, LifePhase(card.state))
        if name is not None:
            reason = one.reason if isinstance(one, CardLost) else None
            move_all(work, name, [News(one.serial, uid, one.at, reason, import_id=import_id)])
            _count(taken, one)


def _move_of(fact: StationFact, state: LifePhase) -> str | None:
    """The move that the fact means for a card in that state; ``None``: it is stopped already."""
    if isinstance(fact, BlankGivenBack):
        wanted: tuple[str, ...] = ("give-back",)
    elif isinstance(fact, BlankSpoiled):
        wanted = ("spoil",)
    else:
        wanted = ("spoil", "damage")  # never made, or made
    return next((name for name in wanted if name in possible(state)), None)


def _count(taken: StationTaken, fact: StationFact) -> None:
    taken.spoiled += isinstance(fact, BlankSpoiled)
    taken.lost += isinstance(fact, CardLost)
    taken.given_back += isinstance(fact, BlankGivenBack)
