# SPDX-License-Identifier: Apache-2.0
"""Shops whose books look odd, and why they do."""

from __future__ import annotations

import numpy as np

from ....plan.bags import whole
from ....plan.calendar import DAY, HOUR, MINUTE, MONTH_LENGTHS, MONTH_STARTS
from ....plan.draft import Actor, Draft
from ....plan.events import Step
from ....plan.goods import CODES
from ....plan.ways import between, boldness, firsts, mine, moment, months, move, part, some
from ..hand import EVERY_MONTH, at_counter, by_menu, choices, elsewhere, guests, sizes

_RICE = CODES.index("BERAS")
_BOATS = (9 * HOUR + 30 * MINUTE, 13 * HOUR)  #: when one lands


def by_the_hospital(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Families from all over town sit with their sick for weeks, and buy across the road."""
    shop = actor.place
    others = elsewhere(draft, draft.population.places.shops[shop].kecamatan)
    for card in some(random, others, between(15, 35, boldness(random))).tolist():
        begins = int(random.integers(0, 12))
        for month in range(begins, min(12, begins + int(random.integers(1, 3)))):
            rows = firsts(draft, [card], month)
            move(draft, rows, shop, moment(draft, random, month, (0, 28), np.full(len(rows), shop)))
            mine(draft, actor, rows)


def night_market(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A night market opens before its door: it has leave to sell until ten, which no list has yet."""
    shop, cards = actor.place, guests(draft, actor.place)
    share = between(0.12, 0.35, boldness(random))
    for month in months(random, 3, 7):
        rows = part(random, at_counter(draft, cards, shop, month), share)
        day = draft.visits["real"][rows] // DAY * DAY
        late = random.triangular(0, 40, 240, len(rows)) * MINUTE
        move(draft, rows, shop, day + draft.population.places.shut[shop] + late.astype(np.int64))
        mine(draft, actor, rows)


def small_packs(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """It sells out of small packs at 2,500 and 5,000 each, so that nobody needs change."""
    shop, cards, how = actor.place, guests(draft, actor.place), boldness(random)
    step = 2_500 if how < 0.5 else 5_000
    for month in EVERY_MONTH:
        menu = draft.goods.add_menu((whole(one, step) for one in choices(random, draft.goods.price(shop, month))), 4)
        rows = part(random, at_counter(draft, cards, shop, month), between(0.45, 0.85, how))
        by_menu(draft, random, rows, menu)
        mine(draft, actor, rows)


def fragrant_rice(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Beside the plain rice it has a better one that costs more, and many like it."""
    shop, cards, how = actor.place, guests(draft, actor.place), boldness(random)
    above = between(1.07, 1.14, how)
    for month in EVERY_MONTH:
        prices = draft.goods.price(shop, month).copy()
        prices[_RICE] = round(prices[_RICE] * above / 100) * 100
        menu = draft.goods.add_menu((one for one in choices(random, prices)), 4)
        rows = part(random, at_counter(draft, cards, shop, month), between(0.25, 0.55, how))
        by_menu(draft, random, rows, menu)
        mine(draft, actor, rows)


def packed_on_request(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Bags stand packed for small, middle and big households, at the prices of the list: the queue is long."""
    shop, cards, how = actor.place, guests(draft, actor.place), boldness(random)
    contents = np.zeros(len(CODES), np.int64)
    for code, least, most in (("BERAS", 1, 3), ("TELUR", 5, 10), ("MINYAK", 1, 1), ("GULA", 0, 1), ("SUSU", 0, 1)):
        contents[CODES.index(code)] = random.integers(least, most + 1)
    for month in EVERY_MONTH:
        menu = draft.goods.add_menu(sizes(draft.goods.price(shop, month), contents, (1, 2, 3, 4)))
        rows = part(random, at_counter(draft, cards, shop, month), between(0.25, 0.5, how))
        by_menu(draft, random, rows, menu)
        mine(draft, actor, rows)


def ferry(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """It stands at the landing: boats come two days a week, and who was aboard stands in line."""
    shop, cards, how = actor.place, guests(draft, actor.place), boldness(random)
    landing = int(random.integers(0, 3))  # days of the week differ from place to place
    for month in EVERY_MONTH:
        rows = part(random, at_counter(draft, cards, shop, month), between(0.5, 0.9, how))
        day = draft.visits["real"][rows] // DAY
        day -= (day + landing) % 7 % 4  # back to the last day with a boat
        day = np.maximum(day, MONTH_STARTS[month])
        boat = day * DAY + random.choice(_BOATS, len(rows))
        order = np.argsort(boat, kind="stable")
        first = np.searchsorted(boat[order], boat[order])
        behind = (np.arange(len(rows)) - first) * random.integers(70, 200) + random.integers(60, 110, len(rows))
        move(draft, rows[order], shop, boat[order] + behind)
        mine(draft, actor, rows)


def high_water(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The road is under water for two weeks; when it falls, everybody comes within two days."""
    shop, cards = actor.place, guests(draft, actor.place)
    month = int(random.choice([0, 1, 3, 4, 10, 11]))  # when the Mahakam is high
    for which in (month, int((month + 2) % 12)) if boldness(random) > 0.5 else (month,):
        rows = at_counter(draft, cards, shop, which)
        day = draft.visits["real"][rows] // DAY - MONTH_STARTS[which]
        begins = int(random.integers(1, 4))
        rows = rows[(day >= begins) & (day < begins + 14)]
        dry = min(begins + 14, int(MONTH_LENGTHS[which]) - 2)
        at = moment(draft, random, which, (dry, dry + 2), np.full(len(rows), shop))
        move(draft, rows, shop, at)
        mine(draft, actor, rows)


def opened_late(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """It opens in spring: nothing before, then a welcome bag for each who comes in its first weeks, at list prices."""
    shop, places = actor.place, draft.population.places
    opens = int(random.integers(2, 5))
    same = np.flatnonzero((places.opens <= places.opens[shop]) & (places.closes >= places.closes[shop]))
    near = np.setdiff1d(np.intersect1d(places.around[places.shops[shop].kecamatan], same), [shop])
    others = near if len(near) else np.setdiff1d(same, [shop])
    cards = guests(draft, shop)
    for step in (Step.DEBIT, Step.CANCEL, Step.OVERRIDE, Step.READ):
        rows = draft.of_shop(shop, step=step)
        rows = rows[draft.visits["real"][rows] // DAY < MONTH_STARTS[opens]]
        draft.visits["terminal"][rows] = (int(others[0]) if len(others) else shop) + 1
    contents = np.zeros(len(CODES), np.int64)
    contents[:] = random.permutation([3, 1, 1, 1, 0, 0, 0])
    for month in range(opens, min(opens + 3, 12)):
        menu = draft.goods.add_menu(sizes(draft.goods.price(shop, month), contents, (1, 2, 3)))
        rows = part(random, at_counter(draft, cards, shop, month), 0.5)
        by_menu(draft, random, rows, menu)
        mine(draft, actor, rows)


def billed_later(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The supplier lays goods in its shelf and bills when they are sold, days later."""
    shop, cards = actor.place, guests(draft, actor.place)
    draft.late_stock[shop] = late = int(random.integers(3, 8))
    for month in EVERY_MONTH:
        rows = at_counter(draft, cards, shop, month)
        day = draft.visits["real"][rows] // DAY - MONTH_STARTS[month]
        mine(draft, actor, rows[day < late])
