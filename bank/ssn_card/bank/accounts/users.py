# SPDX-License-Identifier: Apache-2.0
"""Accounts: made, changed, disabled. There is always a key custodian who can sign in."""

from __future__ import annotations

import re
from collections.abc import Collection

from sqlalchemy import select

from ssn_card.protocol.errors import Text

from ..errors import NotFound
from ..roles import BankRole
from ..store.tables.accounts import UserRow
from ..store.work import StoreWork
from .errors import LastCustodian, RolesMissing, UserExists, UserNameUnusable
from .passwords import hashed

_NAME = re.compile("[a-z0-9._-]{1,40}")
_USER = Text("user", "pengguna")


def add_user(work: StoreWork, name: str, roles: Collection[BankRole], password: str) -> None:
    """A new account; the store's first one is its founder's own.

    Raises :class:`UserExists`, :class:`UserNameUnusable`, :class:`RolesMissing`, ``PasswordWeak``, ``NotAllowed``.
    """
    work.require(BankRole.CUSTODIAN)
    if not _NAME.fullmatch(name):
        raise UserNameUnusable(name)
    if work.session.get(UserRow, name) is not None:
        raise UserExists(name)
    row = UserRow(name=name, roles=_joined(name, roles), password=hashed(password, name), created_at=work.at)
    work.session.add(row)
    work.note("user-added", name, roles=sorted(roles))


def set_roles(work: StoreWork, name: str, roles: Collection[BankRole]) -> None:
    """Raises :class:`LastCustodian`, :class:`RolesMissing`, ``NotFound``, ``NotAllowed``."""
    work.require(BankRole.CUSTODIAN)
    row = _user(work, name)
    if BankRole.CUSTODIAN not in roles:
        _require_another_custodian(work, name)
    work.note("user-roles", name, before=row.roles.split(","), roles=sorted(roles))
    row.roles = _joined(name, roles)


def disable_user(work: StoreWork, name: str) -> bool:
    """He cannot sign in any more; what he did stays his. ``False``: it was so already.

    Raises :class:`LastCustodian`, ``NotFound``, ``NotAllowed``.
    """
    work.require(BankRole.CUSTODIAN)
    row = _user(work, name)
    if row.disabled_at is not None:
        return False
    _require_another_custodian(work, name)
    row.disabled_at = work.at
    work.note("user-disabled", name)
    return True


def enable_user(work: StoreWork, name: str) -> bool:
    """He can sign in again, at once. ``False``: it was so already. Raises ``NotFound``, ``NotAllowed``."""
    work.require(BankRole.CUSTODIAN)
    row = _user(work, name)
    if row.disabled_at is None:
        return False
    row.disabled_at, row.failures = None, 0
    work.note("user-enabled", name)
    return True


def set_password(work: StoreWork, name: str, password: str) -> None:
    """One's own, or anybody's by a key custodian. Raises ``PasswordWeak``, ``NotFound``, ``NotAllowed``."""
    if name != work.actor.name:
        work.require(BankRole.CUSTODIAN)
    row = _user(work, name)
    row.password, row.failures = hashed(password, name), 0
    work.note("user-password", name)


def _user(work: StoreWork, name: str) -> UserRow:
    row = work.session.get(UserRow, name)
    if row is None:
        raise NotFound(_USER, name)
    return row


def _joined(name: str, roles: Collection[BankRole]) -> str:
    if not roles:
        raise RolesMissing(name)
    return ",".join(sorted(set(roles)))


def _require_another_custodian(work: StoreWork, name: str) -> None:
    """Raises :class:`LastCustodian` if only this one is left; one who is none himself takes nothing away."""
    able = work.session.scalars(select(UserRow).where(UserRow.disabled_at.is_(None)))
    custodians = {row.name for row in able if BankRole.CUSTODIAN in row.roles.split(",")}
    if custodians == {name}:
        raise LastCustodian(name)
