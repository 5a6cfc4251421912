# SPDX-License-Identifier: Apache-2.0
"""Families who do what looks odd, and why they do."""

from __future__ import annotations

import numpy as np

from ....plan.bags import heap
from ....plan.calendar import DAY, HOUR, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES
from ....plan.ways import between, boldness, firsts, in_turn, mine, moment, months, move, some
from ..hand import EVERY_MONTH, busy_months, change, day_in, known, served, stay_away

_FEAST = np.array([CODES.index(one) for one in ("BERAS", "MINYAK", "GULA", "TELUR")])


def _with(actor: Actor, others: Ints) -> Ints:
    return np.concatenate((np.array([actor.place]), others))


def big_house(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Married children live with their mother: three to five cards of one house, and one of them does the shopping."""
    families, home = draft.population.families, int(draft.population.families.home[actor.place])
    beside = known(draft, np.flatnonzero(families.home == home))
    cards = _with(actor, some(random, beside, int(random.integers(2, 5))))
    for month in months(random, 2, 8):
        rows = firsts(draft, cards, month)
        begins = int(moment(draft, random, month, (0, 20), home))
        move(draft, rows, home, in_turn(random, begins, len(rows), (60, 240)), given=True)
        mine(draft, actor, rows)


def minivan(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Neighbours hire a minivan to a market across town once a month, where all is fresh, and all queue at one shop."""
    families, places = draft.population.families, draft.population.places
    where = families.kelurahan[actor.place]
    beside = known(draft, np.flatnonzero(families.kelurahan == where))
    cards = _with(actor, some(random, beside, int(random.integers(4, 9))))
    far = np.flatnonzero(places.shop_kecamatan != families.kecamatan[actor.place])
    shop = int(random.choice(far if len(far) else np.arange(len(places.shops))))
    for month in months(random, 3, 6):
        rows = firsts(draft, cards, month)
        begins = int(moment(draft, random, month, (0, 24), shop))
        move(draft, rows, shop, in_turn(random, begins, len(rows), (80, 300)))
        mine(draft, actor, rows)


def feast(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A wedding or a thousandth day: little is bought the month before, then rice and oil for eighty guests."""
    card, shop = actor.place, int(draft.population.families.home[actor.place])
    can = busy_months(draft, card)
    for month in some(random, can[can > 0], int(random.integers(1, 3))).tolist():
        shares = (random.dirichlet(np.array([6, 3, 2, 2])) * 100).astype(np.int64)
        prices = draft.goods.price(shop, month)
        menu = draft.goods.add_menu([heap(prices, rupiah, _FEAST, shares) for rupiah in range(80_000, 600_000, 20_000)])
        stay_away(draft, [card], month - 1)
        rows = firsts(draft, [card], month)
        move(draft, rows, shop, moment(draft, random, month, (0, 25), np.full(len(rows), shop)))
        served(draft, menu, rows, given=True)
        mine(draft, actor, rows)


def grandchild(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """An old woman's granddaughter has the first of the month free, and brings her all that the month gives."""
    card, shop = actor.place, int(draft.population.families.home[actor.place])
    for month in EVERY_MONTH:
        rows = firsts(draft, [card], month)
        at = moment(draft, random, month, (0, 1 + int(random.random() < 0.3)), np.full(len(rows), shop))
        move(draft, rows, shop, at, want=Want.FREE, share=1.0, given=True)
        mine(draft, actor, rows)


def daily(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """No refrigerator and one pot: eggs in the morning, chicken in the afternoon, and again the day after."""
    how, card, shop = boldness(random), actor.place, int(draft.population.families.home[actor.place])
    for month in EVERY_MONTH:
        rows = firsts(draft, [card], month)
        if not len(rows):
            continue
        day = day_in(random, month, 0, 20)
        count = int(random.integers(2, 5))
        hours = draft.hour(shop, np.array([0.1, 0.7, 0.15, 0.8])[:count] + random.random(count) * 0.12)
        at = day + np.array([0, 0, DAY, DAY])[:count] + hours
        move(draft, rows, shop, at[0], want=Want.FREE, share=random.uniform(0.1, between(0.25, 0.4, how)))
        share = random.uniform(0.1, between(0.25, 0.4, how), count - 1)
        more = draft.add(np.full(count - 1, card), at[1:], shop, want=Want.FREE, share=share)
        mine(draft, actor, np.concatenate((rows, more)))


def estate(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The man works on an oil palm estate across the river, and buys where his week ends, big and seldom."""
    card, places = actor.place, draft.population.places
    far = np.flatnonzero(places.shop_kecamatan != draft.population.families.kecamatan[card])
    shop = int(random.choice(far if len(far) else np.arange(len(places.shops))))
    for month in months(random, 4, 6):
        rows = firsts(draft, [card], month)
        move(draft, rows, shop, moment(draft, random, month, (6, 28), np.full(len(rows), shop)))
        change(draft, rows, want=Want.FREE, share=random.uniform(0.85, 1), given=True)
        mine(draft, actor, rows)


def bad_luck(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A bag was stolen, a wallet went with the flood: two or three new cards in the year, and nothing sold."""
    card = actor.place
    mine(draft, actor, firsts(draft, [card], int(busy_months(draft, card)[0])))
    for month in np.sort(random.permutation(np.arange(3, 11))[: random.integers(2, 4)]).tolist():
        lost = np.array([int(MONTH_STARTS[month]) + int(random.integers(0, 20))])
        made = lost + int(random.integers(3, 7))
        more: Ints = draft.replace_cards(
            np.array([card]), "lost", lost=lost, blocked=lost + 1, made=made, delivered=made + 3
        )
        card = int(more[0])
        mine(draft, actor, draft.of_card(card)[:1])


def saves_up(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Harvest feeds them until summer: the card is untouched for months, then emptied by the month's limit."""
    card, shop = actor.place, int(draft.population.families.home[actor.place])
    starts = int(random.integers(4, 8))
    for month in EVERY_MONTH:
        stay_away(draft, [card], month)
    for month in range(starts, 12):
        at = moment(draft, random, month, (0, 12), np.array([shop]))
        mine(draft, actor, draft.add([card], at, shop, want=Want.BB if random.random() < 0.6 else Want.AB, given=True))


def night_shift(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """She cleans at the port by night: the shopkeeper next door hands her the goods before he opens."""
    card, shop = actor.place, int(draft.population.families.home[actor.place])
    opens = draft.population.places.shops[shop].opens
    for month in months(random, 3, 7):
        rows = firsts(draft, [card], month)
        at = day_in(random, month, 0, 24) + opens - int(random.integers(HOUR // 6, 3 * HOUR // 2))
        move(draft, rows, shop, at)
        mine(draft, actor, rows)
