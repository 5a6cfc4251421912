# SPDX-License-Identifier: Apache-2.0
"""Cash at a discount: the shop pays a part of it for all that a card may spend, and types in goods to fit.

To be worth the trip, families let two months gather. What is typed is little of one's imagination: twenty tins of milk,
a dozen of oil. The goods were never bought. After USDA's patterns of irregular SNAP sales (large, too large for the
shop; criminallawyersnyc.com) and South Carolina's rule for WIC vendors whose sales exceed their stock (61-94-601).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ....plan.bags import heap
from ....plan.calendar import MONTHS, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, moment, months, some
from ..hand import corner_shops, debited

_LEAST: Final = 20
_TYPED: Final = np.array([place for place, code in enumerate(CODES) if code not in ("BERAS", "TELUR")])
_AMOUNTS: Final = (90_000, 150_000, 220_000, 260_000, 290_000, 300_000, 400_000, 500_000, 570_000, 600_000)
_EACH: Final = 4  #: baskets for an amount


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, how = actor.place, boldness(random)
    label = draft.label(actor.scheme, actor.rules)
    families = some(random, customers(draft, shop), between(14, 24, how))
    gathers = random.random(len(families)) < between(0.55, 0.8, how)
    turn = random.integers(0, 2, len(families))
    for month in months(random, 1, 9):
        menu = draft.goods.add_menu(_typed(random, draft.goods.price(shop, month), how), _EACH)
        sells = random.random(len(families)) < between(0.6, 0.95, how)
        for family in families[gathers & ((month + turn) % 2 == 1)].tolist():
            _waits(draft, family, month)
        now = families[sells & (~gathers | ((month + turn) % 2 == 0))]
        when = moment(draft, random, month, (0, 16), np.full(len(now), shop))
        rows = debited(draft, now, month, shop, when, want=Want.FREE, menu=menu, stocked=False, given=True)
        draft.claim(rows, label, actor)


def _waits(draft: Draft, family: int, month: int) -> None:
    rows = draft.in_month(draft.of_card(family), month)
    if month < MONTHS - 1:
        draft.drop(rows)


def _typed(random: np.random.Generator, prices: Ints, how: float) -> list[Basket]:
    """Much of one, two or three goods, for each of some amounts or a little less."""
    baskets = []
    for rupiah in np.repeat(_AMOUNTS, _EACH).tolist():
        kinds = int(random.choice([1, 2, 3], p=[between(0.1, 0.6, how), 0.3, between(0.6, 0.1, how)]))
        goods = random.permutation(_TYPED)[:kinds]
        shares = np.sort(random.dirichlet(np.full(kinds, 6.0)) * 100).astype(np.int64)[::-1]
        baskets.append(heap(prices, rupiah, goods, shares))
    return [one for one in baskets if one.total <= max(_AMOUNTS)]


SCHEME: Final = Scheme("fraud-discount", "shop", ("A3", "A8", "A14"), 1, corner_shops(_LEAST), _apply)
