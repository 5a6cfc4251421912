# SPDX-License-Identifier: Apache-2.0
"""A shop sells cigarettes and phone credit and keys them as milk, sugar or canned fish, so many as come near the price.

No supplier ever sold it so much of them. Bold ones key nothing else, careful ones put rice and eggs beside.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ....plan.calendar import Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES, priced
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, months, part, shops_with

_OF_DEBITS: Final = (0.10, 0.32)
_UNDER: Final = ("SUSU", "GULA", "IKAN_KALENG")
_SOLD: Final = (12_000, 23_500, 25_000, 27_000, 31_500, 36_000, 52_000, 102_000)  #: rupiah, packs and credit
_MIXED: Final = (0.8, 0.1)  #: with true goods beside
_BASKETS: Final = 60


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, shop = boldness(random), actor.place
    label = draft.label(actor.scheme, actor.rules)
    under = CODES.index(str(random.choice(_UNDER)))
    for month in months(random, 3, 7):
        prices = draft.goods.price(shop, month)
        baskets = [_keyed(random, prices, under, how) for _ in range(_BASKETS)]
        rows = part(random, draft.in_month(draft.of_shop(shop), month), between(*_OF_DEBITS, how))
        menu, visits = draft.goods.add_menu(baskets, spread=6), draft.visits
        visits["want"][rows], visits["menu"][rows], visits["stocked"][rows] = Want.FREE, menu, False
        visits["share"][rows] = random.uniform(0.5, 1.0, len(rows))
        draft.claim(rows, label, actor)


def _keyed(random: np.random.Generator, prices: Ints, under: int, how: float) -> Basket:
    sold = int(random.choice(_SOLD, random.integers(1, 6)).sum())
    amounts = np.zeros(len(CODES), np.int64)
    if random.random() < between(*_MIXED, how):
        amounts[[0, 1]] = random.integers(1, 6), 5 * random.integers(1, 4)
    lines = amounts * prices
    amounts[under], lines[under] = max(1, round(sold / int(prices[under]))), sold
    return priced(amounts, lines)


SCHEME: Final = Scheme("fraud-other-goods", "shop", ("A14", "A15"), 1, shops_with(10), _apply)
