# SPDX-License-Identifier: Apache-2.0
"""What terminals hand in: receipts show which update a card has, that it is in use, and how it stands.

A receipt is believed for its MAC, whoever brings it. Files may come in any order, overlap, and come twice.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ssn_card.entitlement import Entitlement, Register
from ssn_card.entitlement.rules import usable
from ssn_card.keys import KeyProvider
from ssn_card.programme import WITA
from ssn_card.protocol.bcd import BcdError
from ssn_card.protocol.values import LifeState, ReceiptType
from ssn_card.receipts import read_lines
from ssn_card.receipts.genuine import ReceiptKeys

from ..cards.moves import move
from ..cards.proof import GenuineReceipt, genuine
from ..cards.replacement import overspent
from ..cards.tips import saw
from ..life import LifePhase
from ..moments import utc
from ..roles import BankRole
from ..store.tables.cards import CardMoveRow, CardRow, ReplacementRow
from ..store.tables.people import ImportRow
from ..store.tables.updates import DeliveredRow, UpdateRow
from ..store.work import StoreWork

_KIND: Final = "receipts"
_CHUNK: Final = 500
_ON_ITS_WAY: Final = frozenset({LifePhase.PRODUCED, LifePhase.PRINTED, LifePhase.DELIVERED})
#: What a receipt that shows an active card moves it by.
_MOVES: Final = dict.fromkeys(_ON_ITS_WAY, "activate") | {LifePhase.FOUND: "activate", LifePhase.BLOCKED: "unblock"}


@dataclass
class Arrivals:
    """What came of files of receipts."""

    files: int = 0
    known_files: int = 0  #: taken in before
    receipts: int = 0
    rejected: list[str] = field(default_factory=list)  #: places of lines that are no genuine receipt
    strangers: int = 0  #: of cards that the store does not know
    updates: int = 0  #: of which it was not known that their cards have them
    moved: dict[str, str] = field(default_factory=dict)  #: card and its move
    unissued: list[str] = field(default_factory=list)  #: cards with an update that the register never issued
    overspent: dict[str, int] = field(default_factory=dict)  #: replaced cards, and rupiah beyond what was left

    @property
    def needs_a_person(self) -> bool:
        """Whether somebody should look."""
        return bool(self.rejected or self.unissued or self.overspent)


def import_receipts(
    work: StoreWork, files: Sequence[Path], provider: KeyProvider, register: Register | None = None
) -> Arrivals:
    """Take receipts in; the same again changes nothing.

    Args:
        work: an operator's.
        files: JSON Lines.
        provider: has the RECEIPT keys of the cards.
        register: is told which updates have arrived, if it is given.

    Raises:
        NotAllowed, ReceiptsUnreadable: nothing was recorded.
    """
    work.require(BankRole.OPERATOR)
    keys, result = ReceiptKeys(provider), Arrivals()
    ours = set(work.session.scalars(select(CardRow.serial)))
    told: dict[str, list[GenuineReceipt]] = {}
    for path in files:
        result.files += 1
        import_id = _taken_in(work, path)
        if import_id is None:
            result.known_files += 1
            continue
        found = _believed(path, keys, ours, result)
        result.updates += _delivered(work, found, import_id)
        for one in found:
            told.setdefault(one.serial, []).append(one)
    saw(work, (one for some in told.values() for one in some))
    for serial, receipts in told.items():
        _moved(work, serial, receipts, result)
    _overspent(work.session, told, result)
    if register is not None:
        _confirm(register, told, result)
    work.note(
        "receipts-imported", "receipts", files=result.files - result.known_files, receipts=result.receipts,
        rejected=len(result.rejected), updates=result.updates, moved=len(result.moved),
    )  # fmt: skip
    return result


def _taken_in(work: StoreWork, path: Path) -> int | None:
    """The row of the file, or ``None`` if these bytes were taken in before."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    same = (ImportRow.kind == _KIND, ImportRow.sha256 == digest.hexdigest(), ImportRow.scope == "")
    if work.session.scalar(select(ImportRow.id).where(*same)) is not None:
        return None
    row = ImportRow(
        kind=_KIND, sha256=digest.hexdigest(), scope="", file=path.name, at=work.at, actor=work.actor.name,
        control=json.dumps({}),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    return row.id


def _believed(path: Path, keys: ReceiptKeys, ours: set[str], result: Arrivals) -> list[GenuineReceipt]:
    found = []
    for line in read_lines(path):
        result.receipts += 1
        one = None if line.receipt is None else genuine(keys, line.receipt)
        if one is None:
            result.rejected.append(f"{path.name}:{line.number}")
        elif one.serial not in ours:
            result.strangers += 1
        else:
            found.append(one)
    return found


def _delivered(work: StoreWork, found: Iterable[GenuineReceipt], import_id: int) -> int:
    """Each update that a receipt shows on its card, once; of any receipt, for all name the update in force."""
    session = work.session
    shown: dict[tuple[str, int], GenuineReceipt] = {}
    for one in found:
        key = (one.serial, one.receipt.update_seq)
        if one.receipt.update_seq and (key not in shown or one.receipt.type == ReceiptType.UPDATE):
            shown[key] = one
    serials = sorted({serial for serial, _ in shown})
    known: set[tuple[str, int]] = set()
    for start in range(0, len(serials), _CHUNK):
        wanted = select(DeliveredRow.serial, DeliveredRow.update_seq).where(
            DeliveredRow.serial.in_(serials[start : start + _CHUNK])
        )
        known |= {(serial, number) for serial, number in session.execute(wanted)}
    rows = [
        {"serial": serial, "update_seq": number, "receipt": one.receipt.raw, "at": work.at, "import_id": import_id}
        for (serial, number), one in shown.items()
        if (serial, number) not in known
    ]
    for start in range(0, len(rows), _CHUNK):
        session.execute(insert(DeliveredRow), rows[start : start + _CHUNK])
    return len(rows)


def _moved(work: StoreWork, serial: str, receipts: Sequence[GenuineReceipt], result: Arrivals) -> None:
    """Move a card whose receipt shows that it is in use, and that it was let since it was stopped."""
    card = work.session.get_one(CardRow, serial)
    name = _MOVES.get(LifePhase(card.state))
    if name is None:
        return
    since = None if LifePhase(card.state) in _ON_ITS_WAY else _stopped_at(work.session, serial)
    updates = {row.update_seq: row for row in work.session.scalars(select(UpdateRow).where(UpdateRow.serial == serial))}
    last_stop = max((number for number, row in updates.items() if not usable(Entitlement.decode(row.body))), default=0)
    for one in sorted(receipts, key=lambda found: found.receipt.seq):
        number = one.receipt.update_seq
        if one.state is not LifeState.ACTIVE or number < last_stop:
            continue
        if since is not None and (number not in updates or updates[number].issued_at < since):
            continue
        uid = f"receipt:{serial}:{one.receipt.seq}:{name}"
        at = max(card.since, _when(one, receipts) or work.at)
        if move(work, serial, name, uid=uid, at=at, receipt=one):
            result.moved[serial] = name
        return


def _stopped_at(session: Session, serial: str) -> str:
    """When the card was stopped last: only an update of after that lets it be used again."""
    found = session.scalar(
        select(CardMoveRow.recorded_at)
        .where(CardMoveRow.serial == serial, CardMoveRow.move.in_(("report-lost", "block")))
        .order_by(CardMoveRow.id.desc())
        .limit(1)
    )
    return found or ""


def _when(one: GenuineReceipt, receipts: Sequence[GenuineReceipt]) -> str | None:
    """The first moment, by a terminal's clock, at which the card is known to have been in use."""
    for other in receipts:
        if other.receipt.seq >= one.receipt.seq and other.receipt.type != ReceiptType.UPDATE:
            try:
                return utc(other.receipt.timestamp.replace(tzinfo=WITA))
            except BcdError:
                continue
    return None


def _overspent(session: Session, serials: Iterable[str], result: Arrivals) -> None:
    for serial in serials:
        row = session.get(ReplacementRow, serial)
        if row is not None and (beyond := overspent(session, row)):
            result.overspent[serial] = beyond


def _confirm(register: Register, told: dict[str, list[GenuineReceipt]], result: Arrivals) -> None:
    """Tell the register; a card that has what it never issued is a finding."""
    seen: dict[bytes, int] = {}
    for serial, receipts in told.items():
        number = max(one.receipt.update_seq for one in receipts)
        newest = register.newest(bytes.fromhex(serial))
        if number == 0:
            continue
        if newest is None or newest.entitlement.update_seq < number:
            result.unissued.append(serial)
        else:
            seen[bytes.fromhex(serial)] = number
    if seen:
        register.confirm(seen)
