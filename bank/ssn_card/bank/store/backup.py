# SPDX-License-Identifier: Apache-2.0
"""A backup: all rows of a store in one encrypted file, alike for SQLite and PostgreSQL, opened by the store's secret.

Its lines, within the encryption, are JSON: the version and the tables with their columns, then a line for each row
(number of the table, values; bytes in base64), at last how many rows each table has and the SHA-256 of all lines
before, which two backups of the same rows share. Tables are taken as the database has them, not as this program
declares them, so a store of any version can be backed up.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, Field
from sqlalchemy import Connection, MetaData, Table, select

from ssn_card.protocol.crypto import SecretKey
from ssn_card.signing import STRICT
from ssn_card.storage import whole_file

from ..known import backup_key, store_check
from ..moments import utc
from .schema import VERSIONS, version_of
from .sealed_stream import SealingStream

_SALT: Final = 16  #: bytes
_PRIVATE: Final = 0o600
AT_ONCE: Final = 1000  #: rows


class BackupHeader(BaseModel):
    """The line in clear."""

    model_config = STRICT

    format: Literal["ssn-card-bank-backup/1"] = "ssn-card-bank-backup/1"
    store: str  #: UUID
    at: str
    salt: str = Field(pattern="^[0-9a-f]{32}$")
    check: str = Field(pattern="^[0-9a-f]{32}$")


@dataclass(frozen=True, slots=True)
class BackupContent:
    """What a backup holds."""

    version: str  #: of the tables
    rows: dict[str, int]  #: of each table
    sha256: str


def tables_of(connection: Connection) -> list[Table]:
    """All tables but the version's, those that others refer to first."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != VERSIONS]


def write_backup(connection: Connection, path: Path, secret: SecretKey, now: dt.datetime) -> BackupContent:
    """All rows as this transaction sees them, in a new file of the owner's alone.

    Raises ``FileExistsError``, ``OSError``.
    """
    tables, salt = tables_of(connection), os.urandom(_SALT)
    store = next(table for table in tables if table.name == "store")
    header = BackupHeader(
        store=connection.execute(select(store.c.id)).scalar_one(),
        at=utc(now),
        salt=salt.hex(),
        check=store_check(secret).hex(),
    )
    with whole_file(path, mode=_PRIVATE, new=True) as file:
        stream = SealingStream(file, header.model_dump_json().encode(), backup_key(secret, salt))
        digest = hashlib.sha256()

        def put(value: Any) -> None:
            line = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()
            stream.write(line)
            digest.update(line + b"\n")

        version, counts = version_of(connection), dict.fromkeys((table.name for table in tables), 0)
        put({"version": version, "tables": [[table.name, _columns(table)] for table in tables]})
        for number, table in enumerate(tables):
            for row in _rows(connection, table):
                put([number, *row])
                counts[table.name] += 1
        content = BackupContent(version, counts, digest.hexdigest())
        put({"rows": counts, "sha256": content.sha256})
        stream.finish()
    return content


def _columns(table: Table) -> list[list[str]]:
    return [[column.name, column.type.python_type.__name__] for column in table.columns]


def _rows(connection: Connection, table: Table) -> Iterator[list[Any]]:
    """In the order of their key, so that the same rows are the same text."""
    coded = [column.type.python_type is bytes for column in table.columns]
    wanted = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
    for row in connection.execute(wanted):
        yield [
            base64.b64encode(value).decode("ascii") if is_bytes and value is not None else value
            for value, is_bytes in zip(row, coded, strict=True)
        ]
