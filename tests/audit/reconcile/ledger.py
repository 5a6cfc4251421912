# SPDX-License-Identifier: Apache-2.0
"""Books by hand: receipts of reference cards and what offices say, as the tables that a reconciliation asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
from tests.model import wire
from tests.model.reference_card import ReferenceCard

from ssn_card.audit.books.tables import TABLES, DataKind
from ssn_card.audit.reconcile import Reconciliation, reconcile
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Receipt

_TYPES = {DataKind.TEXT: "VARCHAR", DataKind.DAY: "DATE", DataKind.MOMENT: "TIMESTAMP", DataKind.HOUR: "TIME"}
_RECEIPTS = """
CREATE TABLE receipts (serial VARCHAR, seq INTEGER, type INTEGER, day DATE, issued_on DATE, id_ewarong VARCHAR,
    amount BIGINT, update_seq BIGINT, balance_after BIGINT, granted_total BIGINT);
CREATE TABLE loads (serial VARCHAR, seq INTEGER, update_seq BIGINT, loaded_total BIGINT, expired_total BIGINT,
    policy_id BIGINT);
CREATE TABLE problems (problem VARCHAR, line BIGINT, serial VARCHAR, seq BIGINT, receipts BIGINT);
CREATE TABLE regions (kode_kemendagri VARCHAR, kecamatan VARCHAR);
INSERT INTO regions VALUES ('64.72.01', 'Palaran'), ('64.72.02', 'Samarinda Seberang');
"""


@dataclass
class Ledger:
    """What is in hand, by the names of the books. ``another``: the update from which another policy is followed."""

    receipts: list[tuple[str, Receipt]] = field(default_factory=list)
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    problems: list[tuple[str, int, str, int, int]] = field(default_factory=list)
    another: int = 1 << 31

    def add(self, table: str, **row: object) -> None:
        """A row of a side file."""
        self.rows.setdefault(table, []).append(row)

    def card(self, serial: str, receipts: Iterable[bytes], **row: object) -> None:
        """A card that is listed, and its receipts in hand."""
        self.receipts += [(serial, Receipt(raw)) for raw in receipts]
        self.add("cards", **{"serial": serial, "family": f"F{serial}", "kode_kecamatan": "64.72.01", **row})

    def register(self, serial: str, receipts: Iterable[bytes]) -> None:
        """Updates issued, as their receipts say."""
        for receipt in map(Receipt, receipts):
            if receipt.type == ReceiptType.UPDATE:
                names = ("update_seq", "loaded_total", "expired_total")
                figures = {name: getattr(receipt, name) for name in names}
                self.add("updates", serial=serial, policy_id=self._policy(receipt), **figures)

    def books(self) -> duckdb.DuckDBPyConnection:
        """The connection; of side files those with rows, and those that are always there."""
        connection = duckdb.connect(config={"threads": 1})
        connection.execute(_RECEIPTS)
        self._insert(connection, "receipts", [_row(serial, one) for serial, one in self.receipts])
        loads = [(serial, one) for serial, one in self.receipts if one.type == ReceiptType.UPDATE]
        self._insert(connection, "loads", [self._load(serial, one) for serial, one in loads])
        self._insert(connection, "problems", self.problems)
        for name, table in TABLES.items():
            if name in self.tables:
                columns = ", ".join(f"{one.name} {_TYPES.get(one.kind, 'BIGINT')}" for one in table.columns)
                connection.execute(f"CREATE TABLE {name} ({columns})")
                rows = self.rows.get(name, [])
                self._insert(connection, name, [tuple(row.get(one.name) for one in table.columns) for row in rows])
        return connection

    @property
    def tables(self) -> set[str]:
        return {"cards", "updates", "shops", *self.rows}

    def reconciled(self) -> tuple[duckdb.DuckDBPyConnection, Reconciliation]:
        connection = self.books()
        return connection, reconcile(connection, self.tables)

    def _policy(self, one: Receipt) -> int:
        return one.policy_id + (one.update_seq >= self.another)

    def _load(self, serial: str, one: Receipt) -> tuple[object, ...]:
        return (serial, one.seq, one.update_seq, one.loaded_total, one.expired_total, self._policy(one))

    @staticmethod
    def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[object, ...]]) -> None:
        if rows:
            places = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608


def _row(serial: str, one: Receipt) -> tuple[object, ...]:
    update = one.type == ReceiptType.UPDATE
    return (
        serial,
        one.seq,
        one.type,
        None if update else one.timestamp.date(),
        one.issued_on if update else None,
        None if update else f"EW-{one.terminal_id:03d}",
        None if update else one.amount,
        one.update_seq,
        one.balance_after,
        one.granted_total,
    )


def one(connection: duckdb.DuckDBPyConnection, table: str, **where: object) -> dict[str, Any]:
    """The one row of a table."""
    rows = all_of(connection, table, **where)
    assert len(rows) == 1, rows
    return rows[0]


def all_of(connection: duckdb.DuckDBPyConnection, table: str, **where: object) -> list[dict[str, Any]]:
    """Rows of a table, as they stand."""
    condition = " AND ".join(f"{name} = ?" for name in where) or "true"
    query = f"SELECT * FROM {table} WHERE {condition} ORDER BY ALL"  # noqa: S608
    found = connection.execute(query, list(where.values()))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def debit(card: ReferenceCard, amount: int, when: str, terminal: int = 1) -> bytes:
    """A debit that the card must take."""
    card.select()
    body = wire.movement(amount, when=when, categories=1, terminal=terminal, txn=len(card.receipts), rest=bytes(16))
    return _done(card.debit(body).receipt)


def cancel(card: ReferenceCard, when: str) -> bytes:
    """A cancellation of the newest debit, which the card must take."""
    card.select()
    last = card.receipts[-1]
    body = last[4:10] + bytes.fromhex(when) + last[16:20] + len(card.receipts).to_bytes(4, "big") + last[80:] + bytes(8)
    return _done(card.cancel(body).receipt)


def update(card: ReferenceCard, seq: int, loaded: int, **terms: object) -> bytes:
    """An update that the card must take."""
    body = wire.entitlement(seq, loaded, **{"until": "261231", **terms})  # type: ignore[arg-type]
    return _done(card.update(body, seq.to_bytes(8, "big")).receipt)


def _done(receipt: bytes | None) -> bytes:
    assert receipt is not None
    return receipt
