# SPDX-License-Identifier: Apache-2.0
"""A shopkeeper sells the bag that she has packed, or nothing, for more than its goods are worth.

What is in it changes a few times a year. Careful ones put the mark-up on a few kinds of goods and let some customers
choose; a card with little on it gets a smaller one.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ....plan.calendar import Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES, priced
from ....plan.places import REMOTE
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, months, shops_with

_MARK_UP: Final = (0.09, 0.28)  #: of the whole bag, above the reference
_OF_CUSTOMERS: Final = (0.30, 0.75)
_PERIOD: Final = (2, 6)  #: months that a bag lasts
_BAG: Final = (188_000, 299_000)  #: what it costs, so that one load pays for it
_STEP: Final = 500  #: rupiah, to which she rounds
_UNITS: Final[Ints] = np.array([2, 10, 1, 2, 1, 1, 2])  #: of each staple, by which the bag grows


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, shop = boldness(random), actor.place
    label = draft.label(actor.scheme, actor.rules)
    run = months(random, 4, 7)
    bag, lasts = np.zeros(0, np.int64), 0
    dearer = _dearer(random, how)
    for month in run:
        if lasts == 0:
            bag, lasts = _packed(draft, random, shop, month, dearer), int(random.integers(*_PERIOD))
        lasts -= 1
        sizes = [np.maximum(bag // part, bag > 0) for part in (4, 2, 1)]
        menu = draft.goods.add_menu(_at_her_price(draft, shop, month, size, dearer) for size in sizes)
        rows = draft.in_month(draft.of_shop(shop), month)
        rows = rows[random.random(len(rows)) < between(*_OF_CUSTOMERS, how)]
        draft.visits["want"][rows], draft.visits["share"][rows], draft.visits["menu"][rows] = Want.FREE, 1.0, menu
        draft.claim(rows, label, actor)


def _packed(draft: Draft, random: np.random.Generator, shop: int, month: int, dearer: Ints) -> Ints:
    """How much of each staple: four or five kinds, rice among them."""
    kinds = np.r_[0, 1 + random.permutation(len(CODES) - 1)[: random.integers(3, 5)]]
    bag = np.zeros(len(CODES), np.int64)
    bag[kinds] = _UNITS[kinds]
    wanted = random.uniform(*_BAG)
    while True:
        more, one = bag.copy(), random.choice(kinds)
        more[one] += _UNITS[one]
        if _at_her_price(draft, shop, month, more, dearer).total > wanted:
            return bag
        bag = more


def _dearer(random: np.random.Generator, how: float) -> Ints:
    """Which goods bear the mark-up, in the order in which they are taken, and how much it is, per mille of the bag."""
    order = random.permutation(len(CODES))[: round(between(3, len(CODES), how))]
    dearer: Ints = np.append(order, round(1000 * between(*_MARK_UP, how)))
    return dearer


def _at_her_price(draft: Draft, shop: int, month: int, bag: Ints, dearer: Ints) -> Basket:
    prices = draft.goods.prices
    remote = draft.population.places.shops[shop].kecamatan in REMOTE
    lines = bag * (prices.remote if remote else prices.city)[month]
    bears = np.intersect1d(dearer[:-1], np.flatnonzero(bag))
    bears = bears if len(bears) else np.flatnonzero(bag)
    raised = lines.astype(np.float64)
    raised[bears] += lines.sum() * dearer[-1] / 1000 * lines[bears] / lines[bears].sum()
    return priced(bag, (np.ceil(raised / _STEP) * _STEP).astype(np.int64))


SCHEME: Final = Scheme("fraud-one-bag", "shop", ("A9", "A10"), 1, shops_with(10), _apply)
