# SPDX-License-Identifier: Apache-2.0
"""Who has signed in. A wrong password is counted and noted; the right one, while an account has to wait, is refused."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from ..roles import BankRole
from ..store.bank import Bank
from ..store.tables.accounts import UserRow
from ..store.work import SignedIn, moment_of
from .errors import SignInRefused
from .passwords import hashed, is_outdated, matches, wait_after


def sign_in(bank: Bank, name: str, password: str) -> SignedIn:
    """Raises :class:`SignInRefused`, ``PasswordMissing``."""
    with bank.reading() as session:
        row = session.get(UserRow, name)
    if _is_right(row, name, password, bank.now()) and row is not None:
        if row.failures or is_outdated(row.password):
            _settle(bank, name, password)
        return _who(row)
    if row is not None and may_try(row, bank.now()):
        _count_failure(bank, name)
    raise SignInRefused(name)


def signed_in(session: Session, name: str, password: str, now: dt.datetime) -> SignedIn:
    """The same within a transaction of the caller's, which counts nothing. Raises as :func:`sign_in`."""
    row = session.get(UserRow, name)
    if row is None or not _is_right(row, name, password, now):
        raise SignInRefused(name)
    return _who(row)


def locked_until(row: UserRow) -> dt.datetime | None:
    """When an account may be tried again after wrong passwords; ``None`` if there were few."""
    wait = wait_after(row.failures)
    return moment_of(row.last_failure) + wait if wait and row.last_failure else None


def may_try(row: UserRow, now: dt.datetime) -> bool:
    """Whether the right password would be taken now."""
    until = locked_until(row)
    return row.disabled_at is None and (until is None or now >= until)


def _is_right(row: UserRow | None, name: str, password: str, now: dt.datetime) -> bool:
    open_to_try = row is not None and may_try(row, now)
    return matches(row.password if row is not None and open_to_try else None, password, name)


def _who(row: UserRow) -> SignedIn:
    return SignedIn(row.name, frozenset(map(BankRole, row.roles.split(","))))


def _count_failure(bank: Bank, name: str) -> None:
    with bank.work(SignedIn(name, frozenset())) as work:
        row = work.session.get_one(UserRow, name)
        row.failures += 1
        row.last_failure = work.at
        work.note("sign-in-refused", name, failures=row.failures)


def _settle(bank: Bank, name: str, password: str) -> None:
    """Begin the count anew; hash the password at today's cost."""
    with bank.work(SignedIn(name, frozenset())) as work:
        row = work.session.get_one(UserRow, name)
        work.note("signed-in-after", name, failures=row.failures)
        row.failures = 0
        if is_outdated(row.password):
            row.password = hashed(password, name)
