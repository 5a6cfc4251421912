# SPDX-License-Identifier: Apache-2.0
"""A card moves: what :data:`~ssn_card.bank.life.MOVES` declares, and nothing else.

News comes late: a tablet was offline for a week, and meanwhile somebody at the bank has moved the card. A card's life
is its moves in the order in which they *happened*, and each must be possible from the one before it:

- News that is newer than all that is known moves the card.
- Older news is put where it belongs, if it was possible there and all that followed still is. The state stays what the
  newest move has made it.
- Where it does not fit, it is refused, and a person looks. But a card that is reported lost, or to be blocked, is then
  stopped from now on, unless it was found or unblocked since: whatever stops a card must not get lost in a quarrel
  about clocks.
- The same news twice, known by its ``uid``, moves nothing. Nothing happens later than it is told: a clock that is ahead
  would make the bank's own next move an old one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final, NamedTuple

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ssn_card.entitlement import Entitlement
from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import LifeState

from ..errors import NotFound
from ..life import MOVES, LifePhase, Move, Needs
from ..store.tables.cards import CardMoveRow, CardRow, ReplacementRow
from ..store.tables.printing import JobState, PrintItemRow, PrintJobRow, PrintKind
from ..store.tables.updates import UpdateRow
from ..store.work import StoreWork
from .errors import MoveIncomplete, MoveRefused, MoveUidTaken, ReceiptNotBelieved
from .proof import GenuineReceipt

_CHUNK: Final = 500  #: rows in one statement
_UNSTOPPED: Final = frozenset({"find", "unblock"})
_CARD: Final = Text("card", "kartu")
_NOT_FROM_THERE: Final = Text("The life of a card has no such move.", "Daur kartu tidak mengenalnya.")
_LATER_SPEAKS: Final = Text("What happened later speaks against it.", "Kejadian sesudahnya bertentangan.")
_NEEDED: Final = {
    Needs.REASON: Text("a reason", "alasan"),
    Needs.RECEIPT: Text("the card's own receipt", "kuitansi dari kartu itu sendiri"),
    Needs.JOURNAL: Text("the station's journal", "jurnal stasiun"),
    Needs.PRINT: Text("a confirmed face and letter", "muka dan surat yang sudah dipastikan"),
    Needs.SUCCESSOR: Text("the family's next card", "kartu berikutnya milik keluarga itu"),
}


@dataclass(frozen=True, slots=True)
class News:
    """That a card has moved: ``uid`` names what tells it, ``at`` is when it happened (UTC), by whoever tells."""

    serial: str
    uid: str
    at: str
    reason: str | None = None
    receipt: GenuineReceipt | None = None
    import_id: int | None = None
    successor: str | None = None


class Past(NamedTuple):
    """One move in a card's life."""

    id: int
    move: str
    at: str


def state_of(session: Session, serial: str) -> LifePhase:
    """Where the card stands. Raises ``NotFound``."""
    return LifePhase(card_of(session, serial).state)


def card_of(session: Session, serial: str) -> CardRow:
    """The card's row. Raises ``NotFound``."""
    row = session.get(CardRow, serial)
    if row is None:
        raise NotFound(_CARD, serial)
    return row


def possible(state: LifePhase) -> list[str]:
    """Names of the moves that lead on from there."""
    return [move.name for move in MOVES.values() if state in move.before]


def move(
    work: StoreWork,
    serial: str,
    name: str,
    *,
    uid: str,
    at: str,
    reason: str | None = None,
    receipt: GenuineReceipt | None = None,
    import_id: int | None = None,
    successor: str | None = None,
) -> bool:
    """Move a card; ``False`` if this was known.

    Args:
        work: the transaction; its actor must have a role that the move takes.
        serial: 16 hexadecimal digits.
        name: of one of :data:`~ssn_card.bank.life.MOVES`.
        uid: names what tells of it; the same again moves nothing.
        at: when it happened, UTC.
        reason: words, without personal data.
        receipt: of the card, as :func:`.proof.require_genuine` gives it.
        import_id: the file that tells it.
        successor: serial of the card that takes its place.

    Raises:
        NotAllowed, NotFound, MoveIncomplete, ReceiptNotBelieved: nothing was recorded.
        MoveRefused: not possible then; names state and possible moves.
        MoveUidTaken: other news has that name.
    """
    declared = MOVES[name]
    work.require(*declared.roles)
    news = News(serial, uid, min(at, work.at), reason, receipt, import_id, successor)
    if _known(work.session, declared, news):
        return False
    card = card_of(work.session, serial)
    _require_complete(work, declared, news, card)
    _apply(work, declared, news, card)
    return True


