# SPDX-License-Identifier: Apache-2.0
"""Accounts as they are shown: never what a password became."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ..moments import utc
from ..roles import BankRole
from ..store.tables.accounts import UserRow
from ..store.work import SignedIn, require_role
from .sign_in import locked_until


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Who may sign in; ``locked_until``: not before, after wrong passwords."""

    name: str
    roles: tuple[BankRole, ...]
    created_at: str
    disabled: bool
    failures: int
    locked_until: dt.datetime | None

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {
            "user": self.name,
            "roles": [role.value for role in self.roles],
            "created_at": self.created_at,
            "disabled": self.disabled,
            "failures": self.failures,
            "locked_until": utc(self.locked_until) if self.locked_until else None,
        }


def accounts(session: Session, user: SignedIn, now: dt.datetime, name: str | None = None) -> list[BankAccount]:
    """All, or one; others than one's own are for custodians and readers. Raises ``NotAllowed``."""
    if name != user.name:
        require_role(user, BankRole.CUSTODIAN, BankRole.READER)
    wanted = select(UserRow).order_by(UserRow.name)
    if name is not None:
        wanted = wanted.where(UserRow.name == name)
    return [_account(row, now) for row in session.scalars(wanted)]


def _account(row: UserRow, now: dt.datetime) -> BankAccount:
    until = locked_until(row)
    return BankAccount(
        name=row.name,
        roles=tuple(map(BankRole, row.roles.split(","))),
        created_at=row.created_at,
        disabled=row.disabled_at is not None,
        failures=row.failures,
        locked_until=until if until is not None and until > now else None,
    )
