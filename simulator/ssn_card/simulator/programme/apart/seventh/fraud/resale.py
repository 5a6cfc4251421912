# SPDX-License-Identifier: Apache-2.0
"""Cards turned into money, by goods that no household carries home, or that nobody carries at all."""

from __future__ import annotations

import numpy as np

from ....plan.bags import heap
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CHICKEN, FISH, MILK, OIL, RICE, SUGAR
from ....plan.scheme import Scheme
from ....plan.ways import (
    between,
    boldness,
    errands,
    firsts,
    in_turn,
    mine,
    moment,
    move,
    part,
    regular_at,
    shops_with,
    some,
    strangers,
)
from ..manners import morning, season, shops_and_strangers, wants

_TRADED = ((RICE, OIL), (SUGAR, OIL), (RICE, SUGAR), (OIL, MILK))  #: what any stall takes off one's hands


def _courier(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A man brings the cards of his end of the town in one bag, once a month, and takes money home for them."""
    how, shop = boldness(random), actor.place
    away = strangers(draft, shop)
    home = draft.population.families.home[away]
    count = np.bincount(home, minlength=1)
    alley = away[home == int(random.choice(np.flatnonzero(count >= min(8, count.max()))))]
    cards = some(random, alley, between(8, 14, how))
    for month in season(random, how, 3, 6):
        goods = np.array(_TRADED[random.integers(len(_TRADED))])
        prices = draft.goods.price(shop, month)
        split = random.integers(35, 75, 5)
        sizes = random.integers(225_000, 300_000, 5)
        shares = np.stack([split, 100 - split], axis=1)
        bags = [heap(prices, int(size), goods, share) for size, share in zip(sizes, shares, strict=True)]
        menu = draft.goods.add_menu(bags, 3)
        rows = random.permutation(firsts(draft, part(random, cards, 0.88), month))
        begin = morning(draft, shop, month, int(random.integers(1, 8)), random.uniform(0.05, 0.7))
        moments = in_turn(random, begin, len(rows), (50, between(420, 180, how)))
        move(draft, rows, shop, moments, want=Want.FREE, menu=menu, share=1.0, given=True)
        mine(draft, actor, rows)


def _kitchen(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Her sister cooks for a works canteen: families sell the chicken and oil of their cards, a few each week."""
    how, shop = boldness(random), actor.place
    cards = some(random, regular_at(draft, shop), between(6, 10, how))
    for month in season(random, how, 3, 6):
        prices = draft.goods.price(shop, month)
        sizes = random.integers(240_000, 300_000, 4)
        split = random.integers(68, 90, 4)
        shares = np.stack([split, 97 - split], axis=1)
        goods = np.array([CHICKEN, OIL])
        bags = [heap(prices, int(size), goods, share) for size, share in zip(sizes, shares, strict=True)]
        rows = firsts(draft, part(random, cards, between(0.7, 0.95, how)), month)
        at = moment(draft, random, month, (0, 26), np.full(len(rows), shop))
        move(draft, rows, shop, at, given=True)
        wants(draft, rows, draft.goods.add_menu(bags, 2), 1.0)
        mine(draft, actor, rows)


def _two_moons(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Families are told to wait a month; then both loads go as one sale of things that nobody takes, for money."""
    how, shop = boldness(random), actor.place
    for card in some(random, regular_at(draft, shop), between(8, 13, how)).tolist():
        month = 1 + int(random.integers(0, 2))
        while month < 12:
            draft.drop(errands(draft, card, month - 1))
            prices = draft.goods.price(shop, month)
            three = random.permutation([RICE, SUGAR, OIL, MILK, FISH])[:3]
            shares = np.array([55, 28, 16])
            bags = [heap(prices, int(size), three, shares) for size in (290_000, random.integers(570_000, 600_000))]
            rows = firsts(draft, [card], month)
            at = moment(draft, random, month, (0, 12), np.full(len(rows), shop))
            move(draft, rows, shop, at, given=True, stocked=False)
            wants(draft, rows, draft.goods.add_menu(bags), 1.0)
            mine(draft, actor, rows)
            month += 2 + int(random.random() < 0.4)


SCHEMES = (
    Scheme("fraud-bag-of-cards", "shop", ("A4", "A8", "A16"), 1, shops_and_strangers(12), _courier),
    Scheme("fraud-works-canteen", "shop", ("A8",), 1, shops_with(14), _kitchen),
    Scheme("fraud-two-moons", "shop", ("A3", "A8", "A14"), 1, shops_with(14), _two_moons),
)
