# SPDX-License-Identifier: Apache-2.0
"""Honest: baskets that are alike, or odd, for what is cooked of them."""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ...plan.bags import heap
from ...plan.calendar import DAY, MINUTE, MONTH_STARTS, MONTHS, Ints
from ...plan.draft import Actor, Draft
from ...plan.goods import CHICKEN, CODES, EGGS, FISH, MILK, OIL, RICE, SUGAR, priced
from ...plan.honest import FEASTS
from ...plan.scheme import Scheme
from ...plan.ways import between, boldness, firsts, in_turn, mine, months, move, part, regular_at, shops_with, some
from .ledger import any_of, ask, on_weekday, sales

_BAKING: Final = (1, 2, 4, 5, 10, 11)  #: months of weddings, of Lebaran and of the turn of the year
_ONE_COOK: Final = (50.0, 200.0)  #: seconds from card to card


def _made_of(prices: Ints, **amounts: int) -> Basket:
    """A basket of so much, at the shop's own prices."""
    lines = np.array([amounts.get(code, 0) for code in CODES], np.int64)
    return priced(lines, lines * prices)


def _cake_season(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Women who bake for weddings buy eggs, sugar and milk by the crate, and eat rice of the neighbours' meanwhile."""
    shop, how = actor.place, boldness(random)
    bakers = some(random, regular_at(draft, shop), between(5, 10, how))
    goods = np.array([EGGS, SUGAR, OIL, MILK])
    for month in _BAKING:
        rows = firsts(draft, bakers[random.random(len(bakers)) < 0.7], month)
        prices, sums = draft.goods.price(shop, month), random.integers(130_000, 295_000, 10)
        baskets = [heap(prices, int(one), goods, random.multinomial(92, [0.36, 0.26, 0.14, 0.24])) for one in sums]
        draft.visits["terminal"][rows] = shop + 1
        ask(draft, rows, any_of(draft, baskets))
        mine(draft, actor, rows)


def _feast_hamper(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A hamper in cellophane before the feasts: who wants it takes it, at the price of what is in it."""
    shop, how = actor.place, boldness(random)
    for month in FEASTS:
        prices = draft.goods.price(shop, month)
        large = _made_of(prices, BERAS=5, TELUR=30, MINYAK=2, GULA=3, SUSU=2, AYAM=int(random.integers(0, 2)))
        small = _made_of(prices, TELUR=20, MINYAK=1, GULA=2, SUSU=2, IKAN_KALENG=int(random.integers(1, 3)))
        rows = part(random, sales(draft, shop, month), between(0.35, 0.6, how))
        ask(draft, rows, draft.goods.add_menu([small, large]))
        mine(draft, actor, rows)


def _weighing_day(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """On the day on which the midwife weighs the children, mothers buy what she has written down for all of them."""
    shop, how, weekday = actor.place, boldness(random), int(random.integers(7))
    mothers = some(random, regular_at(draft, shop), between(6, 12, how))
    for month in months(random, 2, 8):
        rows = firsts(draft, mothers[random.random(len(mothers)) < 0.75], month)
        prices = draft.goods.price(shop, month)
        lists = [
            _made_of(prices, TELUR=30, SUSU=milk, IKAN_KALENG=fish, AYAM=1, BERAS=3)
            for milk, fish in ((4, 2), (6, 2), (6, 3))
        ]
        second = np.full(len(rows), MONTH_STARTS[month] + 7)
        day = on_weekday(second, month, weekday) + (random.random(len(rows)) < 0.15)
        move(draft, rows, shop, day * DAY + draft.hour(shop, random.beta(2, 3, len(rows))))
        ask(draft, rows, any_of(draft, lists))
        mine(draft, actor, rows)


def _shared_pot(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Widows of one lane eat from one pot; she who cooks carries all cards, and each knows what hers has paid."""
    shop, how = actor.place, boldness(random)
    lane = some(random, regular_at(draft, shop), between(5, 8, how))
    staples = np.array([RICE, EGGS, OIL, FISH, CHICKEN])
    for month in range(MONTHS):
        rows = firsts(draft, lane[random.random(len(lane)) < 0.9], month)
        prices, sums = draft.goods.price(shop, month), random.integers(180_000, 296_000, 8)
        baskets = [heap(prices, int(one), staples, random.multinomial(95, [0.5, 0.2, 0.1, 0.1, 0.1])) for one in sums]
        start = (int(MONTH_STARTS[month]) + int(random.integers(1, 10))) * DAY
        start += int(draft.hour(shop, random.uniform(0.05, 0.4))) + int(random.integers(0, 9)) * MINUTE
        move(draft, rows, shop, in_turn(random, start, len(rows), _ONE_COOK), given=True)
        ask(draft, rows, any_of(draft, baskets))
        mine(draft, actor, rows)


KITCHEN: Final = (
    Scheme("lookalike-cake-season", "shop", ("A8", "A15"), 1, shops_with(12), _cake_season, honest=True),
    Scheme("lookalike-feast-hamper", "shop", ("A9",), 1, shops_with(14), _feast_hamper, honest=True),
    Scheme("lookalike-weighing-day", "shop", ("A9", "A15"), 1, shops_with(12), _weighing_day, honest=True),
    Scheme("lookalike-shared-pot", "shop", ("A4", "A7", "A8"), 1, shops_with(10), _shared_pot, honest=True),
)
