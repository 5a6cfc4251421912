# SPDX-License-Identifier: Apache-2.0
"""A companion takes her families to the shop together: a car, one morning a month, and then one behind the other."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, HOUR, MINUTE, MONTH_STARTS, MONTHS, Ints
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme, free_companions, free_families
from ....plan.ways import errands, in_turn, move, part, regular

_COMES: Final = 0.8
_GAPS: Final = (70.0, 260.0)
_LEAST: Final = 5  #: families


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    label = draft.label(actor.scheme, actor.rules)
    families = draft.population.families
    own = regular(draft, np.flatnonzero(families.companion == actor.place))
    shop = int(np.bincount(families.home[own]).argmax())
    for month in range(MONTHS):
        firsts = [errands(draft, family, month)[:1] for family in part(random, own, _COMES).tolist()]
        rows = random.permutation(np.concatenate([np.zeros(0, np.intp), *firsts]))
        day = int(MONTH_STARTS[month] + random.integers(0, 12))
        begins = day * DAY + 8 * HOUR + int(random.integers(20, 200)) * MINUTE
        move(draft, rows, shop, in_turn(random, begins, len(rows), _GAPS))
        draft.claim(rows, label, actor)


def _candidates(draft: Draft) -> Ints:
    """Companions with families enough that are in no other scheme."""
    of = draft.population.families.companion[free_families(draft)]
    count = np.bincount(of, minlength=len(draft.population.companions))
    free = free_companions(draft)
    return free[count[free] >= _LEAST]


SCHEME: Final = Scheme("lookalike-led-group", "companion", ("A4",), 8, _candidates, _apply, honest=True)
