# SPDX-License-Identifier: Apache-2.0
"""What is on the shelf and what it costs: rice of one's own field, a slide on the road, a supplier's late paper."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.goods import CODES, EGGS, FISH, MILK, OIL, RICE, SUGAR
from ....plan.scheme import Scheme, busy_shops
from ....plan.ways import mine, part
from ..habits import YEAR, at_shop, household, menu, packed, uneven, want

_HALF: Final = 15
_HARVESTS: Final = ((2, 3, 4), (7, 8, 9))


def _shares(draft: Draft, random: np.random.Generator, rows: Rows) -> np.ndarray:
    """What was wanted, or for a package nearly all."""
    visits = draft.visits
    free = visits["want"][rows] == Want.FREE
    wished: np.ndarray = np.where(free, visits["share"][rows], random.uniform(0.9, 1.0, len(rows)))
    return wished


def _own_field(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """After each harvest she sells rice of the family's field beside the merchant's; no invoice says so."""
    share = random.uniform(0.2, 0.4)
    for month in [one for harvest in _HARVESTS for one in harvest[int(random.integers(0, 2)) :]]:
        price = draft.goods.price(actor.place, month)
        bags = [{RICE: kilos} for kilos in (2, 5, 8, 10, 15)] + [{RICE: 10, EGGS: 10}]
        own = menu(draft, [packed(price, bag) for bag in bags], spread=2)
        for rows in at_shop(draft, random, actor.place, [month], share):
            want(draft, rows, own, _shares(draft, random, rows))
            draft.visits["stocked"][rows] = False
            mine(draft, actor, rows)


def _slide(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The road has slid: for some weeks all that is heavy comes by two transports, and costs what that costs."""
    month, weeks = int(random.integers(0, 11)), int(random.integers(3, 7))
    begins = int(MONTH_STARTS[month]) + int(random.integers(0, 14))
    dearer = np.ones(len(CODES))
    dearer[[RICE, OIL, SUGAR, FISH]] = 1 + random.uniform(0.06, 0.13, 4)
    for one in (month, month + 1):
        prices = (draft.goods.price(actor.place, one) * dearer / 50).round().astype(np.int64) * 50
        own = household(draft, random, prices)
        for rows in at_shop(draft, random, actor.place, [one], 1.0):
            day = draft.visits["real"][rows] // DAY
            cut = rows[(day >= begins) & (day < begins + 7 * weeks)]
            want(draft, cut, own, _shares(draft, random, cut))
            mine(draft, actor, cut)


def _fragrant(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A kampung of rice growers' children: half of them will eat nothing but rice from the hills, and pay for it."""
    dearer = np.ones(len(CODES))
    dearer[RICE] = random.uniform(1.1, 1.19)
    fond = random.uniform(0.3, 0.55)
    for month in uneven(random, 2, 9, skips=0.04):
        prices = (draft.goods.price(actor.place, month) * dearer / 50).round().astype(np.int64) * 50
        own = household(draft, random, prices)
        for rows in at_shop(draft, random, actor.place, [month], fond):
            want(draft, rows, own, _shares(draft, random, rows))
            mine(draft, actor, rows)


def _mothers_set(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The midwife's day is held on the shop's veranda: mothers take home what hangs on her poster, all the same."""
    share = random.uniform(0.25, 0.45)
    for month in uneven(random, 4, 6):
        price = draft.goods.price(actor.place, month)
        poster = [{EGGS: 30, MILK: 4, FISH: 2}, {EGGS: 60, MILK: 8, FISH: 4}, {EGGS: 15, MILK: 2, FISH: 1}]
        own = menu(draft, [packed(price, one) for one in poster])
        for rows in at_shop(draft, random, actor.place, [month], share):
            want(draft, rows, own, random.uniform(0.45, 0.8, len(rows)))
            mine(draft, actor, rows)


def _sold_out(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A small shop at the end of the road: by mid-month only rice, sugar and oil are left, in bags of one size."""
    share = random.uniform(0.5, 0.8)
    for month in uneven(random, 1, 9, skips=0.15):
        price = draft.goods.price(actor.place, month)
        left = [{RICE: 5}, {RICE: 5, SUGAR: 1}, {RICE: 5, OIL: 2, SUGAR: 1}, {RICE: 10, OIL: 2, SUGAR: 2}]
        own = menu(draft, [packed(price, one) for one in [*left, {RICE: 10, OIL: 4, SUGAR: 3}]])
        for rows in at_shop(draft, random, actor.place, [month], share):
            late = rows[draft.visits["real"][rows] // DAY - MONTH_STARTS[month] >= _HALF]
            want(draft, late, own, _shares(draft, random, late))
            mine(draft, actor, late)


def _no_gas(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """No gas to be had for weeks: who cannot cook buys tins and milk, more than anybody would eat otherwise."""
    month, weeks = int(random.integers(0, 11)), int(random.integers(4, 7))
    begins = int(MONTH_STARTS[month]) + int(random.integers(0, 10))
    for one in (month, month + 1):
        price = draft.goods.price(actor.place, one)
        tins = [{FISH: tin, MILK: tin // 2} for tin in (2, 4, 6, 8, 12, 15)] + [{FISH: 9, MILK: 9, EGGS: 5}]
        own = menu(draft, [packed(price, cold) for cold in tins], spread=3)
        for rows in at_shop(draft, random, actor.place, [one], 0.75):
            day = draft.visits["real"][rows] // DAY
            cold = rows[(day >= begins) & (day < begins + 7 * weeks)]
            want(draft, cold, own, _shares(draft, random, cold))
            mine(draft, actor, cold)


def _late_paper(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Goods on trust: the merchant writes the invoice when he comes for the money, days after he has left the sacks."""
    late = int(random.integers(4, 9))
    draft.late_stock[actor.place] = late
    for month in YEAR:
        rows: Ints = draft.in_month(draft.of_shop(actor.place), month)
        into = draft.visits["real"][rows] // DAY - MONTH_STARTS[month]
        mine(draft, actor, part(random, rows[into % _HALF < late], 0.9))


SCHEMES: Final[tuple[Scheme, ...]] = (
    Scheme("lookalike-own-field", "shop", ("A14",), 1, busy_shops, _own_field, honest=True),
    Scheme("lookalike-slide-on-the-road", "shop", ("A10",), 1, busy_shops, _slide, honest=True),
    Scheme("lookalike-mountain-rice", "shop", ("A10",), 1, busy_shops, _fragrant, honest=True),
    Scheme("lookalike-midwife-poster", "shop", ("A9",), 1, busy_shops, _mothers_set, honest=True),
    Scheme("lookalike-sold-out", "shop", ("A8", "A9"), 1, busy_shops, _sold_out, honest=True),
    Scheme("lookalike-no-gas", "shop", ("A8", "A15"), 1, busy_shops, _no_gas, honest=True),
    Scheme("lookalike-paper-comes-late", "shop", ("A6",), 1, busy_shops, _late_paper, honest=True),
)
