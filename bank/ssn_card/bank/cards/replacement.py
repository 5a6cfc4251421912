# SPDX-License-Identifier: Apache-2.0
"""What is left on a card that another is to replace, and how much of it the other one gets, and when.

The family gets exactly what the old card can spend no more:

- **In hand**, and stopped by its own word: a receipt says what is left, and nothing can follow it. All of it goes to
  the next card at once.
- **Lost**, or dumb: the newest receipt says what may be left at the most. From that day until the last shop has heard
  of the block, and until the last receipt is in, it may have been spent; never more than the card's limits allow in
  these months. That much is held back. When the window is over, or the card itself turns up blocked, the newest receipt
  decides: what was spent is spent, the rest is released.

Only then is the old card terminated, by an update after which all its loads have expired: until then its balance tells.

A month's limit is not given twice either: what the old card has spent in this month, or may have, is taken off the next
card's limit until the month is over.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ssn_card.entitlement import Entitlement
from ssn_card.entitlement.rules import usable
from ssn_card.programme import WITA
from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import LifeState, ReceiptType
from ssn_card.receipts import Receipt

from ..errors import NotFound
from ..life import MOVES, LifePhase
from ..moments import moment_of, utc
from ..roles import BankRole
from ..store.tables.cards import CardRow, ReplacementRow
from ..store.tables.updates import UpdateRow
from ..store.work import StoreWork
from .errors import MoveIncomplete, MoveRefused, NotFinalYet, ReplacementDecided, StillUsable
from .loads import carried
from .moves import card_of, possible
from .proof import GenuineReceipt
from .tips import saw, tip_of

OFFLINE_DAYS: Final = 14  #: that a shop may be without network: as long it sells to a card that was blocked meanwhile
_IN_USE: Final = frozenset({LifePhase.DELIVERED, LifePhase.ACTIVATED})
_STOPPED: Final = MOVES["replace"].before - _IN_USE | {LifePhase.REPLACED}
_FIRST: Final = Text(
    "A card in use is reported lost, blocked or damaged first.", "Kartu yang dipakai dilaporkan hilang dahulu."
)


@dataclass(frozen=True, slots=True)
class CardWord:
    """What a card has said of itself, authenticated: in a receipt, or in its status at the counter. In rupiah."""

    balance: int
    update_seq: int
    month: str  #: ``2025-10``; empty before the first purchase
    month_spent: int

    @classmethod
    def of(cls, receipt: Receipt | None) -> CardWord:
        """Of a receipt; with none the card has said nothing, and had nothing."""
        if receipt is None:
            return cls(0, 0, "", 0)
        return cls(receipt.balance_after, receipt.update_seq, month_text(receipt.month), receipt.month_spent_after)


def month_text(month: bytes) -> str:
    """BCD YYMM as ``2025-10``; empty for 0000."""
    digits = month.hex()
    return "" if digits == "0000" else f"20{digits[:2]}-{digits[2:]}"


def local_day(moment: str) -> dt.date:
    """The programme's day of a moment of the store."""
    return moment_of(moment).astimezone(WITA).date()


def decide(
    work: StoreWork,
    serial: str,
    reason: str,
    *,
    stopped: GenuineReceipt | None = None,
    said: CardWord | None = None,
    offline_days: int = OFFLINE_DAYS,
) -> ReplacementRow:
    """That another card takes the place of this one; what is left is counted. The same again changes nothing.

    Args:
        work: an operator's.
        serial: the old card; stopped at the bank: lost, blocked, damaged, returned.
        reason: words, without personal data.
        stopped: the receipt by which the card says that it is blocked.
        said: its status, read at the counter by who keeps the card.
        offline_days: how long a shop may be offline.

    Raises:
        NotAllowed, NotFound, MoveIncomplete: no reason.
        MoveRefused: it is in use.
        StillUsable: ``stopped`` does not say so, or the card was unblocked since.
        ReplacementDecided: another card has its place.
    """
    work.require(BankRole.OPERATOR)
    card = card_of(work.session, serial)
    known = work.session.get(ReplacementRow, serial)
    if known is not None and known.new_serial is not None:
        raise ReplacementDecided(serial, known.new_serial)
    state = LifePhase(card.state)
    if state not in _STOPPED:
        raise MoveRefused(serial, state.text, card.since, MOVES["replace"].text, _FIRST, ", ".join(possible(state)))
    if not reason.strip():
        raise MoveIncomplete(serial, MOVES["replace"].text, Text("a reason", "alasan"))
    if stopped is not None:
        _require_stopped(work.session, serial, stopped.receipt)
        saw(work, [stopped])
    row = _counted(work, card, said or CardWord.of(tip_of(work.session, serial)), offline_days,
                   in_hand=stopped is not None or said is not None)  # fmt: skip
    row.reason = reason
    if known is not None:
        if (known.balance, known.held_back, known.in_hand) == (row.balance, row.held_back, row.in_hand):
            return known
        work.session.delete(known)
        work.session.flush()
    row.new_serial = work.session.scalar(select(CardRow.serial).where(CardRow.replaces == serial))
    work.session.add(row)
    work.session.flush()
    work.note(
        "replacement-decided", serial, balance=row.balance, held_back=row.held_back, in_hand=row.in_hand,
        due_at=row.due_at, reason=reason,
    )  # fmt: skip
    return row


