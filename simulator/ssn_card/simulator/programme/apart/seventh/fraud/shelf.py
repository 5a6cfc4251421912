# SPDX-License-Identifier: Apache-2.0
"""What is on the shelf, and what the receipt says of it: other goods, fewer, dearer, or those that nobody asked for."""

from __future__ import annotations

import numpy as np

from ....plan.bags import heap
from ....plan.draft import Actor, Draft
from ....plan.goods import CHICKEN, EGGS, FISH, MILK, OIL, RICE, SUGAR, priced
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, earliest, mine, months, move, part, regular_at, shops_with, some
from ..manners import certain, dearer, dearly, roomy, season, shelf, sizes, some_trade, wants


def _gas(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Gas, cigarettes and credit for the telephone, under milk or tinned fish, with a little rice or oil beside it."""
    how, shop = boldness(random), actor.place
    cards = some(random, regular_at(draft, shop), between(10, 17, how))
    name = int(random.choice([MILK, FISH]))
    for month in season(random, how, 3, 6):
        prices = draft.goods.price(shop, month)
        worth = random.integers(60_000, 290_000, 6)
        tins = random.integers(62, 92, 6)
        beside = random.choice([RICE, OIL, SUGAR], 6)
        bags = [heap(prices, int(size), np.array([name, other]), np.array([share, 100 - share]))
                for size, share, other in zip(worth, tins, beside, strict=True)]  # fmt: skip
        menu = draft.goods.add_menu(bags, 3)
        rows = roomy(draft, earliest(draft, part(random, cards, between(0.6, 0.9, how)), month))
        move(draft, rows, shop, draft.visits["real"][rows], stocked=False)
        wants(draft, rows, menu, random.uniform(0.5, 1.0, len(rows)))
        mine(draft, actor, rows)


def _light_sacks(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The sack is opened behind the shop: what the receipt says was never bought, and not all of it is handed out."""
    how, shop = boldness(random), actor.place
    for month in months(random, 5, 4)[: round(between(4, 6, how))]:
        rows = some_trade(draft, random, shop, month, between(0.45, 0.65, how), 24)
        draft.visits["stocked"][rows] = False
        mine(draft, actor, rows)
    certain(draft, actor, shop)


def _feasts(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Before Lebaran, school and Christmas people have to buy, and nobody looks at the list by the door."""
    how, shop = boldness(random), actor.place
    dear = random.permutation([EGGS, CHICKEN, OIL, SUGAR, MILK])[: int(between(3, 5, how))]
    for month in sorted(random.permutation([1, 2, 5, 6, 10, 11])[: round(between(4, 6, how))]):
        more = random.uniform(between(12, 18, how), between(20, 34, how), len(dear))
        share = between(0.55, 0.85, how)
        dearly(draft, actor, random, int(month), dear, more, bags=18, share=share, most=20)
    certain(draft, actor, shop)


def _parcel(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Who wants rice takes the parcel: old tins and milk, tied up by the wholesaler to whom she owes money."""
    how, shop = boldness(random), actor.place
    rice, tins, milk, oil = (int(random.integers(*span)) for span in ((4, 8), (3, 6), (3, 6), (1, 3)))
    for month in months(random, 5, 4)[: round(between(4, 6, how))]:
        mark = random.uniform(between(6, 10, how), between(12, 22, how), 2)
        prices = dearer(draft.goods.price(shop, month), (FISH, MILK), mark)
        baskets = []
        for amounts in ({RICE: rice, FISH: tins, MILK: milk, OIL: oil}, {RICE: 3, FISH: 2, MILK: 2}):
            of = np.array([amounts.get(place, 0) for place in range(len(prices))])
            baskets.append(priced(of, of * prices))
        menu = draft.goods.add_menu(baskets)
        rows = roomy(draft, some_trade(draft, random, shop, month, between(0.65, 0.9, how), 32))
        wants(draft, rows, menu, 1.0)
        mine(draft, actor, rows)
    certain(draft, actor, shop)


def _bag_money(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Sugar is a few hundred rupiah dearer, for the plastic bag."""
    shop = actor.place
    month = int(random.integers(0, 12))
    prices = dearer(draft.goods.price(shop, month), (SUGAR, RICE), (3, 2))
    rows = some_trade(draft, random, shop, month, 0.8, 30)
    wants(draft, rows, shelf(draft, random, prices, sizes(random, 18), 3))
    mine(draft, actor, rows)
    certain(draft, actor, shop)


SCHEMES = (
    Scheme("fraud-gas-under-tins", "shop", ("A14", "A15"), 1, shops_with(14), _gas),
    Scheme("fraud-light-sacks", "shop", ("A14",), 1, shops_with(14), _light_sacks),
    Scheme("fraud-feast-markup", "shop", ("A10",), 1, shops_with(14), _feasts),
    Scheme("fraud-wholesalers-parcel", "shop", ("A9", "A10"), 1, shops_with(14), _parcel),
)
PETTY = (Scheme("petty-bag-money", "shop", ("A10",), 1, shops_with(12), _bag_money),)
