# SPDX-License-Identifier: Apache-2.0
"""A child is ill: the family needs more in some months, its companion has seen it and lifts the limit.

It buys little in the months between, or there would be nothing on the card.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import MINUTE, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.scheme import Scheme, free_families
from ....plan.ways import errands, only_first

_MONTHS: Final = (3, 6)
_AMOUNTS: Final = (60_000, 300_000)


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    family, label = actor.place, draft.label(actor.scheme, actor.rules)
    companion = int(draft.population.families.companion[family])
    times = int(random.integers(*_MONTHS))
    for month in np.sort(random.choice(np.arange(2, 12), times, replace=False)).tolist():
        if random.random() < 0.7:
            draft.drop(errands(draft, family, month - 1))
        rows = only_first(draft, errands(draft, family, month), 2)
        if not len(rows):
            continue
        visits = draft.visits
        visits["want"][rows[:1]] = Want.AB
        visits["want"][rows[1:]], visits["share"][rows[1:]] = Want.FREE, 1.0
        draft.claim(rows, label, actor)
        last = rows[-1:]
        lifted = draft.add(
            visits["card"][last].copy(),
            visits["real"][last] - random.integers(3, 15) * MINUTE,
            visits["terminal"][last].astype(np.int64) - 1,
            step=Step.OVERRIDE,
            amount=round(random.uniform(*_AMOUNTS) / 10_000) * 10_000,
            companion=companion,
        )
        draft.claim(lifted, label, actor)


def _candidates(draft: Draft) -> Ints:
    """Families that buy much as it is."""
    families = free_families(draft)
    card = draft.visits["card"]
    count = np.bincount(card[card >= 0], minlength=len(draft.population.cards))
    return families[count[families] >= 12]


SCHEME: Final = Scheme("lookalike-ill-child", "family", ("A11",), 6, _candidates, _apply, honest=True)
