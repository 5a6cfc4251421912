# SPDX-License-Identifier: Apache-2.0
"""A store out of a backup, in an empty place, whole or not at all; one of an older version is brought up to date."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

from pydantic import ValidationError
from sqlalchemy import Connection, Table, bindparam, func, select
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from ssn_card.protocol.crypto import SecretKey, macs_equal
from ssn_card.protocol.errors import Text
from ssn_card.protocol.system import system_reason

from ..errors import BackupUnreadable, BankLogBroken, BankStoreSecretMismatch, StoreBackupDamaged
from ..known import backup_key, store_check
from ..moments import utc
from ..roles import BankRole
from ..sealing import FieldSealer
from . import chain, place, schema
from .backup import AT_ONCE, BackupContent, BackupHeader, tables_of
from .bank import require_ours
from .making import fresh
from .sealed_stream import StreamDamaged, opened_lines
from .work import SignedIn, StoreWork

_LONGEST_HEADER: Final = 4096  #: bytes
_NO_BACKUP = Text("it is no backup of a bank's store", "ini bukan cadangan simpanan data bank")


def restore(
    backup: Path, where: str, secret: SecretKey, who: Callable[[Session], SignedIn], now: dt.datetime
) -> BackupContent:
    """A store in an empty place; its log is verified, and says that it was restored. Returns what the backup held.

    ``who``: signs in by the accounts that were restored, and must be a key custodian.

    Raises ``BackupError``, ``BankStoreError``, ``BankLogBroken``, ``NotAllowed``, and what ``who`` raises.
    """
    with _opened(backup, secret) as lines, fresh(place.url_of(where)) as connection:
        try:
            content = _filled(connection, lines)
        except (StreamDamaged, IntegrityError, DataError, LookupError, TypeError, ValueError):
            raise StoreBackupDamaged(str(backup)) from None
        require_ours(connection, secret)
        schema.bring_to(connection)
        schema.require_references(connection)
        with Session(connection) as session:
            if (row := chain.check(session).broken) is not None:
                raise BankLogBroken(row)
            work = StoreWork(session, who(session), utc(now), secret, FieldSealer(secret))
            work.require(BankRole.CUSTODIAN)
            work.note("restored", content.sha256, version=content.version)
    return content


@contextmanager
def _opened(path: Path, secret: SecretKey) -> Iterator[Iterator[bytes]]:
    """The lines of a backup. Raises ``BackupUnreadable``, ``BankStoreSecretMismatch``."""
    try:
        with path.open("rb") as file:
            first, header = _header(file, path)
            if not macs_equal(bytes.fromhex(header.check), store_check(secret)):
                raise BankStoreSecretMismatch(str(path))
            yield opened_lines(file, first, backup_key(secret, bytes.fromhex(header.salt)))
    except OSError as error:
        raise BackupUnreadable(str(path), system_reason(error)) from None


def _header(file: BinaryIO, path: Path) -> tuple[bytes, BackupHeader]:
    first = file.readline(_LONGEST_HEADER).rstrip(b"\n")
    try:
        return first, BackupHeader.model_validate_json(first)
    except ValidationError:
        raise BackupUnreadable(str(path), _NO_BACKUP) from None


def _filled(connection: Connection, lines: Iterator[bytes]) -> BackupContent:
    """All rows, in tables of the backup's version."""
    digest = hashlib.sha256(head := next(lines, b"") + b"\n")
    described = json.loads(head)
    schema.bring_to(connection, described["version"])
    there = {table.name: table for table in tables_of(connection)}
    tables = [_Filling(connection, there[name], columns) for name, columns in described["tables"]]
    before = None
    for line in lines:
        row = json.loads(line)
        if isinstance(row, dict):
            break
        digest.update(line + b"\n")
        number, *values = row
        if before not in (None, number):
            tables[before].flush()
        tables[number].add(values)
        before = number
    for table in tables:
        table.finish()
    counts = {table.name: table.count for table in tables}
    if row != {"rows": counts, "sha256": digest.hexdigest()} or counts.keys() != there.keys() or any(lines):
        raise StreamDamaged
    return BackupContent(described["version"], counts, digest.hexdigest())


class _Filling:
    """One table. What refers to the same table is set when all of its rows are there."""

    def __init__(self, connection: Connection, table: Table, columns: list[list[str]]) -> None:
        self._connection, self._table = connection, table
        self.name, self.count = table.name, 0
        self._columns = [column for column, _ in columns]
        self._coded = [kind == "bytes" for _, kind in columns]
        if set(self._columns) != set(table.columns.keys()):
            raise StreamDamaged
        self._own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
        self._keys = [column.name for column in table.primary_key.columns]
        self._rows: list[dict[str, Any]] = []
        self._later: list[dict[str, Any]] = []

    def add(self, values: list[Any]) -> None:
        row = {
            column: base64.b64decode(value) if coded and value is not None else value
            for column, value, coded in zip(self._columns, values, self._coded, strict=True)
        }
        for column in self._own:
            if row[column] is not None:
                self._later.append({"to": row[column], **{f"key_{key}": row[key] for key in self._keys}, "of": column})
                row[column] = None
        self._rows.append(row)
        self.count += 1
        if len(self._rows) == AT_ONCE:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            self._connection.execute(self._table.insert(), self._rows)
            self._rows = []

    def finish(self) -> None:
        self.flush()
        for column in self._own:
            found = [row for row in self._later if row["of"] == column]
            if found:
                same = (self._table.c[key] == bindparam(f"key_{key}") for key in self._keys)
                self._connection.execute(self._table.update().where(*same).values({column: bindparam("to")}), found)
        self._count_on()

    def _count_on(self) -> None:
        """PostgreSQL counts by itself, and has not seen these numbers."""
        if self._connection.dialect.name != "postgresql" or len(self._keys) != 1:
            return
        key = self._table.c[self._keys[0]]
        if key.type.python_type is int:
            counter = func.pg_get_serial_sequence(f'"{self.name}"', key.name)
            newest = select(func.max(key)).scalar_subquery()
            self._connection.execute(select(func.setval(counter, func.coalesce(newest, 1), newest.is_not(None))))
