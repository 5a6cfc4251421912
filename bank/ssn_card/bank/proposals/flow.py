# SPDX-License-Identifier: Apache-2.0
"""The stages of a batch or a run: draft, submitted, approved, producing, done; or cancelled.

Two promises: nothing comes to producing without two people, and what is produced is what was approved. Nobody approves
what he has created, filled or submitted, whatever his roles. The content's hash is fixed at submission, and compared at
approval, at the beginning and at the end with what the store then holds, with the proposal and with the decision: a
store that was changed beneath is found (:class:`.errors.ContentChanged`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from ssn_card.protocol.crypto import macs_equal
from ssn_card.protocol.errors import Text

from ..canonical import canonical
from ..errors import NotFound
from ..roles import BankRole
from ..store.tables.batches import (
    BatchItemRow,
    DecisionRow,
    ProposalKind,
    ProposalRow,
    ProposalStage,
    ProposalStep,
    RunItemRow,
)
from ..store.work import StoreWork
from .content import content_hash
from .errors import (
    ContentChanged,
    EmptyProposal,
    OwnProposal,
    ProposalExists,
    ProposalNameUnfit,
    ProposalStageRefused,
    ReasonMissing,
)

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]{0,39}")
_OWN: Final = (ProposalStep.PROPOSED, ProposalStep.FILLED, ProposalStep.SUBMITTED)  #: steps after which it is one's own
_S = ProposalStage
#: From which stages a step is possible, and what it is called where it is not.
_STEPS: Final = {
    ProposalStep.FILLED: ({_S.DRAFT}, Text("filled", "diisi")),
    ProposalStep.SUBMITTED: ({_S.DRAFT}, Text("submitted", "diajukan")),
    ProposalStep.REFUSED: ({_S.SUBMITTED}, Text("refused", "ditolak")),
    ProposalStep.APPROVED: ({_S.SUBMITTED}, Text("approved", "disetujui")),
    ProposalStep.BEGUN: ({_S.APPROVED}, Text("produced", "diproduksi")),
    ProposalStep.WITHDRAWN: ({_S.SUBMITTED, _S.APPROVED, _S.PRODUCING}, Text("reduced", "dikurangi")),
    ProposalStep.FINISHED: ({_S.PRODUCING}, Text("finished", "diselesaikan")),
    ProposalStep.CANCELLED: ({_S.DRAFT, _S.SUBMITTED, _S.APPROVED}, Text("cancelled", "dibatalkan")),
}
STAGES: Final = {
    _S.DRAFT: Text("draft", "rancangan"),
    _S.SUBMITTED: Text("submitted", "diajukan"),
    _S.APPROVED: Text("approved", "disetujui"),
    _S.PRODUCING: Text("producing", "diproduksi"),
    _S.DONE: Text("done", "selesai"),
    _S.CANCELLED: Text("cancelled", "dibatalkan"),
}  #: for people
KINDS: Final = {ProposalKind.BATCH: Text("batch", "kelompok"), ProposalKind.RUN: Text("run", "tindakan")}


def propose(work: StoreWork, kind: ProposalKind, name: str, policy_id: int, options: Mapping[str, Any]) -> ProposalRow:
    """A new draft. ``options``: what JSON can say; fixed with the content, no personal data.

    Raises ``ProposalNameUnfit``, ``ProposalExists``, ``NotAllowed``.
    """
    work.require(BankRole.OPERATOR)
    if not _NAME.fullmatch(name):
        raise ProposalNameUnfit(name)
    if work.session.scalar(select(ProposalRow.id).where(ProposalRow.name == name)) is not None:
        raise ProposalExists(name)
    row = ProposalRow(
        kind=kind.value,
        name=name,
        policy_id=policy_id,
        options=canonical(options),
        stage=_S.DRAFT.value,
        created_by=work.actor.name,
        created_at=work.at,
    )
    work.session.add(row)
    work.session.flush()
    _decided(work, row, ProposalStep.PROPOSED, None)
    return row


def find(session: Session, kind: ProposalKind, name: str) -> ProposalRow:
    """Raises ``NotFound``."""
    row = session.scalar(select(ProposalRow).where(ProposalRow.kind == kind.value, ProposalRow.name == name))
    if row is None:
        raise NotFound(KINDS[kind], name)
    return row


def filled(work: StoreWork, row: ProposalRow) -> None:
    """Something was put into a draft, or taken out: it is the actor's own from now on. Raises ``NotAllowed``,
    ``ProposalStageRefused``."""
    work.require(BankRole.OPERATOR)
    _step(work, row, ProposalStep.FILLED, _S.DRAFT)


def submit(work: StoreWork, row: ProposalRow) -> None:
    """The content is fixed. Raises ``EmptyProposal``, ``ProposalStageRefused``, ``NotAllowed``."""
    work.require(BankRole.OPERATOR)
    if not count(work.session, row):
        raise EmptyProposal(row.name)
    _step(work, row, ProposalStep.SUBMITTED, _S.SUBMITTED, sha256=content_hash(work.session, row))


def approve(work: StoreWork, row: ProposalRow, reason: str | None = None) -> None:
    """A second person has looked at it. Raises ``OwnProposal``, ``ContentChanged``, ``ProposalStageRefused``,
    ``NotAllowed``."""
    work.require(BankRole.APPROVER)
    _require_stage(work, row, ProposalStep.APPROVED)
    if work.actor.name in _owners(work.session, row):
        raise OwnProposal(work.actor.name, row.name)
    require_unchanged(work.session, row)
    _step(work, row, ProposalStep.APPROVED, _S.APPROVED, reason)


def refuse(work: StoreWork, row: ProposalRow, reason: str) -> None:
    """Back to draft. Raises ``ReasonMissing``, ``ProposalStageRefused``, ``NotAllowed``."""
    work.require(BankRole.APPROVER)
    _require_reason(row, ProposalStep.REFUSED, reason)
    _step(work, row, ProposalStep.REFUSED, _S.DRAFT, reason)


def begin(work: StoreWork, row: ProposalRow) -> None:
    """From now on it is produced. Raises ``ContentChanged``, ``ProposalStageRefused``, ``NotAllowed``."""
    work.require(BankRole.OPERATOR)
    _require_stage(work, row, ProposalStep.BEGUN)
    require_unchanged(work.session, row)
    _step(work, row, ProposalStep.BEGUN, _S.PRODUCING)


def finish(work: StoreWork, row: ProposalRow) -> None:
    """All of it was produced. Raises ``ContentChanged``, ``ProposalStageRefused``, ``NotAllowed``."""
    work.require(BankRole.OPERATOR)
    _require_stage(work, row, ProposalStep.FINISHED)
    require_unchanged(work.session, row)
    _step(work, row, ProposalStep.FINISHED, _S.DONE)


def cancel(work: StoreWork, row: ProposalRow, reason: str) -> None:
    """Nothing is made of it. Raises ``ReasonMissing``, ``ProposalStageRefused``, ``NotAllowed``."""
    work.require(BankRole.OPERATOR, BankRole.APPROVER)
    _require_reason(row, ProposalStep.CANCELLED, reason)
    _step(work, row, ProposalStep.CANCELLED, _S.CANCELLED, reason)


def reduced(work: StoreWork, row: ProposalRow, reason: str) -> None:
    """Items that were submitted are not to be produced; the content stays what it is. Raises as :func:`cancel`."""
    work.require(BankRole.OPERATOR, BankRole.APPROVER)
    _require_reason(row, ProposalStep.WITHDRAWN, reason)
    _step(work, row, ProposalStep.WITHDRAWN, ProposalStage(row.stage), reason)


def require_unchanged(session: Session, row: ProposalRow) -> None:
    """The store holds what was submitted. Raises ``ContentChanged``."""
    found = content_hash(session, row)
    decided = session.scalar(
        select(DecisionRow.sha256)
        .where(DecisionRow.proposal_id == row.id, DecisionRow.step == ProposalStep.SUBMITTED.value)
        .order_by(DecisionRow.id.desc())
        .limit(1)
    )
    for expected in (row.sha256, decided):
        if expected is None or not macs_equal(found.encode(), expected.encode()):
            raise ContentChanged(row.name, expected or "-", found)


def count(session: Session, row: ProposalRow) -> int:
    """How many items it has."""
    items = BatchItemRow if row.kind == ProposalKind.BATCH else RunItemRow
    found: int = session.scalar(select(func.count()).select_from(items).where(items.proposal_id == row.id)) or 0
    return found


def decisions(session: Session, row: ProposalRow) -> list[DecisionRow]:
    """Its steps, in order."""
    return list(session.scalars(select(DecisionRow).where(DecisionRow.proposal_id == row.id).order_by(DecisionRow.id)))


def _owners(session: Session, row: ProposalRow) -> set[str]:
    steps = [step.value for step in _OWN]
    taken = select(DecisionRow.actor).where(DecisionRow.proposal_id == row.id, DecisionRow.step.in_(steps))
    return {row.created_by, *session.scalars(taken)}


def _require_stage(work: StoreWork, row: ProposalRow, step: ProposalStep) -> None:
    """The row as the store has it now, whatever was read before. Raises ``ProposalStageRefused``."""
    work.session.refresh(row)
    before, text = _STEPS[step]
    if row.stage not in before:
        raise ProposalStageRefused(row.name, STAGES[ProposalStage(row.stage)], text)


def _require_reason(row: ProposalRow, step: ProposalStep, reason: str) -> None:
    if not reason.strip():
        raise ReasonMissing(row.name, _STEPS[step][1])


def _step(
    work: StoreWork,
    row: ProposalRow,
    step: ProposalStep,
    after: ProposalStage,
    reason: str | None = None,
    sha256: str | None = None,
) -> None:
    """Move the row as the store has it, and write down who did."""
    _require_stage(work, row, step)
    changed: dict[str, str] = {"stage": after.value} | ({} if sha256 is None else {"sha256": sha256})
    moved = work.session.execute(
        update(ProposalRow).where(ProposalRow.id == row.id, ProposalRow.stage == row.stage).values(**changed)
    )
    if not isinstance(moved, CursorResult) or moved.rowcount != 1:
        raise ProposalStageRefused(row.name, STAGES[ProposalStage(row.stage)], _STEPS[step][1])
    work.session.refresh(row)
    _decided(work, row, step, reason)


def _decided(work: StoreWork, row: ProposalRow, step: ProposalStep, reason: str | None) -> None:
    work.session.add(
        DecisionRow(
            proposal_id=row.id,
            step=step.value,
            stage=row.stage,
            sha256=row.sha256,
            actor=work.actor.name,
            at=work.at,
            reason=reason,
        )
    )
    work.note(f"{row.kind}-{step.value}", row.name, stage=row.stage, sha256=row.sha256, reason=reason)
