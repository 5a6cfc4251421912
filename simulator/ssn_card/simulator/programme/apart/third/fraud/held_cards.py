# SPDX-License-Identifier: Apache-2.0
"""Cards in another's hands: security for a loan, gathered by the head of a neighbourhood, or never handed over.

Nothing here was looked up: programme.md names the signals, and the author the way.
"""

from __future__ import annotations

import numpy as np

from ....plan.bags import heap
from ....plan.calendar import DAY, HOUR, MONTH_STARTS, MONTHS, NEVER
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES
from ....plan.ways import between, boldness, firsts, in_turn, mine, moment, months, move, some
from ..hand import EVERY_MONTH, change, guests, known, served, stay_away

_SACKS = np.array([CODES.index(one) for one in ("BERAS", "MINYAK", "GULA")])


def lend(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The shop lends money and keeps card and PIN; more borrow as months go by, few ever come free."""
    how, shop = boldness(random), actor.place
    cards = some(random, guests(draft, shop), between(11, 18, how))
    since = random.integers(0, 5, len(cards))
    until = since + random.integers(7, 13, len(cards))
    few, many = (3, 5) if how < 0.5 else (4, 8)  # at one sitting
    for month in EVERY_MONTH:
        rows = firsts(draft, random.permutation(cards[(since <= month) & (month < until)]), month)
        while len(rows):
            now, rows = np.split(rows, [min(len(rows), int(random.integers(few, many + 1)))])
            begins = int(moment(draft, random, month, (0, 8), shop))
            move(draft, now, shop, in_turn(random, begins, len(now), (50, between(240, 120, how))))
            change(draft, now, want=Want.FREE, share=random.uniform(0.9, 1, len(now)), given=True)
            mine(draft, actor, now)


def gather(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The head of a neighbourhood brings its cards to a friend's shop, and takes sacks of a few goods for all."""
    how, shop = boldness(random), actor.place
    where = draft.population.places.shops[shop].kelurahan
    around = known(draft, np.flatnonzero(draft.population.families.kelurahan == where))
    cards = some(random, np.union1d(around, guests(draft, shop)), between(8, 12, how))
    shares = np.array([50, 30, 20])
    for month in months(random, 2, 9):
        prices = draft.goods.price(shop, month)
        menu = draft.goods.add_menu([heap(prices, rupiah, _SACKS, shares) for rupiah in range(60_000, 600_000, 20_000)])
        rows = firsts(draft, random.permutation(cards), month)
        for now in np.array_split(rows, 1 + int(how < 0.5)):
            begins = int(moment(draft, random, month, (1, 12), shop))
            move(draft, now, shop, in_turn(random, begins, len(now), (40, 150)))
            served(draft, menu, now, given=True)
            mine(draft, actor, now)


def keep_back(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Cards of people who did not ask stay in a cupboard; a clerk and a shop use them, and later give some out."""
    how, shop = boldness(random), actor.place
    families = draft.population.families
    near = known(draft, np.flatnonzero(families.kecamatan == draft.population.places.shops[shop].kecamatan))
    cards = some(random, near, between(8, 11, how))
    for card in cards.tolist():
        begins = int(random.integers(0, 3))
        ends = int(random.integers(8, MONTHS + 1))
        handed = int(MONTH_STARTS[ends]) + int(random.integers(0, 12)) if ends < MONTHS else NEVER
        draft.population.cards.delivered_on[card] = handed
        rows = draft.of_card(card)
        draft.drop(rows[(handed == NEVER) | (draft.visits["real"][rows] // DAY <= handed)])
        for month in range(begins, ends):
            often = 1 + int(random.random() < between(0.1, 0.5, how))
            at = np.sort(moment(draft, random, month, (0, 25), np.full(often, shop)))
            share = [0.95] if often == 1 else [0.5, 0.9]
            mine(draft, actor, draft.add(card, at, shop, want=Want.FREE, share=share, given=True))


def cater(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A caterer buys cards for half their worth in another part of town, and loads rice before the shop opens."""
    how, shop = boldness(random), actor.place
    families, here = draft.population.families, draft.population.places.shops[shop].kecamatan
    others = known(draft, np.flatnonzero(families.kecamatan != here))
    count = np.bincount(families.kecamatan[others])
    where = int(random.choice(np.flatnonzero(count >= min(20, count.max()))))
    cards = some(random, others[families.kecamatan[others] == where], between(15, 22, how))
    turn = random.integers(0, 2, len(cards))  # each card every other month, with two months' money
    for month in EVERY_MONTH:
        stay_away(draft, cards[turn == month % 2], month)
        if month == 0:
            continue
        rows = firsts(draft, cards[turn != month % 2], month)
        for now in np.array_split(rows, int(random.integers(3, 6))):
            day = int(MONTH_STARTS[month] + random.integers(0, 24)) * DAY
            begins = day + 4 * HOUR + int(random.integers(0, HOUR))
            move(draft, now, shop, in_turn(random, begins, len(now), (240, 900)))
            change(draft, now, want=random.choice([Want.AA, Want.AB, Want.BB], len(now)), given=True)
            mine(draft, actor, now)
