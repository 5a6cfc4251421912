# SPDX-License-Identifier: Apache-2.0
"""The till itself: money out of it that is written as goods, and a bag that is paid twice."""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ....plan.bags import heap
from ....plan.calendar import MINUTE, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import EGGS, FISH, MILK, OIL, SUGAR, priced
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, earliest, firsts, mine, moment, move, part, regular_at, shops_with, some
from ..manners import season, wants

_NOTES: Final = (50_000, 100_000, 150_000, 200_000, 250_000)


def _written(prices: Ints, rupiah: int, main: int, percent: int) -> Basket:
    """Goods that come to exactly so much: one kind for such a part of it, eggs, and what is over on the first line."""
    amounts = np.zeros(len(prices), np.int64)
    amounts[main] = max(1, rupiah * percent // 100 // int(prices[main]))
    amounts[EGGS] = (rupiah - amounts[main] * prices[main]) // prices[EGGS]
    lines = amounts * prices
    lines[main] += rupiah - lines.sum()
    return priced(amounts, lines)


def _till_lends(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Somebody needs money for school or a motorbike: fifty, a hundred, two hundred thousand, written as goods."""
    how, shop = boldness(random), actor.place
    cards = some(random, regular_at(draft, shop), between(13, 18, how))
    main = int(random.choice([SUGAR, OIL, MILK, FISH]))  # what she always writes, with eggs
    for month in season(random, how, 3, 7):
        prices = draft.goods.price(shop, month)
        rows = earliest(draft, part(random, cards, between(0.7, 0.95, how)), month)
        at = moment(draft, random, month, (0, 18), np.full(len(rows), shop))
        move(draft, rows, shop, at, given=True, stocked=False)
        for row in rows.tolist():
            asked = int(random.choice(5, p=[0.1, 0.3, 0.2, 0.3, 0.1]))
            bags = [_written(prices, note, main, int(random.integers(50, 76))) for note in _NOTES[: asked + 1]]
            menu = draft.goods.add_menu(bags)
            wants(draft, np.array([row]), menu, 1.0)
        mine(draft, actor, rows)


def _machine_failed(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """ "It did not go through, once more please": old people pay the same bag twice."""
    how, shop = boldness(random), actor.place
    cards = some(random, regular_at(draft, shop), between(10, 16, how))
    for month in season(random, how, 3, 7):
        prices = draft.goods.price(shop, month)
        for card in part(random, cards, between(0.5, 0.8, how)).tolist():
            rows = firsts(draft, [card], month)
            if not len(rows):
                continue
            bag = heap(prices, int(random.integers(70_000, 130_000)), random.permutation(7)[:3], np.array([50, 30, 18]))
            menu = draft.goods.add_menu([bag])
            at = moment(draft, random, month, (0, 20), np.full(1, shop))
            move(draft, rows, shop, at, given=True)
            wants(draft, rows, menu, 1.0)
            again = at + random.integers(2 * MINUTE, 35 * MINUTE, 1)
            more = {"want": Want.FREE, "share": 1.0, "menu": menu, "given": True, "stocked": False}
            mine(draft, actor, draft.add(np.array([card]), again, shop, **more))


SCHEMES = (
    Scheme("fraud-till-lends", "shop", ("A2", "A14"), 1, shops_with(14), _till_lends),
    Scheme("fraud-machine-failed", "shop", ("A1",), 1, shops_with(14), _machine_failed),
)
