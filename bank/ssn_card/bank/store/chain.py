# SPDX-License-Identifier: Apache-2.0
"""The log's chain: each row's hash covers the row before, so that none can be changed, dropped or put between."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from .tables.accounts import LogRow

_BEGINNING: Final = bytes(32)


def add_row(session: Session, at: str, actor: str, action: str, subject: str, content: Mapping[str, Any]) -> LogRow:
    """The next row. The transaction must be the only writer (:meth:`.bank.Bank.work`)."""
    session.flush()
    last = session.scalar(select(LogRow).order_by(LogRow.id.desc()).limit(1))
    said = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    row = LogRow(
        id=1 if last is None else last.id + 1, at=at, actor=actor, action=action, subject=subject, content=said
    )
    row.chain = _linked(_BEGINNING if last is None else last.chain, row)
    session.add(row)
    session.flush()
    return row


def broken(session: Session) -> Iterator[int]:
    """Numbers of rows that do not follow from the row before."""
    before, expected = _BEGINNING, 1
    for row in session.scalars(select(LogRow).order_by(LogRow.id).execution_options(yield_per=1000)):
        if row.id != expected or row.chain != _linked(before, row):
            yield row.id
        before, expected = row.chain, row.id + 1


def _linked(before: bytes, row: LogRow) -> bytes:
    said = json.dumps([row.id, row.at, row.actor, row.action, row.subject, row.content], separators=(",", ":"))
    return hashlib.sha256(before + said.encode()).digest()
