# SPDX-License-Identifier: Apache-2.0
"""The journal's log: every step of every card and letter, append-only, each row chained to the one before by SHA-256.

Who can write to the file can rewrite it all, log included. What binds him is whatever was given away before: a signed
manifest states the log's head, and no other past leads to it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ssn_card.protocol.crypto import macs_equal

from .records import ENTRY_COLUMNS

BEGINNING = bytes(32)  #: the chain before the first row
EVENT_COLUMNS = "id, card, serial, state, reason, seconds, at"
#: What of each table's rows is logged: all that says whose card it is and what became of it.
_LOGGED = {
    "card": ENTRY_COLUMNS,
    "event": EVENT_COLUMNS,
    "delivery": "id, name, cards, at",
    "blank": "id, delivery, serial, returned",
    "letter": "id, card, serial, sha256, sealed, printed, delivered, void",
}


class LogHead(NamedTuple):
    """Where the log stands: how many rows, and the chain of the last one."""

    rows: int
    chain: bytes


class LogFault(NamedTuple):
    """Where log and journal first disagree. ``row``: of the log, 0 where a whole row of a table is missing in it."""

    row: int
    what: str


def head(database: sqlite3.Connection) -> LogHead:
    """Of an open journal."""
    found = database.execute("SELECT id, chain FROM log ORDER BY id DESC LIMIT 1").fetchone()
    return LogHead(0, BEGINNING) if found is None else LogHead(found[0], found[1])


def append(database: sqlite3.Connection, table: str, ids: Iterable[int], at: str) -> None:
    """Log what these rows of a table are now; within the transaction that changed them."""
    query = f"SELECT {_LOGGED[table]} FROM {table} WHERE id = ?"  # noqa: S608
    append_rows(database, table, [database.execute(query, (one,)).fetchone() for one in ids], at)


def append_rows(database: sqlite3.Connection, table: str, rows: Sequence[sqlite3.Row], at: str) -> None:
    """As :func:`append`, of rows just read: cards by ``ENTRY_COLUMNS``, events by :data:`EVENT_COLUMNS`."""
    if not rows:
        return
    before, chain = head(database)
    for number, row in enumerate(rows, before + 1):
        text = _canonical({table: _plain(row)})
        chain = _next(chain, at, text)
        database.execute("INSERT INTO log VALUES (?, ?, ?, ?)", (number, at, text, chain))


def steps(database: sqlite3.Connection) -> Iterator[tuple[int, str, str, dict[str, Any]]]:
    """All rows: number, time, table, and the row of the table as it was logged."""
    for row, at, content in database.execute("SELECT id, at, content FROM log ORDER BY id"):
        for table, values in json.loads(content).items():
            yield row, at, table, values


def fault(database: sqlite3.Connection, heads: Mapping[int, bytes] | None = None) -> LogFault | None:
    """The first place where the log is broken, or tells another story than the tables; ``None``: there is none.

    ``heads``: chains that were given away, by number of rows: the log must still pass through them.
    """
    told: dict[str, dict[int, str]] = {table: {} for table in _LOGGED}
    chain, number = BEGINNING, 0
    for number, (row, at, content, stated) in enumerate(
        database.execute("SELECT id, at, content, chain FROM log ORDER BY id"), 1
    ):
        chain = _next(chain, at, content)
        if row != number or not macs_equal(chain, stated):
            return LogFault(number, "chain")
        if heads and number in heads and not macs_equal(chain, heads[number]):
            return LogFault(number, "given away")
        for table, values in json.loads(content).items():
            told[table][values["id"]] = _canonical(values)
    if heads and max(heads) > number:
        return LogFault(number, "shortened")
    for table, columns in _LOGGED.items():
        rows = {row["id"]: _canonical(_plain(row)) for row in database.execute(f"SELECT {columns} FROM {table}")}  # noqa: S608
        if different := sorted(set(rows.items()) ^ set(told[table].items())):
            return LogFault(0, f"{table} {different[0][0]}")
    return None


def _next(chain: bytes, at: str, content: str) -> bytes:
    return hashlib.sha256(chain + f"{at} {content}".encode()).digest()


def _plain(row: sqlite3.Row) -> dict[str, Any]:
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in dict(row).items()}


def _canonical(content: Mapping[str, Any]) -> str:
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
