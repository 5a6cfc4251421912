# SPDX-License-Identifier: Apache-2.0
"""A companion goes shopping with its families once a month, and confirms their need before the feasts."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, MINUTE, MONTH_STARTS, MONTHS
from ..draft import Actor, Draft, Want
from ..events import Step
from ..scheme import Scheme, free_companions

_PACE: Final = (90, 5 * MINUTE)


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    families, label = draft.population.families, draft.label("lookalike-companion-group", actor.rules)
    own = np.flatnonzero(families.companion == actor.place)
    shop = int(np.bincount(families.home[own]).argmax())
    for month in range(MONTHS):
        rows = np.concatenate([draft.in_month(draft.of_card(card), month) for card in own.tolist()])
        rows = rows[draft.visits["step"][rows] == Step.DEBIT]
        rows = rows[np.argsort(draft.visits["real"][rows])]
        together = rows[np.unique(draft.visits["card"][rows], return_index=True)[1]]
        day = MONTH_STARTS[month] + int(random.integers(1, 10))
        start = day * DAY + int(draft.hour(shop, random.random() * 0.7))
        visits = draft.visits
        visits["real"][together] = start + np.cumsum(random.integers(*_PACE, len(together)))
        visits["terminal"][together] = shop + 1
        packages = np.where(random.random(len(together)) < 0.6, Want.A, Want.FREE)
        visits["want"][together], visits["share"][together] = packages, 0.95
        draft.claim(together, label, actor)


SCHEME: Final = Scheme("lookalike-companion-group", "companion", ("A4", "A11"), 6, free_companions, _apply, honest=True)
