# SPDX-License-Identifier: Apache-2.0
"""What the card pays for is dearer than what money pays for."""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ...plan.bags import whole
from ...plan.calendar import Ints
from ...plan.draft import Actor, Draft
from ...plan.goods import CHICKEN, EGGS, FISH, MILK, OIL, RICE, SUGAR, priced
from ...plan.scheme import Scheme
from ...plan.ways import between, boldness, firsts, mine, months, part, regular_at, shops_with, some
from .ledger import ask, ask_as_before, dearer, household, sales

_MOST: Final = 298_000  #: rupiah that a parcel may come to
_STICKY: Final = (RICE, OIL, EGGS, CHICKEN, MILK)  #: goods with two labels: one for money, one for the card


def _parcel(random: np.random.Generator, prices: Ints) -> Basket:
    """What the wholesaler of the keeper's cooperative had too much of."""
    amounts = np.zeros(len(prices), np.int64)
    amounts[[RICE, EGGS, OIL, SUGAR]] = random.integers([5, 10, 1, 1], [9, 26, 3, 3])
    amounts[[FISH, MILK, CHICKEN]] = random.integers(0, [4, 4, 2])
    while amounts @ prices < _MOST - 40_000:
        amounts[random.choice([RICE, EGGS, SUGAR, FISH, MILK])] += 1
    while amounts @ prices > _MOST:
        amounts[RICE] -= 1
    return priced(amounts, amounts * prices)


def _cooperative_parcel(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Who shows a card is handed the bag that stands ready, and no other; its contents change when a lorry comes."""
    shop, how = actor.place, boldness(random)
    times = between(1.06, 1.15, how)
    bagged = regular_at(draft, shop)
    bagged = some(random, bagged, min(between(0.45, 0.75, how) * len(bagged), between(12, 19, how)))
    bag, until = -1, -1
    for month in months(random, 4, 6):
        prices = dearer(draft.goods.price(shop, month), slice(None), times)
        if month > until:
            bag = draft.goods.add_menu([whole(_parcel(random, prices), 500)])
            until = month + int(random.integers(1, 4))
        rows = firsts(draft, bagged[random.random(len(bagged)) < between(0.55, 0.85, how)], month)
        draft.visits["terminal"][rows] = shop + 1
        ask(draft, rows, bag)
        mine(draft, actor, rows)


def _two_labels(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The label at the shelf is for money; two or three kinds of goods cost more at the terminal."""
    shop, how = actor.place, boldness(random)
    goods = random.permutation(_STICKY)[: int(random.integers(2, 4))]
    if RICE not in goods and OIL not in goods:
        goods[0] = RICE
    times = random.uniform(between(1.1, 1.18, how), between(1.16, 1.3, how), len(goods))
    trusting = some(random, regular_at(draft, shop), between(10, 17, how))  # those who cannot read the label
    for month in months(random, 5, 5):
        rows = sales(draft, shop, month)
        rows = part(random, rows[np.isin(draft.visits["card"][rows], trusting)], between(0.65, 0.9, how))
        menu = household(draft, random, dearer(draft.goods.price(shop, month), goods, times))
        ask_as_before(draft, random, rows, menu)
        mine(draft, actor, rows)


PARCEL: Final = (
    Scheme("fraud-cooperative-parcel", "shop", ("A9", "A10"), 1, shops_with(14), _cooperative_parcel),
    Scheme("fraud-two-labels", "shop", ("A10",), 1, shops_with(14), _two_labels),
)