def move_all(work: StoreWork, name: str, told: Iterable[News]) -> int:
    """Many cards by one move, thousands a second; how many were moved, those left out that were known.

    Raises as :func:`move`; nothing of it is recorded then, if the transaction ends there.
    """
    declared = MOVES[name]
    work.require(*declared.roles)
    moved, left = 0, iter(told)
    while some := list(islice(left, _CHUNK)):
        moved += _move_some(work, declared, [replace(one, at=min(one.at, work.at)) for one in some])
    if moved:
        work.note("cards-moved", name, cards=moved)
    return moved


def history(session: Session, serial: str) -> list[Past]:
    """A card's moves, in the order in which they happened."""
    found = session.execute(
        select(CardMoveRow.id, CardMoveRow.move, CardMoveRow.at)
        .where(CardMoveRow.serial == serial)
        .order_by(CardMoveRow.at, CardMoveRow.id)
    )
    return [Past(*row) for row in found]


def _move_some(work: StoreWork, declared: Move, told: Sequence[News]) -> int:
    """Those that are plain news in few statements, the others one by one."""
    session = work.session
    session.flush()
    serials, uids = {one.serial for one in told}, [one.uid for one in told]
    known = set(session.scalars(select(CardMoveRow.uid).where(CardMoveRow.uid.in_(uids))))
    cards = {row.serial: row for row in session.scalars(select(CardRow).where(CardRow.serial.in_(serials)))}
    plain: list[tuple[News, CardRow]] = []
    moved = 0
    for one in told:
        card = cards.pop(one.serial, None)  # a card that is told of twice is no plain news the second time
        if card is not None and one.uid not in known and _is_plain(declared, one, card):
            _require_complete(work, declared, one, card)
            plain.append((one, card))
            known.add(one.uid)
    if plain:
        rows = [_values(work, declared, one, LifePhase(card.state), one.at) for one, card in plain]
        session.execute(insert(CardMoveRow), rows)
    for one, card in plain:
        card.state, card.since = declared.after, one.at
        _link(session, one)
    session.flush()
    taken, moved = {one.uid for one, _ in plain}, len(plain)
    for one in told:
        if one.uid in taken:
            taken.discard(one.uid)
        elif not _known(session, declared, one):
            card = card_of(session, one.serial)
            _require_complete(work, declared, one, card)
            _apply(work, declared, one, card)
            moved += 1
    return moved


def _is_plain(declared: Move, news: News, card: CardRow) -> bool:
    return news.at >= card.since and LifePhase(card.state) in declared.before


def _link(session: Session, news: News) -> None:
    """The successor knows whose place it takes, and money on its way knows where to."""
    if news.successor is None:
        return
    card_of(session, news.successor).replaces = news.serial
    on_its_way = session.get(ReplacementRow, news.serial)
    if on_its_way is not None:
        on_its_way.new_serial = news.successor


def _known(session: Session, declared: Move, news: News) -> bool:
    row = session.scalar(select(CardMoveRow).where(CardMoveRow.uid == news.uid))
    if row is None:
        return False
    if (row.serial, row.move) != (news.serial, declared.name):
        raise MoveUidTaken(news.uid)
    return True


def _apply(work: StoreWork, declared: Move, news: News, card: CardRow) -> None:
    """Record it where it belongs, and move the card if that is the end."""
    before, is_newest, at = _placed(work, declared, news, card)
    row = CardMoveRow(**_values(work, declared, news, before, at))
    work.session.add(row)
    if is_newest:
        card.state, card.since = declared.after, at
        _link(work.session, news)
    work.session.flush()
    said: dict[str, Any] = {"move": declared.name, "uid": news.uid, "at": news.at, "reason": news.reason}
    work.note("card-moved", news.serial, state=card.state, **{key: value for key, value in said.items() if value})


def _values(work: StoreWork, declared: Move, news: News, before: LifePhase, at: str) -> dict[str, Any]:
    return {
        "uid": news.uid,
        "serial": news.serial,
        "move": declared.name,
        "before": before,
        "after": declared.after,
        "at": at,
        "recorded_at": work.at,
        "actor": work.actor.name,
        "reason": news.reason,
        "import_id": news.import_id,
        "evidence": None if news.receipt is None else news.receipt.receipt.raw,
    }


