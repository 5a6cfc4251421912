# SPDX-License-Identifier: Apache-2.0
"""Baskets that schemes make up, for a price list (rupiah a unit of each staple)."""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from .calendar import Ints
from .goods import CODES, EGGS, priced

_MOST: Final[Ints] = np.array([20, 60, 4, 8, 6, 5, 10])  #: of each staple, that a household takes home at once
_TRIES: Final = 3


def shopping(random: np.random.Generator, prices: Ints, rupiah: int, *, eggs: int = 5) -> Basket:
    """What a household may want for so much or a little less; ``eggs``: they come by so many."""
    kinds = 3 if rupiah < 140_000 else 5 if rupiah < 330_000 else len(CODES)
    chosen = random.permutation(len(CODES))[:kinds]
    unit = np.ones(len(CODES), np.int64)
    unit[EGGS] = eggs
    cost = prices * unit
    amounts = np.zeros(len(CODES), np.int64)
    wanted = (random.dirichlet(np.full(kinds, 2.0)) * 0.9 * rupiah / cost[chosen]).astype(np.int64)
    amounts[chosen] = np.minimum(wanted * unit[chosen], _MOST[chosen])
    left = rupiah - int(amounts @ prices)
    while len(fits := chosen[(cost[chosen] <= left) & (amounts[chosen] < _MOST[chosen])]):
        one = fits[random.integers(len(fits))]
        amounts[one] += unit[one]
        left -= int(cost[one])
    if not amounts.any():
        amounts[EGGS] = 1
    return priced(amounts, amounts * prices)


def exact(random: np.random.Generator, prices: Ints, rupiah: int) -> Basket:
    """A basket made up for exactly so much: the dearest line takes what is over, which is little."""
    drawn = [shopping(random, prices, rupiah, eggs=1) for _ in range(_TRIES)]
    basket = max(drawn, key=lambda one: one.total)
    lines = [(item.staple, item.quantity, item.rupiah) for item in basket.items]
    dearest = max(range(len(lines)), key=lambda place: lines[place][2])
    code, quantity, price = lines[dearest]
    lines[dearest] = (code, quantity, price + rupiah - basket.total)
    return Basket.of(*lines)


def heap(prices: Ints, rupiah: int, goods: Ints, shares: Ints) -> Basket:
    """Much of few goods, for so much or a little less; ``shares``: percent of it for each."""
    amounts = np.zeros(len(CODES), np.int64)
    amounts[goods] = np.maximum(rupiah * shares // 100 // prices[goods], 1)
    return priced(amounts, amounts * prices)


def whole(basket: Basket, step: int) -> Basket:
    """The same goods, each line brought to the nearest ``step`` of rupiah, at least one."""
    lines = [(one.staple, one.quantity, max(1, round(one.rupiah / step)) * step) for one in basket.items]
    return Basket.of(*lines)
