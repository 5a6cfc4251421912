# SPDX-License-Identifier: Apache-2.0
"""What a database driver raises, as our errors: with no value of any row, which drivers put into their messages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import URL
from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, OperationalError

from ssn_card.protocol.errors import Text

from ..errors import BankStoreBusy, BankStoreNotFound, BankStoreNotOurs, BankStoreUnusable
from . import place

_BUSY = ("database is locked", "lock timeout", "LockNotAvailable")
_MISSING = ('" does not exist',)  #: a server has no such database
_STRANGE = ("no such table", "UndefinedTable", "file is not a database")


@contextmanager
def told(url: URL) -> Iterator[None]:
    """In place of what a driver raises: ``BankStoreBusy``, ``BankStoreNotOurs``, ``BankStoreUnusable``.

    What breaks a rule of the tables is a fault of ours and stays what it is.
    """
    where = place.shown(url)
    try:
        yield
    except (DataError, IntegrityError):
        raise
    except DatabaseError as error:
        raise _ours(error, where) from None


def _ours(error: DatabaseError, where: str) -> Exception:
    said = f"{type(error.orig).__name__}: {error.orig}"
    if any(word in said for word in _BUSY):
        return BankStoreBusy(where)
    if any(word in said for word in _STRANGE):
        return BankStoreNotOurs(where)
    if isinstance(error, OperationalError) and any(word in said for word in _MISSING):
        return BankStoreNotFound(where)
    reason = said.splitlines()[0]
    return BankStoreUnusable(where, Text(reason, reason))
