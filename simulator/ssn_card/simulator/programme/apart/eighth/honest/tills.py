# SPDX-License-Identifier: Apache-2.0
"""How a shop rings up: dry goods and fresh ones apart, by the week, in whole notes."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import exact, shopping, whole
from ....plan.calendar import DAY, MINUTE
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CHICKEN, EGGS, FISH, MILK, OIL, RICE, SUGAR
from ....plan.scheme import Scheme, busy_shops
from ....plan.ways import earliest, mine, part, shops_with
from ..habits import around, at_shop, menu, packed, uneven, want


def _dry_and_fresh(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Two sisters, one shop: the elder rings up what is dry, then the younger her eggs and chicken."""
    shop, both = actor.place, random.uniform(0.25, 0.5)
    for month in uneven(random, 2, 9, skips=0.03):
        price = draft.goods.price(shop, month)
        dry = [{RICE: rice, OIL: 1 + rice // 5, SUGAR: rice // 4, FISH: rice // 5} for rice in (2, 3, 5, 7, 8, 10)]
        dry += [{RICE: 5, OIL: 1, MILK: 2}, {RICE: 10, OIL: 2, MILK: 3, SUGAR: 2}]
        fresh = [{EGGS: eggs, CHICKEN: eggs // 10} for eggs in (5, 10, 15, 20, 30)] + [{CHICKEN: 1}, {CHICKEN: 2}]
        of_dry = menu(draft, [packed(price, one) for one in dry], spread=2)
        of_fresh = menu(draft, [packed(price, one) for one in fresh], spread=2)
        for rows in at_shop(draft, random, shop, [month], both):
            want(draft, rows, of_dry, random.uniform(0.5, 0.75, len(rows)))
            at = draft.visits["real"][rows] + random.integers(70, 9 * MINUTE, len(rows))
            card = draft.visits["card"][rows].copy()
            share = random.uniform(0.7, 1.0, len(rows))
            mine(draft, actor, rows)
            mine(draft, actor, draft.add(card, at, shop, want=Want.FREE, share=share, menu=of_fresh))


def _by_the_week(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Day labourers shop as they are paid, by the week, and ask for goods for so much: fifty thousand, a hundred."""
    shop = actor.place
    row = around(draft, random, shop, int(random.integers(8, 14)))
    for month in uneven(random, 3, 8, skips=0.05):
        price = draft.goods.price(shop, month)
        sums = menu(draft, [exact(random, price, one) for one in (25_000, 50_000, 75_000, 100_000, 150_000)], spread=2)
        rows = part(random, earliest(draft, row.tolist(), month), 0.8)
        want(draft, rows, sums, random.uniform(0.3, 0.5, len(rows)))
        draft.visits["terminal"][rows] = shop + 1
        card, day = draft.visits["card"][rows].copy(), draft.visits["real"][rows] // DAY
        mine(draft, actor, rows)
        again = random.random(len(rows)) < 0.7
        at = (day[again] + random.integers(6, 9, int(again.sum()))) * DAY
        at += draft.hour(shop, random.beta(4, 2, len(at)))
        share = random.uniform(0.4, 0.8, len(at))
        mine(draft, actor, draft.add(card[again], at, shop, want=Want.FREE, share=share, menu=sums))


def _no_small_change(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """She cannot see small figures: each line to the nearest five thousand, now up, now down."""
    shop, share = actor.place, random.uniform(0.5, 0.85)
    for month in uneven(random, 1, 10, skips=0.03):
        price = draft.goods.price(shop, month)
        sizes = np.linspace(30_000, 590_000, 26).astype(np.int64).tolist()
        own = menu(draft, [whole(shopping(random, price, one, eggs=10), 5_000) for one in sizes], spread=3)
        for rows in at_shop(draft, random, shop, [month], share):
            free = draft.visits["want"][rows] == Want.FREE
            want(draft, rows, own, np.where(free, draft.visits["share"][rows], random.uniform(0.9, 1.0, len(rows))))
            mine(draft, actor, rows)


SCHEMES: Final[tuple[Scheme, ...]] = (
    Scheme("lookalike-by-the-week", "shop", ("A2",), 1, shops_with(8), _by_the_week, honest=True),
    Scheme("lookalike-dry-and-fresh", "shop", ("A1",), 1, busy_shops, _dry_and_fresh, honest=True),
    Scheme("lookalike-five-thousands", "shop", ("A2",), 1, busy_shops, _no_small_change, honest=True),
)
