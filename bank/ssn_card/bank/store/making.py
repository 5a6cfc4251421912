# SPDX-License-Identifier: Apache-2.0
"""A store in a new place, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from ssn_card.protocol.system import system_reason
from ssn_card.storage.whole import name_new, new_draft, sync_folder

from ..errors import BankStoreExists, BankStoreUnusable
from . import place, schema
from .failures import told

_PRIVATE = 0o600


@contextmanager
def fresh(url: URL) -> Iterator[Connection]:
    """An empty database, to be filled in one transaction; nobody finds a file there before it is complete.

    Raises ``BankStoreExists``, ``BankStoreNotFound``, ``BankStoreUnusable``.
    """
    if place.is_server(url):
        with _filled(url) as connection:
            yield connection
        return
    path = place.file_of(url)
    if path.exists():
        raise BankStoreExists(str(path))
    try:
        draft, descriptor = new_draft(path, _PRIVATE)
        os.close(descriptor)
        try:
            with _filled(url.set(database=str(draft))) as connection:
                yield connection
            name_new(draft, path)
        finally:
            _removed(draft)
        sync_folder(path.parent)
    except FileExistsError:
        raise BankStoreExists(str(path)) from None
    except OSError as error:
        raise BankStoreUnusable(str(path), system_reason(error)) from None


@contextmanager
def _filled(url: URL) -> Iterator[Connection]:
    engine = place.connect(url, new=True, changing_tables=True)
    try:
        with told(url), engine.connect().execution_options(writing=True) as connection, connection.begin():
            schema.require_empty(connection)
            yield connection
    finally:
        engine.dispose()  # the last one to leave a file puts its log away


def _removed(draft: Path) -> None:
    for name in (draft, Path(f"{draft}-wal"), Path(f"{draft}-shm")):
        with suppress(OSError):
            name.unlink(missing_ok=True)
