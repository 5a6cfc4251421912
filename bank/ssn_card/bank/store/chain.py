# SPDX-License-Identifier: Apache-2.0
"""The log's chain: each row's hash covers the row before, so that none can be changed, dropped or put between.

Who owns the database can make all of it anew, or drop its end: a signed checkpoint shows that (:mod:`.checkpoint`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..canonical import canonical
from .tables.accounts import LogRow

BEGINNING: Final = bytes(32)  #: what the first row is chained to
_COLUMNS: Final = (LogRow.id, LogRow.at, LogRow.actor, LogRow.action, LogRow.subject, LogRow.content, LogRow.chain)


@dataclass(frozen=True, slots=True)
class BankLogHead:
    """Where the log stands: how many rows, the last one's hash."""

    rows: int
    chain: bytes


@dataclass(frozen=True, slots=True)
class LogChecked:
    """What was found: the head, or the number of the first row that does not follow from those before.

    ``passed``: for each number of rows asked for, the hash there.
    """

    head: BankLogHead
    broken: int | None
    passed: Mapping[int, bytes]


def add_row(session: Session, at: str, actor: str, action: str, subject: str, content: Mapping[str, Any]) -> LogRow:
    """The next row. The transaction must be the only writer (:meth:`.bank.Bank.work`)."""
    session.flush()
    last = session.execute(select(LogRow.id, LogRow.chain).order_by(LogRow.id.desc()).limit(1)).one_or_none()
    number, before = (1, BEGINNING) if last is None else (last.id + 1, last.chain)
    said = canonical(content)
    chain = _linked(before, number, at, actor, action, subject, said)
    row = LogRow(id=number, at=at, actor=actor, action=action, subject=subject, content=said, chain=chain)
    session.add(row)
    session.flush()
    return row


def check(session: Session, at: tuple[int, ...] = ()) -> LogChecked:
    """Follow the chain from its beginning to its end, or to the first row that does not follow."""
    before, rows = BEGINNING, 0
    passed: dict[int, bytes] = {}
    for row in session.execute(select(*_COLUMNS).order_by(LogRow.id).execution_options(yield_per=1000)):
        if not _follows(row, before, rows + 1):
            return LogChecked(BankLogHead(rows, before), rows + 1, passed)
        before, rows = row.chain, row.id
        if rows in at:
            passed[rows] = before
    return LogChecked(BankLogHead(rows, before), None, passed)


def _follows(row: Any, before: bytes, number: int) -> bool:
    said = (row.id, row.at, row.actor, row.action, row.subject, row.content)
    return bool(row.id == number and row.chain == _linked(before, *said))


def _linked(before: bytes, *said: object) -> bytes:
    return hashlib.sha256(before + json.dumps(said, separators=(",", ":")).encode()).digest()
