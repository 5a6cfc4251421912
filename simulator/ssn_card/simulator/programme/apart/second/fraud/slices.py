# SPDX-License-Identifier: Apache-2.0
"""A family sells its credit in slices: round debits one after the other on one day, until nothing is left.

After USDA's patterns of irregular sales: one household again within half an hour to a day, even amounts
(criminallawyersnyc.com).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import exact
from ....plan.calendar import DAY, HOUR, MINUTE, MONTH_STARTS
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, errands, months
from ..hand import from_the_start

_SLICES: Final = ((50_000, 5), (75_000, 4), (100_000, 3))  #: rupiah, and how many a month
_TEXTS: Final = 6


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    card, how = actor.place, boldness(random)
    label = draft.label(actor.scheme, actor.rules)
    shop = int(draft.population.families.home[card])
    rupiah, count = _SLICES[int(random.integers(len(_SLICES)))]
    for month in months(random, 2, 8):
        draft.drop(errands(draft, card, month))
        day = int(MONTH_STARTS[month]) + int(random.integers(1, 15))
        begins = day * DAY + int(draft.hour(shop, random.uniform(0.0, 0.4)))
        gaps = random.integers(5 * MINUTE, round(between(1.5 * HOUR, 25 * MINUTE, how)), count)
        prices = draft.goods.price(shop, month)
        menu = draft.goods.add_menu([exact(random, prices, rupiah) for _ in range(_TEXTS)], _TEXTS)
        rows = draft.add(np.full(count, card), begins + np.cumsum(gaps), shop, want=Want.FREE, share=1.0, menu=menu)
        draft.claim(rows, label, actor)


SCHEME: Final = Scheme("fraud-slices", "card", ("A1", "A2"), 2, from_the_start, _apply)