def _placed(work: StoreWork, declared: Move, news: News, card: CardRow) -> tuple[LifePhase, bool, str]:
    """The state before it, whether it is the newest, and when it counts from. Raises :class:`MoveRefused`."""
    now = LifePhase(card.state)
    past = history(work.session, card.serial) if news.at < card.since else []
    if not past:
        if now in declared.before:
            return now, True, max(news.at, card.since)
        raise _refused(declared, news, now, _NOT_FROM_THERE)
    earlier = [one for one in past if one.at <= news.at]
    later = past[len(earlier) :]
    first = work.session.scalars(select(CardMoveRow.before).where(CardMoveRow.id == past[0].id)).one()
    state = MOVES[earlier[-1].move].after if earlier else LifePhase(str(first))
    if not later:
        if state in declared.before:
            return state, True, news.at
    elif state in declared.before and declared.after in MOVES[later[0].move].before:
        return state, False, news.at
    if declared.stops and now in declared.before and not any(one.move in _UNSTOPPED for one in later):
        return now, True, max(work.at, card.since)
    raise _refused(declared, news, state, _NOT_FROM_THERE if state not in declared.before else _LATER_SPEAKS)


def _refused(declared: Move, news: News, state: LifePhase, why: Text) -> MoveRefused:
    ways = ", ".join(possible(state)) or "-"
    return MoveRefused(news.serial, state.text, news.at, declared.text, why, ways)


def _require_complete(work: StoreWork, declared: Move, news: News, card: CardRow) -> None:
    """Raises :class:`MoveIncomplete`, :class:`ReceiptNotBelieved`."""
    for need, there in _IS_THERE.items():
        if need in declared.needs and not there(work.session, news, card):
            raise MoveIncomplete(news.serial, declared.text, _NEEDED[need])
    if news.receipt is not None and Needs.RECEIPT in declared.needs:
        _require_shown(work.session, news.serial, news.receipt)


def _require_shown(session: Session, serial: str, receipt: GenuineReceipt) -> None:
    """That the card is active by its own word, and was not told to stop since."""
    if receipt.serial != serial:
        raise ReceiptNotBelieved(serial, Text("it is another card's", "milik kartu lain"))
    if receipt.state is not LifeState.ACTIVE:
        raise ReceiptNotBelieved(serial, Text("it shows a card that is not active", "kartunya tidak aktif"))
    newer = session.scalars(
        select(UpdateRow.body).where(UpdateRow.serial == serial, UpdateRow.update_seq > receipt.receipt.update_seq)
    )
    if any(_stops(body) for body in newer):
        raise ReceiptNotBelieved(
            serial, Text("the card was told to stop since", "sesudahnya kartu diperintahkan berhenti")
        )


def _stops(body: bytes) -> bool:
    return Entitlement.decode(body).state in (LifeState.BLOCKED, LifeState.TERMINATED)


def _printed(session: Session, serial: str) -> bool:
    """Whether a face and a letter of the card are confirmed."""
    kinds = session.scalars(
        select(PrintJobRow.kind)
        .join(PrintItemRow, PrintItemRow.job_id == PrintJobRow.id)
        .where(PrintItemRow.serial == serial, PrintJobRow.state == JobState.CONFIRMED)
    )
    return {PrintKind.FACE.value, PrintKind.LETTER.value} <= set(kinds)


def _succeeds(session: Session, successor: str | None, card: CardRow) -> bool:
    """Whether that is a card that can take this one's place: the family's, or nobody's yet."""
    found = None if successor is None or successor == card.serial else session.get(CardRow, successor)
    return found is not None and found.family_id in (None, card.family_id) and found.replaces in (None, card.serial)


_IS_THERE: Final[dict[Needs, Callable[[Session, News, CardRow], bool]]] = {
    Needs.REASON: lambda _, news, __: bool(news.reason and news.reason.strip()),
    Needs.RECEIPT: lambda _, news, __: news.receipt is not None,
    Needs.JOURNAL: lambda _, news, __: news.import_id is not None,
    Needs.PRINT: lambda session, news, _: _printed(session, news.serial),
    Needs.SUCCESSOR: lambda session, news, card: _succeeds(session, news.successor, card),
}
