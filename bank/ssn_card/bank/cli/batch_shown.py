# SPDX-License-Identifier: Apache-2.0
"""A batch as ``ssn bank batches`` shows it."""

from __future__ import annotations

from typing import Any

from rich.console import Group, RenderableType
from sqlalchemy.orm import Session

from ssn_card.cli.output import say
from ssn_card.cli.tables import facts, table
from ssn_card.programme import load_regions
from ssn_card.protocol.errors import Text, numeral, rupiah

from ..life import LifePhase
from ..proposals import flow
from ..proposals.content import content_hash
from ..proposals.figures import batch_figures
from ..store.tables.batches import ProposalRow, ProposalStage, ProposalStep

_OPEN = (ProposalStage.DRAFT, ProposalStage.CANCELLED)  #: stages in which nobody answers for the content
_STEPS = {
    ProposalStep.PROPOSED: Text("proposed", "dirancang"),
    ProposalStep.FILLED: Text("filled", "diisi"),
    ProposalStep.SUBMITTED: Text("submitted", "diajukan"),
    ProposalStep.REFUSED: Text("refused", "ditolak"),
    ProposalStep.APPROVED: Text("approved", "disetujui"),
    ProposalStep.BEGUN: Text("production begun", "produksi dimulai"),
    ProposalStep.WITHDRAWN: Text("lines withdrawn", "baris ditarik"),
    ProposalStep.FINISHED: Text("finished", "diselesaikan"),
    ProposalStep.CANCELLED: Text("cancelled", "dibatalkan"),
}
_CARDS = Text("Cards", "Kartu")
_WHO = Text("Who did what", "Siapa berbuat apa")
_WHERE = Text("By kecamatan", "Per kecamatan")


def batch_data(session: Session, row: ProposalRow) -> dict[str, Any]:
    """A batch for ``--json``; no names."""
    found = content_hash(session, row)
    return {
        "name": row.name,
        "stage": row.stage,
        "policy_id": row.policy_id,
        "created_by": row.created_by,
        "created_at": row.created_at,
        "sha256": found if row.stage in _OPEN else row.sha256,
        "unchanged": row.stage in _OPEN or found == row.sha256,
        **batch_figures(session, row).as_dict(),
        "steps": [
            {"step": one.step, "stage": one.stage, "by": one.actor, "at": one.at, "reason": one.reason}
            for one in flow.decisions(session, row)
        ],
    }


def batch_table(data: dict[str, Any]) -> RenderableType:
    """The same for people."""
    names = {region.code: region.kecamatan for region in load_regions()}
    totals = [
        (Text("stage", "tahap"), say(flow.STAGES[ProposalStage(data["stage"])])),
        (Text("policy", "kebijakan"), str(data["policy_id"])),
        (Text("lines", "baris"), say(numeral(data["items"]))),
        (Text("rupiah in all", "jumlah rupiah"), rupiah(data["entitlement_sum"])),
        *((text, say(numeral(data[name]))) for name, text in _COUNTS if data[name]),
        (Text("SHA-256 of the content", "SHA-256 isinya"), data["sha256"]),
    ]
    where = [[code, names.get(code, ""), say(numeral(count))] for code, count in data["by_kecamatan"].items()]
    steps = [
        [one["at"], say(_STEPS[ProposalStep(one["step"])]), one["by"], one["reason"] or ""] for one in data["steps"]
    ]
    parts = [
        facts(Text("Batch {name}", "Kelompok {name}").filled(name=data["name"]), totals),
        table(_WHERE, _REGION_COLUMNS, where),
        table(_WHO, _STEP_COLUMNS, steps),
    ]
    if any(data["reached"].values()):
        reached = [(LifePhase(phase).text, say(numeral(count))) for phase, count in data["reached"].items()]
        parts.append(facts(_CARDS, reached))
    return Group(*parts)


_COUNTS = (
    ("reissues", Text("in place of another card", "pengganti kartu lain")),
    ("withdrawn", Text("withdrawn", "ditarik")),
    ("corrected", Text("corrected since: no card from this batch", "diperbaiki: tanpa kartu dari kelompok ini")),
    ("waiting", Text("without a card so far", "belum mendapat kartu")),
)
_REGION_COLUMNS = [
    (Text("code", "kode"), "whole"),
    (Text("kecamatan", "kecamatan"), "left"),
    (Text("lines", "baris"), "right"),
]
_STEP_COLUMNS = [
    (Text("at", "pada"), "whole"),
    (Text("step", "langkah"), "left"),
    (Text("by", "oleh"), "left"),
    (Text("reason", "alasan"), "left"),
]
