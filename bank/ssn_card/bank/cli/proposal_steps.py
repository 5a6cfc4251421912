# SPDX-License-Identifier: Apache-2.0
"""What batches and runs share on the command line: a step is taken and told, and a changed content is found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import typer
from sqlalchemy.orm import Session

from ssn_card.cli.errors import EXIT_FINDINGS
from ssn_card.cli.output import emit, say, warn
from ssn_card.protocol.errors import Text

from ..proposals import flow
from ..store.tables.batches import ProposalKind, ProposalRow, ProposalStage
from ..store.work import StoreWork
from .options import BankOptions

_STAGE = Text("{name}: {stage}", "{name}: {stage}")
_CHANGED = Text(
    "The content is not what was submitted: somebody has changed the store beneath.",
    "Isinya bukan yang diajukan: simpanan data diubah dari luar.",
)


def step_taken(
    bank: BankOptions,
    kind: ProposalKind,
    name: str,
    step: Callable[[StoreWork, ProposalRow], None],
    standing: Callable[[Session, ProposalRow], dict[str, Any]],
) -> dict[str, Any]:
    """The proposal's ``standing`` after a step. Raises what the step raises: nothing was done."""
    with bank.signed_in() as (opened, actor), opened.work(actor) as work:
        row = flow.find(work.session, kind, name)
        step(work, row)
        return standing(work.session, row)


def tell_stage(command: str, data: Mapping[str, Any], as_json: bool) -> None:
    """Print where a proposal stands; ``command``: such as ``bank-runs-submit``."""
    text = _STAGE.filled(name=data["name"], stage=flow.STAGES[ProposalStage(data["stage"])])
    emit(command, data, as_json, lambda: say(text))


def require_unchanged(data: Mapping[str, Any]) -> None:
    """Warn, and end with ``EXIT_FINDINGS``, where the content is not what was submitted."""
    if not data["unchanged"]:
        warn(_CHANGED)
        raise typer.Exit(EXIT_FINDINGS)
