# SPDX-License-Identifier: Apache-2.0
"""What records say of cards: where they are, and what they have proved.

Almost every card is told of once, and moves as its life allows: those are moved together. If anything of it is refused,
or a card is told of twice, each is moved by itself, in the order in which it happened, and what is refused is found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from ssn_card.protocol.errors import InputError
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt
from ssn_card.receipts.genuine import ReceiptKeys

from ...cards.errors import MoveIncomplete, MoveRefused, ReceiptNotBelieved
from ...cards.moves import News, move, move_all
from ...cards.proof import GenuineReceipt, genuine
from ...errors import NotFound
from ...life import LifePhase
from ...store.tables.cards import CardRow
from ...store.tables.people import ImportRow
from ...store.tables.updates import DeliveredRow
from ...store.work import StoreWork
from ..forms.outcomes import VisitOutcome
from ..forms.result import VisitRecord
from .findings import FieldFinding, TakenResult

_RETURNED = "outreach: returned undelivered"
_CHUNK = 500  #: values in one question
_MOVES = {
    VisitOutcome.ACTIVATED: ("deliver", "activate"),
    VisitOutcome.DELIVERED: ("deliver",),
    VisitOutcome.RETURNED: ("return",),
}
#: States of a card in which a move is done already: a package may hold a card that its family has, and a shop may have
#: activated it meanwhile.
_THERE = {
    "deliver": (LifePhase.DELIVERED, LifePhase.ACTIVATED),
    "activate": (LifePhase.ACTIVATED,),
    "return": (LifePhase.RETURNED,),
}
_REFUSALS = (MoveIncomplete, MoveRefused, NotFound, ReceiptNotBelieved)


@dataclass(frozen=True, slots=True)
class _Told:
    """A record that says where a card is, and the card's own word."""

    record: VisitRecord
    serial: str
    receipt: GenuineReceipt | None

    def news(self, name: str, import_id: int) -> News:
        return News(
            self.serial,
            f"{self.record.uid}:{name}",
            self.record.at,
            reason=_RETURNED if name == "return" else None,
            receipt=self.receipt,
            import_id=import_id,
        )


def move_cards(
    work: StoreWork, fresh: Sequence[VisitRecord], row: ImportRow, keys: ReceiptKeys, taken: TakenResult
) -> None:
    """Move the cards that these records tell of; what was taken back says nothing."""
    told = list(_told(fresh, keys, taken))
    taken.delivered += keep_delivered(work, [(one.receipt, one.record.at) for one in told if one.receipt], row)
    times = Counter(one.serial for one in told)
    plain = [one for one in told if times[one.serial] == 1]
    if not _moved_together(work, plain, row, taken):
        plain = []
    alone = {one.record.uid for one in plain}
    for one in told:
        if one.record.uid not in alone:
            for name in _MOVES[one.record.outcome]:
                taken.moved += _moved(work, one, name, row, taken)


def keep_delivered(work: StoreWork, told: Sequence[tuple[GenuineReceipt, str]], row: ImportRow) -> int:
    """Note updates that are on their cards, each once; how many are new. ``told``: receipts, and when."""
    fresh: dict[tuple[str, int], dict[str, object]] = {}
    for receipt, at in told:
        if receipt.receipt.type == ReceiptType.UPDATE:
            values = {"serial": receipt.serial, "update_seq": receipt.receipt.update_seq}
            fresh.setdefault(
                (receipt.serial, receipt.receipt.update_seq),
                {**values, "receipt": receipt.receipt.raw, "at": at, "import_id": row.id},
            )
    for chunk in _chunks(sorted({serial for serial, _ in fresh})):
        known = select(DeliveredRow.serial, DeliveredRow.update_seq).where(DeliveredRow.serial.in_(chunk))
        for serial, number in work.session.execute(known):
            fresh.pop((serial, number), None)
    if fresh:
        work.session.execute(insert(DeliveredRow), list(fresh.values()))
    return len(fresh)


def genuine_receipt(keys: ReceiptKeys, text: str) -> GenuineReceipt | None:
    """A receipt in hexadecimal, if its MAC is right."""
    try:
        return genuine(keys, Receipt(bytes.fromhex(text)))
    except InputError:
        return None


def _told(fresh: Sequence[VisitRecord], keys: ReceiptKeys, taken: TakenResult) -> Iterator[_Told]:
    """In the order in which it happened; a receipt that is not genuine is found, and its record says nothing."""
    undone = {record.undoes for record in fresh}
    for record in sorted(fresh, key=lambda one: (one.at, one.number)):
        if record.serial is None or record.uid in undone or record.outcome not in _MOVES:
            continue
        receipt = None if record.receipt is None else genuine_receipt(keys, record.receipt)
        if record.receipt is not None and (receipt is None or receipt.serial != record.serial):
            taken.findings.append((FieldFinding.RECEIPT_NOT_GENUINE, record.serial))
            continue
        yield _Told(record, record.serial, receipt)


def _moved_together(work: StoreWork, told: Sequence[_Told], row: ImportRow, taken: TakenResult) -> bool:
    """All of them or none; whether it was all."""
    states = _states(work, [one.serial for one in told])
    moved = 0
    try:
        with work.session.begin_nested():
            for name, there in _THERE.items():
                news = [
                    one.news(name, row.id)
                    for one in told
                    if name in _MOVES[one.record.outcome] and states.get(one.serial) not in there
                ]
                moved += move_all(work, name, news)
    except _REFUSALS:
        work.session.expire_all()
        return False
    taken.moved += moved
    return True


def _states(work: StoreWork, serials: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for chunk in _chunks(serials):
        rows = work.session.execute(select(CardRow.serial, CardRow.state).where(CardRow.serial.in_(chunk)))
        found |= {serial: state for serial, state in rows}  # noqa: C416  a row is no pair to dict()
    return found


def _moved(work: StoreWork, one: _Told, name: str, row: ImportRow, taken: TakenResult) -> bool:
    if _is_there(work, one.serial, name):
        return False
    news = one.news(name, row.id)
    try:
        return move(
            work, one.serial, name, uid=news.uid, at=news.at, reason=news.reason, receipt=news.receipt,
            import_id=news.import_id,
        )  # fmt: skip
    except _REFUSALS:
        if name == "activate" and one.receipt is not None and _is_there(work, one.serial, "return"):
            return _proved(work, one, one.receipt, row)
        taken.findings.append((FieldFinding.MOVE_REFUSED, one.serial))
        return False


def _proved(work: StoreWork, one: _Told, receipt: GenuineReceipt, row: ImportRow) -> bool:
    """Somebody has said that the card came back, and the card says that it is active: the card holds, from now on."""
    for name in ("deliver", "activate"):
        uid = f"{one.record.uid}:{name}:proved"
        move(work, one.serial, name, uid=uid, at=work.at, receipt=receipt, import_id=row.id)
    return True


def _is_there(work: StoreWork, serial: str, name: str) -> bool:
    return _states(work, [serial]).get(serial) in _THERE[name]


def _chunks(values: Sequence[str]) -> Iterator[Sequence[str]]:
    return (values[at : at + _CHUNK] for at in range(0, len(values), _CHUNK))
