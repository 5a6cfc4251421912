# SPDX-License-Identifier: Apache-2.0
"""A store of an earlier version, brought up to date after a backup, whole or not at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.system import system_reason

from ..errors import BackupNotWritten
from ..moments import utc
from ..roles import BankRole
from ..sealing import FieldSealer
from . import migrations, place, schema
from .backup import write_backup
from .bank import require_ours
from .failures import told
from .work import SignedIn, StoreWork


@dataclass(frozen=True, slots=True)
class Upgraded:
    """From which version to which, and where the backup is; ``None``: there was nothing to do."""

    before: str
    after: str
    backup: Path | None


def upgrade(
    where: str,
    secret: SecretKey,
    backup: Callable[[str], Path],
    who: Callable[[Session], SignedIn],
    now: dt.datetime,
) -> Upgraded:
    """``backup``: where it goes, by the version that is there; ``who``: signs in, and must be a key custodian.

    Raises ``BankStoreError``, ``BackupNotWritten``, ``NotAllowed``, and what ``who`` raises.
    """
    url = place.url_of(where)
    engine = place.connect_existing(url, changing_tables=True)
    with told(url), engine.connect().execution_options(writing=True) as connection, connection.begin():
        if place.is_server(url):
            connection.execute(text("LOCK TABLE store"))
        require_ours(connection, secret)
        before = schema.version_of(connection)
        if before == migrations.NEWEST:
            return Upgraded(before, before, None)
        schema.require_known(connection, before)
        path = backup(before)
        try:
            written = write_backup(connection, path, secret, now)
        except OSError as error:
            raise BackupNotWritten(str(path), system_reason(error)) from None
        schema.bring_to(connection)
        schema.require_references(connection)
        with Session(connection) as session:
            work = StoreWork(session, who(session), utc(now), secret, FieldSealer(secret))
            work.require(BankRole.CUSTODIAN)
            work.note("upgraded", migrations.NEWEST, before=before, backup=written.sha256)
    return Upgraded(before, migrations.NEWEST, path)
