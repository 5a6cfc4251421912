# SPDX-License-Identifier: Apache-2.0
"""What waits for a second person: batches of cards and entitlement runs, and what was approved."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base, Hash, Moment, Serial, UserName, one_of


class ProposalStage(StrEnum):
    """Of a batch or a run, in this order; ``cancelled`` from any of the first three."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    PRODUCING = "producing"
    DONE = "done"
    CANCELLED = "cancelled"


class ProposalKind(StrEnum):
    """What is proposed."""

    BATCH = "batch"  #: cards to be made
    RUN = "run"  #: updates to be issued


class ProposalStep(StrEnum):
    """What moves a proposal, or changes what is in it."""

    PROPOSED = "proposed"
    FILLED = "filled"
    SUBMITTED = "submitted"
    REFUSED = "refused"
    APPROVED = "approved"
    BEGUN = "begun"
    WITHDRAWN = "withdrawn"  #: some of its items
    FINISHED = "finished"
    CANCELLED = "cancelled"


class ProposalRow(Base):
    """A batch or a run. Its content is fixed by ``sha256`` when it is submitted, and compared at every later stage."""

    __tablename__ = "proposal"
    __table_args__ = (one_of("kind", ProposalKind), one_of("stage", ProposalStage))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str] = mapped_column(unique=True)
    policy_id: Mapped[int]
    options: Mapped[str]  #: JSON, canonical: of a run what the updates are to change
    stage: Mapped[str]
    sha256: Mapped[Hash | None]
    created_by: Mapped[UserName] = mapped_column(ForeignKey("users.name"))
    created_at: Mapped[Moment]


class DecisionRow(Base):
    """Each step of a proposal: who took it, and with which content. Rows are added only."""

    __tablename__ = "decision"
    __table_args__ = (one_of("step", ProposalStep), one_of("stage", ProposalStage))

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    step: Mapped[str]
    stage: Mapped[str]  #: after it
    sha256: Mapped[Hash | None]  #: of the content; none before it is submitted
    actor: Mapped[UserName] = mapped_column(ForeignKey("users.name"))
    at: Mapped[Moment]
    reason: Mapped[str | None]


class BatchItemRow(Base):
    """A person in a batch; ``replaces``: the card in whose place a new one is made.

    ``data``: SHA-256 of what the card would be made from. Who is ``withdrawn`` gets no card from this batch; drafts are
    the only thing in the store of which rows are taken out again.
    """

    __tablename__ = "batch_item"
    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    person_version: Mapped[int]
    data: Mapped[Hash]
    replaces: Mapped[Serial | None]
    withdrawn_at: Mapped[Moment | None]
    withdrawn_by: Mapped[UserName | None] = mapped_column(ForeignKey("users.name"))
    withdrawn_reason: Mapped[str | None]


class RunItemRow(Base):
    """A card in a run; ``body``: the entitlement as planned (55 bytes), by which the content is fixed."""

    __tablename__ = "run_item"

    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), primary_key=True)
    serial: Mapped[Serial] = mapped_column(ForeignKey("card.serial"), primary_key=True)
    body: Mapped[bytes] = mapped_column(LargeBinary)
