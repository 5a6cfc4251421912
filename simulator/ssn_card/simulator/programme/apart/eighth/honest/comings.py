# SPDX-License-Identifier: Apache-2.0
"""How people come together: on a truck, by a boatman with a list, for one kitchen, on the first day or the last."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import heap
from ....plan.calendar import DAY, MINUTE, MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import EGGS, OIL, RICE, SUGAR
from ....plan.scheme import Scheme
from ....plan.ways import earliest, errands, firsts, in_turn, mine, move, part, shops_with, some, strangers
from ..habits import TUESDAY, around, clamp, menu, saved, uneven, want, weekday


def _truck_from_the_hill(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The pepper trader's truck takes the women down on its market day; two helpers weigh while one rings up."""
    shop = actor.place
    hamlet = around(draft, random, shop, int(random.integers(9, 16)))
    day_of_week, which = TUESDAY + int(random.integers(0, 3)), int(random.integers(0, 2))
    gaps = (random.uniform(75, 110), random.uniform(170, 260))
    for month in uneven(random, 2, 8, skips=0.12):  # the road is mud then
        rows = part(random, earliest(draft, hamlet.tolist(), month), 0.85)
        rows = rows[random.permutation(len(rows))]
        first = weekday(month, day_of_week, which) * DAY + int(draft.hour(shop, random.uniform(0.1, 0.3)))
        move(draft, rows, shop, in_turn(random, first, len(rows), gaps))
        mine(draft, actor, rows)


def _boatman(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """No bridge, old people: the boatman brings their cards with a list of what each wants, and the bags home."""
    shop = actor.place
    across = around(draft, random, shop, int(random.integers(5, 10)))
    for month in uneven(random, 1, 10, skips=0.03):
        asked = across[random.random(len(across)) < 0.88]
        rows = firsts(draft, asked.tolist(), month)
        rows = rows[random.permutation(len(rows))]
        want(draft, rows, -1, random.uniform(0.55, 1.0, len(rows)))
        first = clamp(month, int(random.integers(2, 12))) * DAY + int(draft.hour(shop, random.uniform(0.05, 0.6)))
        move(draft, rows, shop, in_turn(random, first, len(rows), (65, 200)))
        mine(draft, actor, rows)


def _one_kitchen(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Families of a prayer school cook in one kitchen, and the cook buys for all: rice, eggs, oil, sugar."""
    shop = actor.place
    table = around(draft, random, shop, int(random.integers(7, 12)))
    for month in uneven(random, 2, 8, skips=0.08):
        price, goods = draft.goods.price(shop, month), np.array([RICE, EGGS, OIL, SUGAR])
        sizes = np.linspace(150_000, 580_000, 12).astype(np.int64).tolist()
        shares = np.array([52, 22, 16, 10]) if month % 2 else np.array([40, 30, 15, 15])
        rows = firsts(draft, table[random.random(len(table)) < 0.9].tolist(), month)
        want(draft, rows, menu(draft, [heap(price, one, goods, shares) for one in sizes], spread=2), 1.0)
        first = clamp(month, int(random.integers(1, 8))) * DAY + int(draft.hour(shop, random.uniform(0.1, 0.6)))
        move(draft, rows, shop, in_turn(random, first, len(rows), (2 * MINUTE, 5 * MINUTE)))
        mine(draft, actor, rows)


def _first_morning(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Fresh sacks are put out on the day of the load, and who comes early has the pick: most spend it all at once."""
    shop = actor.place
    near = around(draft, random, shop, int(random.integers(10, 17)))
    for month in uneven(random, 2, 8, skips=0.08):
        rows = firsts(draft, near[random.random(len(near)) < 0.75].tolist(), month)
        rows = rows[random.permutation(len(rows))]
        whole = random.choice([Want.A, Want.B, Want.FREE], len(rows), p=[0.3, 0.3, 0.4])
        draft.visits["want"][rows], draft.visits["share"][rows] = whole, random.uniform(0.85, 1.0, len(rows))
        first = clamp(month, int(random.random() < 0.25)) * DAY + int(draft.hour(shop, 0.01))
        move(draft, rows, shop, in_turn(random, first, len(rows), (100, 8 * MINUTE)))
        mine(draft, actor, rows)


def _ferry_stopped(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The ferry to their own shop lies in dock, and a kampung rides around the bay to this one, two or three months."""
    shop = actor.place
    free, families = strangers(draft, shop), draft.population.families
    homes, count = np.unique(families.home[free], return_counts=True)
    cut_off = random.choice(homes[count >= min(8, count.max())])
    riders = some(random, free[families.home[free] == cut_off], int(random.integers(8, 14)))
    begins = int(random.integers(0, 10))
    for month in range(begins, min(MONTHS, begins + int(random.integers(2, 4)))):
        for card in riders.tolist():
            rows = errands(draft, card, month)
            at = draft.visits["real"][rows] // DAY * DAY + draft.hour(shop, random.uniform(0.2, 0.9, len(rows)))
            move(draft, rows, shop, at)
            mine(draft, actor, rows)


def _last_week(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The shop puts up a sheet: what is on the card on new year's eve is gone. Who had put by comes, and queues."""
    shop = actor.place
    thrifty = around(draft, random, shop, int(random.integers(11, 18)))
    rows = saved(draft, thrifty.tolist(), MONTHS - 1, 1, lambda _: random.random() < 0.08)
    rows = rows[random.permutation(len(rows))]
    draft.visits["want"][rows] = random.choice([Want.AB, Want.BB, Want.FREE], len(rows), p=[0.3, 0.4, 0.3])
    draft.visits["share"][rows] = random.uniform(0.85, 1.0, len(rows))
    for few in np.array_split(rows, 2):
        first = clamp(MONTHS - 1, int(random.integers(23, 31))) * DAY + int(draft.hour(shop, random.uniform(0, 0.4)))
        move(draft, few, shop, in_turn(random, first, len(few), (90, 7 * MINUTE)))
    mine(draft, actor, rows)


SCHEMES: Final[tuple[Scheme, ...]] = (
    Scheme("lookalike-truck-from-the-hill", "shop", ("A4",), 1, shops_with(9), _truck_from_the_hill, honest=True),
    Scheme("lookalike-boatman", "shop", ("A4", "A7"), 1, shops_with(6), _boatman, honest=True),
    Scheme("lookalike-one-kitchen", "shop", ("A3", "A4", "A8"), 1, shops_with(8), _one_kitchen, honest=True),
    Scheme("lookalike-first-morning", "shop", ("A4", "A5"), 1, shops_with(9), _first_morning, honest=True),
    Scheme("lookalike-ferry-in-dock", "shop", ("A16",), 1, shops_with(4), _ferry_stopped, honest=True),
    Scheme("lookalike-last-week", "shop", ("A3", "A4", "A5"), 1, shops_with(10), _last_week, honest=True),
)
