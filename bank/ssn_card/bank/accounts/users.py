# SPDX-License-Identifier: Apache-2.0
"""Accounts: made, disabled and signed in to. Passwords are kept by argon2id (RFC 9106)."""

from __future__ import annotations

from collections.abc import Collection

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from ..roles import BankRole
from ..store.bank import Bank
from ..store.tables.accounts import UserRow
from ..store.work import SignedIn, StoreWork
from .errors import SignInRefused, UserExists

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("")  #: compared with where there is no such user, so that both take as long


def add_user(work: StoreWork, name: str, roles: Collection[BankRole], password: str) -> None:
    """A new account; the store's first one may be made by anybody, and must be a key custodian's.

    Raises :class:`UserExists`, ``NotAllowed``.
    """
    work.require(BankRole.CUSTODIAN)
    if work.session.get(UserRow, name) is not None:
        raise UserExists(name)
    row = UserRow(name=name, roles=",".join(sorted(roles)), password=_HASHER.hash(password), created_at=work.at)
    work.session.add(row)
    work.note("user-added", name, roles=sorted(roles))


def sign_in(bank: Bank, name: str, password: str) -> SignedIn:
    """Raises :class:`SignInRefused`."""
    with bank.reading() as session:
        row = session.get(UserRow, name)
        kept = _NOBODY if row is None or row.disabled_at else row.password
        roles = "" if row is None else row.roles
    try:
        right = _HASHER.verify(kept, password) if kept is not _NOBODY else False
    except (VerifyMismatchError, InvalidHashError):
        right = False
    if not right:
        raise SignInRefused(name)
    return SignedIn(name, frozenset(BankRole(role) for role in roles.split(",") if role))
