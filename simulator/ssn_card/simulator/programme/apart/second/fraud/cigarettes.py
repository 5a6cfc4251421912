# SPDX-License-Identifier: Apache-2.0
"""Cigarettes and telephone credit, typed in as milk and tinned fish, of which the shop has bought far less.

As a WIC vendor in Texas who used the code of an allowed food for another (oig.hhs.texas.gov, field compliance); sales
of a food that exceed the vendor's stock are a reason to bar him in South Carolina (61-94-601).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ....plan.bags import heap
from ....plan.calendar import DAY, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, errands, months, some
from ..hand import corner_shops

_LEAST: Final = 20
_CODES: Final = np.array([CODES.index("SUSU"), CODES.index("IKAN_KALENG")])
_BASKETS: Final = 14


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, how = actor.place, boldness(random)
    label = draft.label(actor.scheme, actor.rules)
    families = some(random, customers(draft, shop), between(13, 17, how))
    for month in months(random, 2, 9):
        menu = draft.goods.add_menu(_typed(random, draft.goods.price(shop, month), how), _BASKETS)
        for family in families[random.random(len(families)) < between(0.65, 0.85, how)].tolist():
            rows = errands(draft, family, month)
            if not len(rows):
                continue
            until = int(draft.visits["real"][rows[0]]) // DAY
            day = int(random.integers(int(MONTH_STARTS[month]), max(until, int(MONTH_STARTS[month]) + 1)))
            at = np.array([day * DAY + int(draft.hour(shop, random.random()))])
            smoked = draft.add(np.full(1, family), at, shop, want=Want.FREE, share=1.0, menu=menu, stocked=False)
            draft.claim(smoked, label, actor)


def _typed(random: np.random.Generator, prices: Ints, how: float) -> list[Basket]:
    """Much of one or both, all for nearly the same money, so that any of them may be typed."""
    baskets = []
    for _ in range(_BASKETS):
        kinds = random.permutation(_CODES)[: 1 if random.random() < between(0.5, 0.9, how) else 2]
        shares = np.array([100]) if len(kinds) == 1 else np.array([60, 40])
        baskets.append(heap(prices, int(random.integers(90_000, round(between(140_000, 185_000, how)))), kinds, shares))
    return baskets


SCHEME: Final = Scheme("fraud-cigarettes", "shop", ("A14", "A15"), 1, corner_shops(_LEAST), _apply)
