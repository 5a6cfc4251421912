# SPDX-License-Identifier: Apache-2.0
"""What is to be printed, and what became of it."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Hash, Moment, Serial, UserName, one_of


class JobState(StrEnum):
    """Of a print job."""

    QUEUED = "queued"
    SENT = "sent"
    CONFIRMED = "confirmed"
    FAILED = "failed"
    PAUSED = "paused"


class PrintKind(StrEnum):
    """What is printed."""

    FACE = "face"  #: of a card
    LETTER = "letter"  #: that carries it
    LIST = "list"  #: of cards to be handed over


class PrintDesignRow(Base):
    """How cards and letters look (:mod:`...printing.design`), kept once, so that a reprint looks like the first."""

    __tablename__ = "print_design"

    sha256: Mapped[Hash] = mapped_column(primary_key=True)
    content: Mapped[str]  #: JSON, canonical
    first_at: Mapped[Moment]


class PrintJobRow(Base):
    """A document for a printer, of the cards in ``PrintItemRow``: made when it is sent, known by its SHA-256 since."""

    __tablename__ = "print_job"
    __table_args__ = (one_of("kind", PrintKind), one_of("state", JobState))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    title: Mapped[str]  #: no personal data
    printer: Mapped[str]
    design: Mapped[Hash | None] = mapped_column(ForeignKey("print_design.sha256"))
    options: Mapped[str] = mapped_column(default="{}")  #: JSON, canonical: side and bleed of faces, what a list is by
    state: Mapped[str]
    ticket: Mapped[str | None]  #: the printer's own name for it
    pages: Mapped[int] = mapped_column(default=0)  #: once it was sent
    sha256: Mapped[Hash | None]
    attempts: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None]  #: why it failed
    reason: Mapped[str | None]  #: why it is printed again
    reprint_of: Mapped[int | None] = mapped_column(ForeignKey("print_job.id"))
    created_by: Mapped[UserName] = mapped_column(ForeignKey("users.name"))
    created_at: Mapped[Moment]
    changed_at: Mapped[Moment]


class PrintItemRow(Base):
    """A card in a print job."""

    __tablename__ = "print_item"

    job_id: Mapped[int] = mapped_column(ForeignKey("print_job.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[Serial] = mapped_column(ForeignKey("card.serial"), index=True)
