# SPDX-License-Identifier: Apache-2.0
"""Updates that were issued, and those that have come; numbers are the register's (ssn_card.entitlement)."""

from __future__ import annotations

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Moment, Serial


class UpdateRow(Base):
    """One update of a card."""

    __tablename__ = "update"

    serial: Mapped[Serial] = mapped_column(ForeignKey("card.serial"), primary_key=True)
    update_seq: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int | None] = mapped_column(ForeignKey("proposal.id"), index=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
    key_version: Mapped[int | None]
    mac: Mapped[bytes | None] = mapped_column(LargeBinary)
    issued_at: Mapped[Moment]
    elsewhere: Mapped[int] = mapped_column(default=0)  #: rupiah of the family's loads that are not on this card


class DeliveredRow(Base):
    """A receipt that shows an update on its card; its MAC was checked."""

    __tablename__ = "delivered"

    serial: Mapped[Serial] = mapped_column(ForeignKey("card.serial"), primary_key=True)
    update_seq: Mapped[int] = mapped_column(primary_key=True)
    receipt: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[Moment]
    import_id: Mapped[int | None] = mapped_column(ForeignKey("import.id"))
