# SPDX-License-Identifier: Apache-2.0
"""A shopkeeper keys sums that were agreed on and makes up goods for them, which he never had.

The sums are round, in his own way: one likes whole fifties of thousands, another tens or twenty-fives.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import exact
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, months, part, shops_with

_OF_DEBITS: Final = (0.12, 0.40)
_ROUND: Final = (10_000, 20_000, 25_000, 50_000)
_SUMS: Final = (60_000, 300_000)
_WAYS: Final = 3  #: baskets that he makes up for a sum


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, shop = boldness(random), actor.place
    label = draft.label(actor.scheme, actor.rules)
    step = int(random.choice(_ROUND))
    for month in months(random, 4, 7):
        rows = part(random, draft.in_month(draft.of_shop(shop), month), between(*_OF_DEBITS, how))
        prices = draft.goods.price(shop, month)
        sums = [rupiah for rupiah in range(step, _SUMS[1] + 1, step) if rupiah >= _SUMS[0]]
        baskets = (exact(random, prices, rupiah) for rupiah in sums for _ in range(_WAYS))
        menu, visits = draft.goods.add_menu(baskets, spread=_WAYS), draft.visits
        visits["want"][rows], visits["menu"][rows], visits["stocked"][rows] = Want.FREE, menu, False
        visits["share"][rows] = random.uniform(0.35, 1.0, len(rows))
        draft.claim(rows, label, actor)


SCHEME: Final = Scheme("fraud-made-up-sales", "shop", ("A2", "A14"), 1, shops_with(10), _apply)
