# SPDX-License-Identifier: Apache-2.0
"""A daughter-in-law fetches for three to five old families on her way from the field: their cards, one behind another.

Honest: they asked her, each gets what it wants and when it is there, and some months they come themselves.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MONTH_STARTS, MONTHS, Ints
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme
from ....plan.ways import customers, errands, in_turn, move, only_first, shops_with, some

_OLD: Final = (3, 6)
_GAPS: Final = (60, 280)
_AWAY: Final = 0.15  #: of the months


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, label = actor.place, draft.label(actor.scheme, actor.rules)
    old = some(random, customers(draft, shop), int(random.integers(*_OLD)))
    for month in range(MONTHS):
        if month and random.random() < _AWAY:
            continue
        rows = [only_first(draft, errands(draft, card, month)) for card in random.permutation(old).tolist()]
        first = np.concatenate(rows)
        day = int(MONTH_STARTS[month]) + int(random.integers(1, 13))
        begins = day * DAY + int(draft.hour(shop, random.uniform(0.05, 0.9)))
        move(draft, first, shop, in_turn(random, begins, len(first), _GAPS), given=True)
        draft.claim(first, label, actor)


def _candidates(draft: Draft) -> Ints:
    free = shops_with(8)(draft)
    return free[[len(customers(draft, shop)) >= _OLD[0] for shop in free.tolist()]]


SCHEME: Final = Scheme("lookalike-carer", "shop", ("A4", "A7"), 3, _candidates, _apply, honest=True)
