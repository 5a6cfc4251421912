# SPDX-License-Identifier: Apache-2.0
"""A companion goes shopping with its families once a month; they save for one feast together, with its consent."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, MINUTE, MONTH_STARTS, MONTHS
from ..draft import Actor, Draft, Rows, Want
from ..events import Step
from ..honest import FEASTS, SAVED
from ..scheme import Scheme, free_companions

_PACE: Final = (90, 5 * MINUTE)
_SAVES: Final = 2  #: months before the feast


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    own = np.flatnonzero(draft.population.families.companion == actor.place)
    shop = int(np.bincount(draft.population.families.home[own]).argmax())
    feast = int(random.choice(FEASTS))
    for month in range(MONTHS):
        rows = np.concatenate([draft.in_month(draft.of_card(card), month) for card in own.tolist()])
        if feast - _SAVES <= month < feast:
            draft.drop(rows)
            continue
        together = _together(draft, rows, shop, month, random)
        draft.claim(together, draft.label("lookalike-companion-group", actor.rules), actor)
        if month == feast:
            draft.drop(np.setdiff1d(rows, together))
            _celebrate(draft, together, actor, random)


def _together(draft: Draft, rows: Rows, shop: int, month: int, random: np.random.Generator) -> Rows:
    """The first purchase of each family, now on one day and one after another."""
    visits = draft.visits
    rows = rows[visits["step"][rows] == Step.DEBIT]
    rows = rows[np.argsort(visits["real"][rows], kind="stable")]
    together: Rows = rows[np.unique(visits["card"][rows], return_index=True)[1]]
    day = MONTH_STARTS[month] + int(random.integers(1, 10))
    start = day * DAY + int(draft.hour(shop, random.random() * 0.7))
    visits["real"][together] = start + np.cumsum(random.integers(*_PACE, len(together)))
    visits["terminal"][together] = shop + 1
    visits["want"][together] = np.where(random.random(len(together)) < 0.6, Want.A, Want.FREE)
    visits["share"][together] = 0.95
    return together


def _celebrate(draft: Draft, together: Rows, actor: Actor, random: np.random.Generator) -> None:
    """Two packages, and a week later one more above the limit."""
    draft.visits["want"][together] = Want.AB
    cards, terminal = draft.visits["card"][together], draft.visits["terminal"][together].astype(np.int64)
    later = draft.visits["real"][together] + 7 * DAY + np.cumsum(random.integers(*_PACE, len(together)))
    raised = draft.add(
        cards, later, terminal - 1, step=Step.OVERRIDE, amount=SAVED, companion=actor.place
    )  # fmt: skip
    bought = draft.add(cards, later + MINUTE, terminal - 1, want=Want.A, given=True)
    draft.claim(np.concatenate((raised, bought)), draft.label("lookalike-companion-group", actor.rules), actor)


SCHEME: Final = Scheme("lookalike-companion-group", "companion", ("A4", "A11"), 6, free_companions, _apply, honest=True)
