# SPDX-License-Identifier: Apache-2.0
"""The newest genuine receipt of each card that the bank has seen: what the card was when it last spoke."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from typing import Final

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ssn_card.receipts import Receipt

from ..store.tables.cards import CardRow, TipRow
from ..store.work import StoreWork
from .proof import GenuineReceipt

_CHUNK: Final = 500


def saw(work: StoreWork, receipts: Iterable[GenuineReceipt]) -> int:
    """Keep what is newer than what is known; of how many cards there was something. Cards of others are passed over."""
    newest: dict[str, GenuineReceipt] = {}
    for one in receipts:
        known = newest.get(one.serial)
        if known is None or known.receipt.seq < one.receipt.seq:
            newest[one.serial] = one
    left, changed = iter(newest.items()), 0
    while some := dict(islice(left, _CHUNK)):
        changed += _keep(work, some)
    return changed


def _keep(work: StoreWork, some: dict[str, GenuineReceipt]) -> int:
    session = work.session
    session.flush()
    ours = set(session.scalars(select(CardRow.serial).where(CardRow.serial.in_(some))))
    tips = {row.serial: row for row in session.scalars(select(TipRow).where(TipRow.serial.in_(some)))}
    new = []
    changed = 0
    for serial, one in some.items():
        row = tips.get(serial)
        if row is None and serial in ours:
            new.append({"serial": serial, "seq": one.receipt.seq, "receipt": one.receipt.raw, "at": work.at})
        elif row is not None and row.seq < one.receipt.seq:
            row.seq, row.receipt, row.at = one.receipt.seq, one.receipt.raw, work.at
            changed += 1
    if new:
        session.execute(insert(TipRow), new)
    session.flush()
    return changed + len(new)


def tip_of(session: Session, serial: str) -> Receipt | None:
    """The newest receipt of the card that was seen."""
    raw = session.scalar(select(TipRow.receipt).where(TipRow.serial == serial))
    return None if raw is None else Receipt(raw)
