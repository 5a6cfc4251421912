# SPDX-License-Identifier: Apache-2.0
"""One piece of work in the store: who does it, when, and one transaction around all of it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import Text

from ..errors import NotAllowed
from ..roles import BankRole
from ..sealing import FieldSealer
from .chain import add_row


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who has signed in."""

    name: str
    roles: frozenset[BankRole]


@dataclass(frozen=True, slots=True)
class StoreWork:
    """An open transaction. What it does is noted in the log, in the same transaction."""

    session: Session
    actor: SignedIn
    at: str  #: UTC
    secret: SecretKey
    sealer: FieldSealer = field(repr=False)

    def require(self, *roles: BankRole) -> None:
        """Raises :class:`NotAllowed` unless the actor has one of the roles."""
        require_role(self.actor, *roles)

    def note(self, action: str, subject: str, **content: Any) -> None:
        """Add a row to the log. ``content``: what JSON can say; no personal data."""
        add_row(self.session, self.at, self.actor.name, action, subject, content)


def require_role(user: SignedIn, *roles: BankRole) -> None:
    """Raises :class:`NotAllowed` unless the user has one of the roles."""
    if not user.roles.intersection(roles):
        needed = Text(" / ".join(role.text.en for role in roles), " / ".join(role.text.id for role in roles))
        raise NotAllowed(user.name, needed)


def moment_of(text: str) -> dt.datetime:
    """A time as the store keeps it."""
    return dt.datetime.fromisoformat(text)
