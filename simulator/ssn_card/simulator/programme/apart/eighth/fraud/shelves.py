# SPDX-License-Identifier: Apache-2.0
"""What is on the shelf, or is not: parcels at a price, paid before the truck comes, rice on Thursday, a cookshop."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import heap
from ....plan.calendar import DAY, MINUTE, MONTH_STARTS, MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CHICKEN, EGGS, FISH, MILK, OIL, RICE, SUGAR
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, firsts, in_turn, mine, moment, move, part, shops_with, some
from ..habits import YEAR, around, at_shop, menu, packed, saved, uneven, want, weekday

_HALF: Final = 15  #: days: a shop buys for so many
#: what goes into the whole parcel and the half one; it changes with what the shop has to be rid of
_PARCELS: Final = (
    ({RICE: 8, EGGS: 20, OIL: 2, SUGAR: 2, FISH: 2, MILK: 1}, {RICE: 5, OIL: 1, SUGAR: 1, FISH: 1}),
    ({RICE: 7, EGGS: 30, OIL: 2, SUGAR: 1, MILK: 3}, {RICE: 4, EGGS: 10, OIL: 1, MILK: 1}),
    ({RICE: 10, OIL: 2, SUGAR: 2, FISH: 3}, {RICE: 5, SUGAR: 1, FISH: 2}),
)


def _parcel(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """ "Only the parcel": packed beforehand, weak rice and near its date, dearer than the same goods loose."""
    how, shop = boldness(random), actor.place
    raised, reach = between(1.09, 1.24, how), between(0.4, 0.75, how)
    which = int(random.integers(len(_PARCELS)))
    for month in uneven(random, 4, 5):
        which = int(random.integers(len(_PARCELS))) if random.random() < 0.3 else which
        price = draft.goods.price(shop, month)
        own = menu(draft, [packed(price, parcel, raised) for parcel in _PARCELS[which]])
        rows = firsts(draft, part(random, customers(draft, shop), reach).tolist(), month)
        want(draft, rows, own, 1.0)
        draft.visits["terminal"][rows] = shop + 1
        mine(draft, actor, rows)


def _coupon(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Rung up when the money comes, against a coupon; the goods come when the wholesaler has been paid with it."""
    how, shop = boldness(random), actor.place
    late = round(between(6, 12, how))
    draft.late_stock[shop] = late
    reach = between(0.28, 0.52, how)
    for month in YEAR:
        early = customers(draft, shop)
        if random.random() < 0.9:
            early = early[random.random(len(early)) < reach]
            rows = firsts(draft, early.tolist(), month)
            at = moment(draft, random, month, (0, 4), np.full(len(rows), shop))
            want(draft, rows, -1, random.choice([1.0, 0.95], len(rows)))  # all of it, in a package or not
            boxed = random.random(len(rows)) < 0.5
            draft.visits["want"][rows] = np.where(boxed, random.choice([Want.A, Want.B], len(rows)), Want.FREE)
            move(draft, rows, shop, at)
            mine(draft, actor, rows)
        _wait_for_the_truck(draft, shop, month, late)


def _wait_for_the_truck(draft: Draft, shop: int, month: int, late: int) -> None:
    """Who will not pay for a coupon comes when there is something to buy."""
    rows = draft.in_month(draft.of_shop(shop), month)
    into = draft.visits["real"][rows] // DAY - MONTH_STARTS[month]
    draft.visits["real"][rows[(into % _HALF < late) & (into < 2 * _HALF - late)]] += late * DAY


def _thursday(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """ "The rice comes on Thursday": rung up today, and no Thursday brings it to those who dare not ask."""
    how, shop = boldness(random), actor.place
    run = uneven(random, 4, 6)
    for rows in at_shop(draft, random, shop, run, between(0.24, 0.42, how)):
        draft.visits["stocked"][rows] = False
        mine(draft, actor, rows)


def _cookshop(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A cookshop next door buys its meat and oil on cards that it rents for two thirds of what is on them."""
    how, shop = boldness(random), actor.place
    cards = some(random, around(draft, random, shop, 16, own=0.6), between(8, 14, how)).tolist()
    turn = dict(zip(cards, (np.arange(len(cards)) % 2).tolist(), strict=True))
    for month in range(int(random.integers(1, 4)), MONTHS):
        price = draft.goods.price(shop, month)
        kinds = [(CHICKEN, OIL, EGGS), (CHICKEN, RICE, OIL), (EGGS, OIL, CHICKEN)]
        of = np.array(kinds[int(random.integers(len(kinds)))])
        sizes = np.linspace(240_000, 598_000, 14).astype(np.int64).tolist()
        own = menu(draft, [heap(price, size, of, np.array([55, 25, 20])) for size in sizes], spread=2)
        odd = month % 2
        rows = saved(draft, cards, month, 1, lambda card, odd=odd: turn[card] != odd or random.random() < 0.1)  # type: ignore[misc]
        want(draft, rows, own, random.uniform(0.92, 1.0, len(rows)))
        for few in np.array_split(rows, 3):  # it cooks all month, and buys fresh
            day = weekday(month, int(random.integers(0, 6)), int(random.integers(0, 4)))
            first = day * DAY + int(draft.hour(shop, random.uniform(0, 0.3)))
            move(draft, few, shop, in_turn(random, first, len(few), (2 * MINUTE, 9 * MINUTE)))
        mine(draft, actor, rows)


SCHEMES: Final[tuple[Scheme, ...]] = (
    Scheme("fraud-only-the-parcel", "shop", ("A9", "A10"), 1, shops_with(14), _parcel),
    Scheme("fraud-coupon", "shop", ("A5", "A6"), 1, shops_with(14), _coupon),
    Scheme("fraud-rice-on-thursday", "shop", ("A14",), 1, shops_with(14), _thursday),
    Scheme("fraud-cookshop", "shop", ("A3", "A8"), 1, shops_with(8), _cookshop),
)
