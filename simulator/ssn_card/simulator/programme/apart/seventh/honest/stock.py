# SPDX-License-Identifier: Apache-2.0
"""Shops that sell little of many goods or much of one, and whose papers come from elsewhere or later."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ssn_card.receipts import Basket

from ....plan.bags import heap, shopping
from ....plan.calendar import MONTH_STARTS, MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CHICKEN, EGGS, OIL, RICE, priced
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, days_of, mine, shops_with, some
from ..manners import HALF, certain, roomy, season, some_trade, trade, wants


def _in_laws(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """After each harvest she sells rice of her in-laws' field across the river, of which there is no invoice."""
    how, shop = boldness(random), actor.place
    for month in sorted(some(random, np.array([2, 3, 4, 8, 9]), between(3, 5, how)).tolist()):
        price = draft.goods.price(shop, month)
        kilos = [np.where(np.arange(len(price)) == RICE, count, 0) for count in (1, 2, 3, 5, 8, 10, 15)]
        rows = trade(draft, shop, month)
        small = (draft.visits["want"][rows] == Want.FREE) | (random.random(len(rows)) < 0.2)
        rows = rows[small & (random.random(len(rows)) < between(0.4, 0.75, how))]
        wants(draft, rows, draft.goods.add_menu([priced(one, one * price) for one in kilos], 3))
        draft.visits["stocked"][rows] = False
        mine(draft, actor, rows)
    certain(draft, actor, shop)


def _dated_when_paid(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The wholesaler writes the invoice when he is paid, some days after the rice was carried in."""
    shop = actor.place
    late = int(random.integers(4, 7))
    draft.late_stock[shop] = late
    for month in range(MONTHS):
        rows = trade(draft, shop, month)
        day = (days_of(draft, rows) - MONTH_STARTS[month]) % HALF
        mine(draft, actor, rows[day < late - 1])
    certain(draft, actor, shop)


def _sold(
    draft: Draft,
    actor: Actor,
    random: np.random.Generator,
    month: int,
    bags: Sequence[Basket],
    *,
    spread: int,
    share: float,
    most: int,
) -> None:
    """One of these bags to a share of a month's trade, and to no more than so many."""
    rows = roomy(draft, some_trade(draft, random, actor.place, month, share, most))
    wants(draft, rows, draft.goods.add_menu(bags, spread))
    mine(draft, actor, rows)


def _poultry(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Beside the slaughterhouse: chicken is fresh and people come for it, with eggs or oil to fry it in."""
    how, shop = boldness(random), actor.place
    for month in season(random, how, 2, 8):
        prices = draft.goods.price(shop, month)
        bags = []
        for size in random.integers(45_000, 230_000, 12).tolist():
            beside, share = int(random.choice([EGGS, OIL, RICE])), int(random.integers(45, 76))
            bags.append(heap(prices, size, np.array([CHICKEN, beside]), np.array([share, 100 - share])))
        _sold(draft, actor, random, month, bags, spread=4, share=between(0.2, 0.45, how), most=22)
    certain(draft, actor, shop)


def _sacks(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Large households: a sack of fifteen and oil, month after month; the rest comes from garden and river."""
    how, shop = boldness(random), actor.place
    for month in season(random, how, 2, 8):
        price = draft.goods.price(shop, month)
        bags = []
        for sack, oil in ((5, 1), (10, 1), (10, 2), (15, 1), (15, 2), (15, 3)):
            of = np.zeros(len(price), np.int64)
            of[RICE], of[OIL] = sack, oil
            bags.append(priced(of, of * price))
        _sold(draft, actor, random, month, bags, spread=2, share=between(0.25, 0.5, how), most=24)
    certain(draft, actor, shop)


def _small_shelf(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Two shelves and one supplier, who brings the same few sizes: half of the customers end with the same bags."""
    how, shop = boldness(random), actor.place
    for month in range(MONTHS):
        if month % 3 == 0:
            of = [int(size) for size in random.integers(70_000, 298_000, round(between(9, 5, how)))]
        bags = [shopping(random, draft.goods.price(shop, month), size) for size in of]
        _sold(draft, actor, random, month, bags, spread=2, share=between(0.4, 0.65, how), most=34)
    certain(draft, actor, shop)


SCHEMES = (
    Scheme("lookalike-in-laws-field", "shop", ("A14",), 1, shops_with(12), _in_laws, honest=True),
    Scheme("lookalike-dated-when-paid", "shop", ("A6",), 1, shops_with(12), _dated_when_paid, honest=True),
    Scheme("lookalike-by-the-slaughterhouse", "shop", ("A8", "A15"), 1, shops_with(12), _poultry, honest=True),
    Scheme("lookalike-sack-and-oil", "shop", ("A8", "A9"), 1, shops_with(12), _sacks, honest=True),
    Scheme("lookalike-two-shelves", "shop", ("A9",), 1, shops_with(12), _small_shelf, honest=True),
)
