# SPDX-License-Identifier: Apache-2.0
"""A whole year on disk: a plan played, and all files written of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ssn_card.keys import KeyProvider

from ..plan.contents import Plan
from ..plan.events import Step
from . import by_deck, side_files, truth, uploads
from .folder import DATA, EXPORTS, TRUTH, YearFolder
from .played import Played

PASSES = 2  #: of :func:`.by_deck.play` over the events


@dataclass(frozen=True)
class YearSummary:
    """What a year holds. ``uploaded``: lines that reach the auditor; ``refused``: by cards; rupiah of all receipts."""

    cards: int
    families: int
    shops: int
    companions: int
    receipts: int
    uploaded: int
    refused: int
    debited: int
    actors: int
    lookalikes: int


def make(
    plan: Plan, provider: KeyProvider, folder: YearFolder, *, fast: bool, progress: Callable[[int], None]
) -> YearSummary:
    """Play a plan and write the year; ``fast``: by the card's rules in numpy instead of the applet.

    Raises as :func:`.by_deck.play` or :func:`.by_applet.play`; ``OSError`` where it cannot be written.
    """
    if fast:
        played = by_deck.play(plan, provider, progress)
    else:
        from . import by_applet  # only here: terminals, cards and Java

        played = by_applet.play(plan, provider, folder.work, progress)
    uploaded = uploads.write(plan, played, folder.fresh(EXPORTS))
    side_files.write(plan, played, folder.fresh(DATA))
    truth.write(plan, played, folder.fresh(TRUTH))
    folder.finish()
    return _summary(plan, played, uploaded)


def steps(plan: Plan, *, fast: bool) -> int:
    """How much progress is told of in all."""
    return len(plan.events) * (PASSES if fast else 1)


def _summary(plan: Plan, played: Played, uploaded: int) -> YearSummary:
    made = played.receipted(plan)
    asked = plan.events["step"] <= Step.UPDATE
    debits = made & (plan.events["step"] == Step.DEBIT)
    totals = np.array([*(basket.total for basket in plan.baskets), 0], np.int64)
    return YearSummary(
        cards=len(plan.serials),
        families=_distinct(plan, "cards", "family"),
        shops=_distinct(plan, "shops", "id_ewarong"),
        companions=len(plan.companions),
        receipts=int(made.sum()),
        uploaded=uploaded,
        refused=int((asked & ~made).sum()),
        debited=int(totals[plan.events["basket"][debits]].sum()),
        actors=sum(not actor.honest for actor in plan.actors),
        lookalikes=sum(actor.honest for actor in plan.actors),
    )


def _distinct(plan: Plan, table: str, column: str) -> int:
    return len(plan.tables[table][column].unique()) if table in plan.tables else 0
