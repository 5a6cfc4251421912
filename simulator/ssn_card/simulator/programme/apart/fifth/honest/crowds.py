# SPDX-License-Identifier: Apache-2.0
"""Honest people who come together: by market day, boat, bus or water, and for those who cannot walk."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MINUTE, MONTH_LENGTHS, MONTH_STARTS
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme, free_families
from ....plan.ways import between, boldness, earliest, mine, move, part, regular_at, shops_with, some, strangers
from ..habits import YEAR_ROUND, after_delivery, at, row_up, weekdays

_FRIDAY: Final = 4
_RAINS: Final = (0, 1, 3, 4, 11)  #: months in which the Karang Mumus comes into the lanes


def _nephew(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A nephew fetches the rice of the old people of his lane, once a month on a morning, and brings each the receipt.

    Told by: every card its own basket and money left on it, at list prices and in the middle of the morning, about the
    10th and not on the load; now and then an old woman comes herself, or goes with her daughter elsewhere.
    """
    old = some(random, regular_at(draft, actor.place), between(6, 9, boldness(random)))
    for month in YEAR_ROUND:
        rows = earliest(draft, part(random, old, 0.82).tolist(), month)
        first = at(draft, actor.place, month, int(random.integers(6, 14)), float(random.uniform(0.15, 0.4)))
        row_up(draft, random, rows, actor.place, first, (80, 260), want=Want.FREE, share=0.0)
        draft.visits["share"][rows] = random.uniform(0.5, 0.9, len(rows))
        mine(draft, actor, rows)


def _pasar(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The weekly market is at the shop's door, and half the kelurahan comes on that morning.

    Told by: one weekday; many cards, each once, with goods as everywhere, who come on other days and elsewhere too.
    """
    weekday = int(random.choice([1, 5, 6]))
    families = regular_at(draft, actor.place)
    share = between(0.5, 0.8, boldness(random))
    for month in YEAR_ROUND:
        rows = earliest(draft, part(random, families, share).tolist(), month)
        days = weekdays(month, weekday)[:3]
        parts = np.array_split(random.permutation(rows), [len(rows) // 2, len(rows) * 4 // 5])
        for day, together in zip(days.tolist(), parts, strict=True):
            first = at(draft, actor.place, month, day, float(random.uniform(0.02, 0.2)))
            row_up(draft, random, together, actor.place, first, (50, 230))
        mine(draft, actor, rows)


def _barge(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Where only a barge brings rice, everybody waits for it, comes on the day, and takes the month's goods at once.

    Told by: nobody buys before the invoice's day; cards are emptied when the store is full, each by its family.
    """
    late = round(between(6, 9, boldness(random)))
    draft.late_stock[actor.place] = late
    families = regular_at(draft, actor.place)
    for month in YEAR_ROUND:
        rows = earliest(draft, part(random, families, 0.8).tolist(), month)
        days = random.permutation(rows)
        for turn, together in enumerate(np.array_split(days, 2)):
            first = at(draft, actor.place, month, late + turn, float(random.uniform(0.05, 0.3)))
            row_up(draft, random, together, actor.place, first, (90, 420), want=Want.FREE, share=1.0)
        mine(draft, actor, rows)
        after_delivery(draft, actor.place, month, late, random)


def _high_ground(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """In the weeks of the floods the shop on high ground sells to lanes whose own stands in water, until late.

    Told by: only in months of rain and for about a week; each family comes once, from several kelurahan of one
    kecamatan, and buys at home as soon as the water is gone.
    """
    people, shop, free = draft.population, actor.place, free_families(draft)
    near = free[people.families.kecamatan[free] == people.places.shops[shop].kecamatan]
    for month in sorted(random.choice(_RAINS, 4, replace=False).tolist()):
        wet = some(random, near, between(18, 30, boldness(random)))
        rows = earliest(draft, wet.tolist(), month)
        begins = int(random.integers(3, 15))
        days = MONTH_STARTS[month] + begins + random.integers(0, 7, len(rows))
        moments = days * DAY + draft.hour(shop, random.random(len(rows)))
        late = random.random(len(rows)) < 0.35
        evening = days * DAY + people.places.shut[shop] + random.integers(5, 120, len(rows)) * MINUTE
        move(draft, rows, shop, np.where(late, evening, moments))
        mine(draft, actor, rows)


def _mine_bus(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The bus of the coal mine lets the shift out before the shop on Fridays, when it has just shut, and he opens.

    Told by: always a Friday, a quarter to an hour and a half after closing, workers of the shop's own kelurahan with
    their own baskets and money left; their wives come by day in other weeks.
    """
    shop = actor.place
    shift = some(random, regular_at(draft, shop), between(8, 13, boldness(random)))
    for month in YEAR_ROUND:
        rows = earliest(draft, part(random, shift, 0.85).tolist(), month)
        fridays = weekdays(month, _FRIDAY)[:2]
        for day, together in zip(fridays.tolist(), np.array_split(random.permutation(rows), 2), strict=True):
            shut = int(MONTH_STARTS[month] + day) * DAY + int(draft.population.places.shut[shop])
            first = shut + int(random.integers(15, 60)) * MINUTE
            row_up(draft, random, together, shop, first, (80, 330), want=Want.FREE, share=0.0)
        draft.visits["share"][rows] = random.uniform(0.45, 0.95, len(rows))
        mine(draft, actor, rows)


def _floating_shop(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A shop on a boat, which moors once a month at each of three landings up and down the river.

    Told by: people of a landing come on its day, within two hours; many families, each some months of the year and at
    home in the others, from three kecamatan that lie on the river.
    """
    shop, how = actor.place, boldness(random)
    away = strangers(draft, shop)
    where = draft.population.families.kecamatan[away]
    landings = random.permutation(np.unique(where))[:3].tolist()
    theirs = [some(random, away[where == one], between(10, 16, how)) for one in landings]
    for month in YEAR_ROUND:
        for turn, families in enumerate(theirs):
            rows = earliest(draft, part(random, families, 0.45).tolist(), month)
            day = 2 + 5 * turn + int(random.integers(0, 3))
            first = at(draft, shop, month, min(day, int(MONTH_LENGTHS[month]) - 1), float(random.uniform(0.1, 0.6)))
            row_up(draft, random, rows, shop, first, (100, 480))
            mine(draft, actor, rows)


NEPHEW: Final = Scheme("lookalike-nephew-of-the-lane", "shop", ("A4", "A7"), 2, shops_with(12), _nephew, honest=True)
PASAR: Final = Scheme("lookalike-pasar-at-the-door", "shop", ("A4",), 2, shops_with(20), _pasar, honest=True)
BARGE: Final = Scheme("lookalike-barge-has-come", "shop", ("A4", "A5", "A6"), 1, shops_with(15), _barge, honest=True)
HIGH_GROUND: Final = Scheme(
    "lookalike-high-ground", "shop", ("A16", "A17"), 1, shops_with(10), _high_ground, honest=True
)
MINE_BUS: Final = Scheme("lookalike-mine-bus", "shop", ("A4", "A17"), 1, shops_with(13), _mine_bus, honest=True)
FLOATING_SHOP: Final = Scheme(
    "lookalike-shop-on-a-raft", "shop", ("A4", "A16"), 1, shops_with(10), _floating_shop, honest=True
)
