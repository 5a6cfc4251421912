# SPDX-License-Identifier: Apache-2.0
"""Debts that are paid with cards: a circle of savers, a landlord, a night watch that plays, cash for school fees."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import exact
from ....plan.calendar import DAY, HOUR, MINUTE
from ....plan.draft import Actor, Draft
from ....plan.goods import EGGS, MILK, OIL, RICE, SUGAR
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, earliest, firsts, in_turn, mine, moment, move, part, shops_with
from ..habits import SATURDAY, YEAR, around, clamp, household, menu, round_heap, saved, uneven, want, weekday

_NEEDY: Final = (1, 2, 6, 11)  #: months in which cash is sought: before Lebaran, school fees, the end of the year
_PAIRS: Final = ((RICE, OIL), (RICE, SUGAR), (OIL, SUGAR), (RICE, EGGS), (OIL, MILK))


def _circle(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The shop's arisan holds the members' cards as pledge; each is left for two months, then emptied for the pot."""
    how, shop = boldness(random), actor.place
    cards = around(draft, random, shop, between(8, 14, how), own=0.6)
    lists = [household(draft, random, draft.goods.price(shop, month), spread=2) for month in YEAR]
    turn = dict(zip(cards.tolist(), (np.arange(len(cards)) % 2).tolist(), strict=True))
    for month in range(int(random.integers(1, 3)), 12):
        rows = saved(draft, turn, month, 1, lambda card, odd=month % 2: turn[card] != odd)  # type: ignore[misc]
        rows = rows[random.permutation(len(rows))]
        day = weekday(month, SATURDAY + 1, int(random.random() < 0.4)) if random.random() < 0.8 else clamp(month, 9)
        first = day * DAY + int(draft.hour(shop, random.uniform(0.3, 0.6)))
        want(draft, rows, lists[month], random.uniform(0.93, 1.0, len(rows)))
        move(draft, rows, shop, in_turn(random, first, len(rows), (4 * MINUTE, 17 * MINUTE)))
        mine(draft, actor, rows)


def _rented_rooms(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Rooms behind the shop: the card is the rent, taken whole on the day on which the money comes."""
    how, shop = boldness(random), actor.place
    cards = around(draft, random, shop, between(6, 11, how), own=0.8)
    pays_cash = between(0.25, 0.08, how)
    for month in uneven(random, 2, 9, skips=0.04):
        due = cards[random.random(len(cards)) >= pays_cash]
        rows = firsts(draft, due.tolist(), month)
        day = np.array([clamp(month, int(one)) for one in random.choice(3, len(rows), p=[0.6, 0.3, 0.1])], np.int64)
        want(draft, rows, -1, np.where(random.random(len(rows)) < 0.85, 1.0, 0.9))
        move(draft, rows, shop, day * DAY + draft.hour(shop, random.beta(1.5, 3, len(rows))))
        mine(draft, actor, rows)


def _night_watch(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Men of the watch play for money behind the shop; who has lost pays with the family's card, in round sums."""
    how, shop = boldness(random), actor.place
    cards = around(draft, random, shop, between(8, 14, how))
    shut = int(draft.population.places.shut[shop])
    for month in uneven(random, 3, 8, skips=0.08):
        price = draft.goods.price(shop, month)
        sums = menu(draft, [exact(random, price, one) for one in (50_000, 75_000, 100_000, 150_000, 200_000, 250_000)])
        losers = part(random, earliest(draft, cards.tolist(), month), between(0.42, 0.75, how))
        nights = [weekday(month, SATURDAY, which) for which in (0, 1)]
        day = random.choice(nights, len(losers))
        day = np.where(random.random(len(losers)) < 0.15, day + random.integers(-3, 3, len(losers)), day)
        want(draft, losers, sums, random.uniform(0.16, 0.75, len(losers)))
        late = shut + random.integers(50 * MINUTE, int(between(3, 5.5, how) * HOUR), len(losers))
        move(draft, losers, shop, day * DAY + late)
        mine(draft, actor, losers)


def _fees(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Notes over the counter for four fifths of what is rung up; the goods are thought of afterwards."""
    how, shop = boldness(random), actor.place
    cards = around(draft, random, shop, between(12, 22, how), own=0.7)
    often, empty = between(0.3, 0.55, how), between(0.75, 0.97, how)
    for month in uneven(random, 2, 8):
        price = draft.goods.price(shop, month)
        asked = cards[random.random(len(cards)) < min(0.9, often * (1.6 if month in _NEEDY else 0.9))]
        rows = firsts(draft, asked.tolist(), month)
        pair = _PAIRS[int(random.integers(len(_PAIRS)))]
        heaps = [
            round_heap(price, one, np.array(pair), np.array([70, 30]))
            for one in (100_000, 200_000, 250_000, 280_000, 300_000, 400_000, 500_000, 550_000, 600_000)
        ]
        want(draft, rows, menu(draft, heaps), np.where(random.random(len(rows)) < 0.85, 1.0, 0.72))
        days = (0, 12) if random.random() < 0.6 else (0, 26)
        move(draft, rows, shop, moment(draft, random, month, days, np.full(len(rows), shop)))
        draft.visits["stocked"][part(random, rows, empty)] = False
        mine(draft, actor, rows)


SCHEMES: Final[tuple[Scheme, ...]] = (
    Scheme("fraud-savers-circle", "shop", ("A3", "A7"), 1, shops_with(8), _circle),
    Scheme("fraud-rented-rooms", "shop", ("A5", "A7"), 1, shops_with(8), _rented_rooms),
    Scheme("fraud-night-watch", "shop", ("A2", "A17"), 1, shops_with(9), _night_watch),
    Scheme("fraud-school-fees", "shop", ("A2", "A8", "A14"), 1, shops_with(12), _fees),
)
