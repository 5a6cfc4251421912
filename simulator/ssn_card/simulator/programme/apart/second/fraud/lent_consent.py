# SPDX-License-Identifier: Apache-2.0
"""A companion lends her consent: one shop raises limits in her name for whomever it likes, hers or not, need or none.

After companions who took part in what they were to prevent: Pagelaran, Malang (rmoljatim.id, 2021), Cileungsi, Bogor
(koranindonews.com, 2020). That consent is lent is our own guess: no other programme has such a thing to lend.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import MINUTE, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.scheme import Scheme, free_companions, free_families
from ....plan.ways import between, boldness, errands, regular

_AMOUNTS: Final = np.array([100_000, 150_000, 200_000, 250_000, 300_000])
_LEAST: Final = 3  #: families of hers
_APART: Final = 45 * MINUTE  #: of two debits at most


def _candidates(draft: Draft) -> Ints:
    families = draft.population.families
    own = np.bincount(families.companion[free_families(draft)], minlength=len(draft.population.companions))
    every = free_companions(draft)
    return every[own[every] >= _LEAST]


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, families = boldness(random), draft.population.families
    label = draft.label(actor.scheme, actor.rules)
    free = regular(draft, free_families(draft))
    hers = free[families.companion[free] == actor.place]
    shops, count = np.unique(families.home[hers if len(hers) else free], return_counts=True)
    shop = int(shops[count.argmax()])
    others = free[(families.home[free] == shop) & (families.companion[free] != actor.place)]
    helped = np.concatenate((hers, random.permutation(others)[: round(between(4, 10, how))]))
    wanted = round(between(24, 60, how))
    turns = [(family, month) for family in helped.tolist() for month in range(1, 12)]
    for place in random.permutation(len(turns))[:wanted].tolist():
        family, month = turns[place]
        rows = errands(draft, family, month)
        if not len(rows):
            continue
        if random.random() < between(0.3, 0.6, how):
            rows = _gathered(draft, random, family, month, shop, rows)
            draft.claim(rows, label, actor)
        else:  #: the purchase is what it would have been
            draft.visits["terminal"][rows[:1]] = shop + 1
        at = draft.visits["real"][rows[:1]] - random.integers(1, 10) * MINUTE
        amount = random.choice(_AMOUNTS, 1)
        raised = draft.add(np.full(1, family), at, shop, step=Step.OVERRIDE, amount=amount, companion=actor.place)
        draft.claim(raised, label, actor)


def _gathered(
    draft: Draft, random: np.random.Generator, family: int, month: int, shop: int, rows: np.ndarray
) -> np.ndarray:
    """Nothing in the month before, all at once in this."""
    draft.drop(errands(draft, family, month - 1))
    first = int(draft.visits["real"][rows[0]])
    both = first + np.array([0, random.integers(6 * MINUTE, _APART)])
    draft.drop(rows)
    return draft.add(np.full(2, family), both, shop, want=np.array([Want.BB, Want.B]), share=1.0, given=True)


SCHEME: Final = Scheme("fraud-lent-consent", "companion", ("A11",), 1, _candidates, _apply)
