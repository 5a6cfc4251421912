# SPDX-License-Identifier: Apache-2.0
"""The store itself, who works in it, and the log of what was done."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Key, Moment, UserName


class StoreRow(Base):
    """The one row that says which store this is."""

    __tablename__ = "store"
    __table_args__ = (CheckConstraint("one = 1", name="one"),)

    one: Mapped[int] = mapped_column(primary_key=True, default=1)
    id: Mapped[str]  #: UUID; places and backups of one store share it
    created_at: Mapped[Moment]
    secret_check: Mapped[Key]  #: by which another secret is told from ours


class UserRow(Base):
    """Who may sign in. ``password``: argon2id, in its own encoded form."""

    __tablename__ = "users"

    name: Mapped[UserName] = mapped_column(primary_key=True)
    roles: Mapped[str]  #: sorted, joined by commas
    password: Mapped[str]
    created_at: Mapped[Moment]
    disabled_at: Mapped[Moment | None]
    failures: Mapped[int] = mapped_column(default=0)  #: wrong passwords since the last right one
    last_failure: Mapped[Moment | None]


class LogRow(Base):
    """One step, chained to the row before: triggers let nobody change or delete it."""

    __tablename__ = "log"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[Moment]
    actor: Mapped[UserName]
    action: Mapped[str]
    subject: Mapped[str]
    content: Mapped[str]  #: JSON, canonical; no personal data
    chain: Mapped[bytes] = mapped_column(LargeBinary(32))
