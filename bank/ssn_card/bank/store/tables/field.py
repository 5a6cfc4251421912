# SPDX-License-Identifier: Apache-2.0
"""Outreach: tablets, what they were given, and what came back."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Day, Hash, Moment, Sealed, Serial, UserName


class TabletRow(Base):
    """A companion's tablet, known by its two public keys."""

    __tablename__ = "tablet"

    name: Mapped[str] = mapped_column(primary_key=True)
    companion: Mapped[str]
    terminal_id: Mapped[int] = mapped_column(unique=True)
    receiving_key: Mapped[bytes] = mapped_column(LargeBinary(32))  #: X25519: what is sealed for it
    signing_key: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)  #: Ed25519: what it states
    registered_at: Mapped[Moment]
    retired_at: Mapped[Moment | None]


class OutreachRow(Base):
    """A package of one day's (or week's) visits for one tablet."""

    __tablename__ = "outreach"

    id: Mapped[str] = mapped_column(primary_key=True)  #: UUID
    tablet: Mapped[str] = mapped_column(ForeignKey("tablet.name"), index=True)
    companion: Mapped[str]
    first_day: Mapped[Day]
    last_day: Mapped[Day]
    sha256: Mapped[Hash]
    made_by: Mapped[UserName] = mapped_column(ForeignKey("users.name"))
    made_at: Mapped[Moment]


class OutreachItemRow(Base):
    """A person who is to be visited."""

    __tablename__ = "outreach_item"

    outreach_id: Mapped[str] = mapped_column(ForeignKey("outreach.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    serial: Mapped[Serial | None] = mapped_column(ForeignKey("card.serial"))


class VisitRow(Base):
    """What a tablet tells of one step of a visit.

    ``sealed``, for ``visit:<uid>``: note, appointment, signature, reference, correction.
    """

    __tablename__ = "visit"
    __table_args__ = (UniqueConstraint("tablet", "number"),)

    uid: Mapped[str] = mapped_column(primary_key=True)  #: UUID, made on the tablet
    outreach_id: Mapped[str] = mapped_column(ForeignKey("outreach.id"), index=True)
    tablet: Mapped[str] = mapped_column(ForeignKey("tablet.name"))
    number: Mapped[int]  #: of the tablet's own count, from 1: a missing one is seen
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    serial: Mapped[Serial | None]
    outcome: Mapped[str]
    companion: Mapped[str]
    at: Mapped[Moment]  #: by the tablet's clock
    undoes: Mapped[str | None]  #: uid of the step that this one takes back
    receipt: Mapped[bytes | None] = mapped_column(LargeBinary)  #: 88 bytes; only what is genuine counts
    sealed: Mapped[Sealed]
    import_id: Mapped[int] = mapped_column(ForeignKey("import.id"))