def called_off(work: StoreWork, serial: str) -> bool:
    """The card was found before another took its place: its money stays where it is. Whether there was anything."""
    work.require(BankRole.OPERATOR)
    row = work.session.get(ReplacementRow, serial)
    if row is None or row.new_serial is not None:
        return False
    work.session.delete(row)
    work.session.flush()
    work.note("replacement-called-off", serial)
    return True


def settle(work: StoreWork, serial: str) -> ReplacementRow:
    """No receipt of the old card can come any more: what was held back and not spent is released.

    Raises:
        NotFound: it was not replaced.
        NotFinalYet: says until when receipts may come.
    """
    work.require(BankRole.OPERATOR)
    row = work.session.get(ReplacementRow, serial)
    if row is None:
        raise NotFound(Text("replacement of card", "penggantian kartu"), serial)
    if row.final_at is not None:
        return row
    tip = tip_of(work.session, serial)
    if work.at < row.due_at and not (tip is not None and is_stopped(work.session, serial, tip)):
        raise NotFinalYet(serial, row.due_at[:10])
    word = CardWord.of(tip)
    left = _left(work.session, serial, word)
    row.released = max(0, min(row.held_back, left - (row.balance - row.held_back)))
    row.month_spent = word.month_spent if word.month == row.month else 0
    row.final_at = work.at
    work.session.flush()
    work.note(
        "replacement-settled",
        serial,
        released=row.released,
        held_back=row.held_back,
        overspent=overspent(work.session, row),
    )
    return row


def overspent(session: Session, row: ReplacementRow) -> int:
    """Rupiah that the old card has spent beyond what was left for it: 0 unless a card was used that could not be."""
    tip = tip_of(session, row.old_serial)
    if row.in_hand or tip is None or _closes(tip):
        return 0
    return max(0, carried(row) - _left(session, row.old_serial, CardWord.of(tip)))


def is_stopped(session: Session, serial: str, receipt: Receipt) -> bool:
    """Whether the card itself says that it is blocked, and what is left, and was issued nothing since to use it by."""
    if receipt.type != ReceiptType.UPDATE or receipt.state != LifeState.BLOCKED:
        return False
    newer = session.scalars(
        select(UpdateRow.body).where(UpdateRow.serial == serial, UpdateRow.update_seq > receipt.update_seq)
    )
    return not any(usable(Entitlement.decode(body)) for body in newer)


def _closes(receipt: Receipt) -> bool:
    return receipt.type == ReceiptType.UPDATE and receipt.state == LifeState.TERMINATED


def _require_stopped(session: Session, serial: str, receipt: Receipt) -> None:
    if receipt.serial.hex() != serial or not is_stopped(session, serial, receipt):
        raise StillUsable(serial)


def _counted(work: StoreWork, card: CardRow, word: CardWord, offline_days: int, *, in_hand: bool) -> ReplacementRow:
    session, serial = work.session, card.serial
    balance = _left(session, serial, word)
    newest = _newest_open(session, serial)
    month = local_day(work.at).strftime("%Y-%m")
    spent = word.month_spent if word.month == month else 0
    held, assumed = 0, spent
    lost = local_day(card.since)
    window = dt.timedelta(days=offline_days)
    last = lost if LifePhase(card.state) is LifePhase.DAMAGED else lost + window
    if not in_hand:
        months = _months(lost - window, last)
        most = _most_a_month(session, serial, word.update_seq)
        known = word.month_spent if word.month in months else 0
        held = min(balance, max(0, len(months) * most - known))
        assumed = max(spent, min(most, spent + held)) if month in months else spent
    due = work.at if in_hand else utc(dt.datetime.combine(last + window + dt.timedelta(days=1), dt.time(), WITA))
    return ReplacementRow(
        old_serial=serial,
        reason="",
        in_hand=in_hand,
        loaded=0 if newest is None else newest.loaded_total,
        balance=balance,
        held_back=held,
        released=0,
        month=month if assumed else None,
        month_spent=assumed,
        at=work.at,
        due_at=due,
        final_at=work.at if in_hand or not held else None,
    )


def _left(session: Session, serial: str, word: CardWord) -> int:
    """Rupiah that are left under the newest update, whether it has come or not: all that is the family's."""
    now = _newest_open(session, serial)
    if now is None:
        return 0
    had = session.scalar(
        select(UpdateRow.body).where(UpdateRow.serial == serial, UpdateRow.update_seq == word.update_seq)
    )
    loaded = 0 if had is None else Entitlement.decode(had).loaded_total
    return max(0, min(word.balance + now.loaded_total - loaded, now.loaded_total - now.expired_total))


def _newest_open(session: Session, serial: str) -> Entitlement | None:
    """The newest update that did not close the card: closing takes what is left off the card, not from the family."""
    bodies = session.scalars(
        select(UpdateRow.body).where(UpdateRow.serial == serial).order_by(UpdateRow.update_seq.desc())
    )
    found = (Entitlement.decode(body) for body in bodies)
    return next((one for one in found if one.state is not LifeState.TERMINATED), None)


def _most_a_month(session: Session, serial: str, since: int) -> int:
    """The most that the card may be debited in a month under any update that it may have."""
    bodies = session.scalars(select(UpdateRow.body).where(UpdateRow.serial == serial, UpdateRow.update_seq >= since))
    found = [Entitlement.decode(body) for body in bodies]
    return max((one.monthly_limit + one.override_max for one in found if usable(one)), default=0)


def _months(first: dt.date, last: dt.date) -> set[str]:
    days = (last - first).days
    return {(first + dt.timedelta(days=number)).strftime("%Y-%m") for number in range(days + 1)}
