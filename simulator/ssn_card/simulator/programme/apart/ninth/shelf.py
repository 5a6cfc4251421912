# SPDX-License-Identifier: Apache-2.0
"""Shelves on which something else lies than the receipt says, or nothing at all."""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ...plan.bags import heap
from ...plan.calendar import MONTHS, Ints
from ...plan.draft import Actor, Draft
from ...plan.goods import FISH, MILK, OIL, RICE, SUGAR
from ...plan.scheme import Scheme
from ...plan.ways import between, boldness, firsts, mine, move, regular_at, shops_with, some
from .ledger import after_closing, any_of, ask, sales, same_day

_EVENINGS: Final = 32  #: customers in a month, if there are so many who want money
_COVERS: Final = (FISH, MILK, SUGAR, OIL)  #: goods whose keys stand for cigarettes, soap, credit for telephones


def _cover(random: np.random.Generator, prices: Ints, keys: Ints) -> Basket:
    """Some rice, and so many tins that a family would eat of them for a quarter of a year."""
    rupiah, food = int(random.integers(120_000, 285_000)), int(random.integers(0, 26))
    share = int(random.integers(40, 75)) * (100 - food) // 100
    goods = np.array([*keys, RICE] if food > 8 else keys)
    shares = np.array([share, 100 - food - share, food] if food > 8 else [share, 100 - share])
    return heap(prices, rupiah, goods, shares)


def _smokes_as_tins(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Cigarettes and telephone credit, typed as tins of fish and milk."""
    shop, how = actor.place, boldness(random)
    cards = some(random, regular_at(draft, shop), between(10, 17, how))
    keys = random.permutation(_COVERS)[:2]
    keys[0] = FISH if MILK not in keys and FISH not in keys else keys[0]
    likes = random.beta(2, 2, len(cards)) * between(0.9, 1.3, how)  # who smokes comes for it each month
    begins = int(random.integers(0, 4))
    for month in range(begins, MONTHS):
        rows = firsts(draft, cards[random.random(len(cards)) < likes], month)
        if not len(rows):
            continue
        prices = draft.goods.price(shop, month)
        at = same_day(draft, rows, draft.hour(shop, random.random(len(rows))))
        move(draft, rows, shop, at, stocked=random.random(len(rows)) > between(0.5, 0.85, how))
        ask(draft, rows, any_of(draft, [_cover(random, prices, keys) for _ in range(16)]))
        mine(draft, actor, rows)


def _closed_shutters(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The shop was given up; the terminal went home with the keeper, where evenings bring money for a receipt.

    Who wants goods has to go to another shop.
    """
    shop, how = actor.place, boldness(random)
    city = draft.population.places
    around = city.around[int(city.shop_kecamatan[shop])]
    others = around[around != shop]
    for month in range(int(random.integers(7, 10)), MONTHS):
        every = sales(draft, shop, month)
        takes = random.random(len(every)) < min(between(0.4, 0.7, how), _EVENINGS / max(1, len(every)))
        rows, leave = every[takes], every[~takes]
        if len(others):
            draft.visits["terminal"][leave] = random.choice(others, len(leave)) + 1
        evening = random.random(len(rows)) < between(0.45, 0.8, how)
        behind = after_closing(draft, random, shop, (12, 200), len(rows))
        before = draft.visits["real"][rows]
        move(draft, rows, shop, np.where(evening, same_day(draft, rows, behind), before), stocked=False)
        mine(draft, actor, rows)


def _selling_late(draft: Draft) -> Ints:
    """Shops that sell something in each of the last months."""
    among = shops_with(12)(draft)
    busy = [all(len(sales(draft, shop, month)) > 8 for month in range(8, MONTHS)) for shop in among.tolist()]
    kept: Ints = among[np.array(busy, np.bool_)]
    return kept


SHELF: Final = (
    Scheme("fraud-smokes-as-tins", "shop", ("A14", "A15"), 1, shops_with(12), _smokes_as_tins),
    Scheme("fraud-closed-shutters", "shop", ("A14", "A17"), 1, _selling_late, _closed_shutters),
)
