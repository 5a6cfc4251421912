# SPDX-License-Identifier: Apache-2.0
"""Cards and what became of them. Which moves there are: :mod:`...life`."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from ...life import LIVE, LifePhase
from .base import Base, Moment, Serial, UserName, one_of

_LIVE = text("state IN ({})".format(", ".join(f"'{state.value}'" for state in sorted(LIVE))))


class CardRow(Base):
    """A card. No family has two that live: the database sees to it."""

    __tablename__ = "card"
    __table_args__ = (
        one_of("state", LifePhase),
        Index("one_live_card_for_a_family", "family_id", unique=True, sqlite_where=_LIVE, postgresql_where=_LIVE),
    )

    serial: Mapped[Serial] = mapped_column(primary_key=True)
    beneficiary_id: Mapped[Serial | None] = mapped_column(unique=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)  #: its batch
    delivery: Mapped[str | None]  #: of blank stock
    keys: Mapped[str] = mapped_column(default="")  #: versions, as KeyVersions writes them
    state: Mapped[str] = mapped_column(index=True)
    since: Mapped[Moment]
    replaces: Mapped[Serial | None] = mapped_column(ForeignKey("card.serial"))


class CardMoveRow(Base):
    """One move of a card. ``uid``: of what tells of it, so that the same news twice moves nothing."""

    __tablename__ = "card_move"

    id: Mapped[int] = mapped_column(primary_key=True)
    uid: Mapped[str] = mapped_column(unique=True)
    serial: Mapped[Serial] = mapped_column(ForeignKey("card.serial"), index=True)
    move: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str]
    at: Mapped[Moment]  #: when it happened, by whoever tells
    recorded_at: Mapped[Moment]
    actor: Mapped[UserName] = mapped_column(ForeignKey("users.name"))
    reason: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id"))
    evidence: Mapped[bytes | None] = mapped_column(LargeBinary)  #: a receipt, 88 bytes


class TipRow(Base):
    """The newest genuine receipt of a card that the bank has seen."""

    __tablename__ = "card_tip"

    serial: Mapped[Serial] = mapped_column(ForeignKey("card.serial"), primary_key=True)
    seq: Mapped[int]
    receipt: Mapped[bytes] = mapped_column(LargeBinary)  #: 88 bytes
    at: Mapped[Moment]


class ReplacementRow(Base):
    """Money on its way from one card of a family to the next. All in rupiah."""

    __tablename__ = "replacement"

    old_serial: Mapped[Serial] = mapped_column(ForeignKey("card.serial"), primary_key=True)
    new_serial: Mapped[Serial | None] = mapped_column(ForeignKey("card.serial"), unique=True)
    reason: Mapped[str]
    in_hand: Mapped[bool]  #: the card itself told its balance, and can be used no more
    loaded: Mapped[int]  #: all that was ever loaded onto the old card
    balance: Mapped[int]  #: that is known to be left, or to be left at the most
    held_back: Mapped[int]  #: of it, that receipts still offline may yet spend
    released: Mapped[int] = mapped_column(default=0)  #: of what was held back
    month: Mapped[str | None] = mapped_column(String(7))  #: in which the family has spent, or may have, from its limit
    month_spent: Mapped[int] = mapped_column(default=0)
    at: Mapped[Moment]
    due_at: Mapped[Moment]  #: when all receipts are in
    final_at: Mapped[Moment | None]  #: nothing can come any more


class MissedLoadRow(Base):
    """A load that fell due while its person was deactivated, or between two cards; it is granted later."""

    __tablename__ = "missed_load"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    policy_id: Mapped[int] = mapped_column(primary_key=True)
    tranche: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int]
    at: Mapped[Moment]
    reason: Mapped[str]  #: no personal data
    granted_serial: Mapped[Serial | None] = mapped_column(ForeignKey("card.serial"))
    granted_seq: Mapped[int | None]  #: of the update that granted it
