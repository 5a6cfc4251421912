# SPDX-License-Identifier: Apache-2.0
"""Cards in somebody else's tin: for a debt in the book, for passage on a boat, or because nobody handed them over."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, FIRST, LAST, MONTH_LENGTHS, MONTH_STARTS, NEVER, Ints
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, firsts, mine, months, move, regular_at, some, strangers
from ..habits import YEAR_ROUND, at, middling, row_up, trips

_LATEST: Final = FIRST + 90  #: a card that is handed over later lies in the drawer for months
_DRAWER: Final = 7  #: cards at the most
_FORGOTTEN: Final = 4  #: of them that nobody ever gets, if there are so many


def _bon_book(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Coffee and cigarettes go in the book, the card into the tin; on the days of the load all are emptied.

    Told by: the same cards every month, one behind another near closing time in the first days, each for all it has,
    and none of them anywhere else while it lies there.
    """
    how = boldness(random)
    held = some(random, regular_at(draft, actor.place), between(9, 12, how))
    begins = {card: int(random.integers(0, 3)) for card in held.tolist()}
    for turn, month in enumerate(months(random, 2, 9)):
        cards = [card for card, begun in begins.items() if begun <= turn]
        rows = random.permutation(firsts(draft, cards, month))
        sittings = 1 if random.random() < how else 2
        days = random.choice(5, sittings, replace=False).tolist()
        for day, part in zip(days, np.array_split(rows, sittings), strict=True):
            first = at(draft, actor.place, month, day, float(random.uniform(0.8, 0.93)))
            gaps = (between(70, 40, how), between(210, 110, how))
            row_up(draft, random, part, actor.place, first, gaps, want=Want.FREE, share=1.0)
        mine(draft, actor, rows)


def _landing_agent(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Holds the cards of day labourers from over the water for passage and board, and uses them by the handful.

    Told by: few cards, all of one or two far kelurahan, always together, twice in each month half of what is there,
    and never at home; neighbours of theirs do not come.
    """
    how = boldness(random)
    families = draft.population.families
    away = strangers(draft, actor.place)
    where, count = np.unique(families.kelurahan[away], return_counts=True)
    full = where[count >= min(8, count.max())]
    lane = away[np.isin(families.kelurahan[away], random.permutation(full)[:2])]
    held = some(random, lane, between(6, 9, how)).tolist()
    for month in months(random, 2, 9):
        rows = [trips(draft, card, month, 2) for card in held]
        for turn, (days, share) in enumerate((((1, 5), 0.55), ((15, 21), 1.0))):
            part = np.concatenate([one[turn : turn + 1] for one in rows])
            first = at(draft, actor.place, month, int(random.integers(*days)), float(random.uniform(0.0, 0.12)))
            gaps = (60, between(280, 170, how))
            row_up(draft, random, part, actor.place, first, gaps, want=Want.FREE, share=share)
            mine(draft, actor, part)


def _lying(draft: Draft, shop: int) -> Ints:
    """Cards that lie for months before anybody has them: first those of the shop's kecamatan that nobody ever gets.

    Where these are few, some of other kecamatan have found their way to the drawer; then come those that wait long.
    """
    people = draft.population
    cards = people.cards
    idle = (cards.worked_until == NEVER) & (cards.deactivated_on == NEVER) & (cards.replaces == NEVER)
    near = people.families.kecamatan[cards.family] == people.places.shops[shop].kecamatan
    never = cards.delivered_on == NEVER
    own, others, late = (
        np.flatnonzero(which & idle) for which in (near & never, ~near & never, near & (cards.delivered_on > _LATEST))
    )
    return np.concatenate((own, others[: max(0, _FORGOTTEN - len(own))], late))[:_DRAWER]


def _drawers(draft: Draft) -> Ints:
    """Shops of middling trade to which some way leads from such a drawer."""
    shops = middling(14)(draft)
    return shops[[len(_lying(draft, shop)) > 0 for shop in shops.tolist()]] if len(shops) else shops


def _drawer(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A clerk's drawer at the kelurahan's hall: cards that wait in it for their families shop at his cousin's.

    Told by: debits before the day of hand-over, or of cards without one, all at one shop, one or two a month each.
    """
    how = boldness(random)
    cards = draft.population.cards
    lying = _lying(draft, actor.place)[: round(between(5, _DRAWER, how))]
    for month in YEAR_ROUND:
        for card in lying.tolist():
            until = int(cards.delivered_on[card]) if cards.delivered_on[card] != NEVER else LAST + 1
            last = min(until - int(MONTH_STARTS[month]), int(MONTH_LENGTHS[month]))
            if last > 20 and random.random() < between(0.8, 1.0, how):
                mine(draft, actor, _out_of_the_drawer(draft, random, card, actor.place, month))


def _out_of_the_drawer(draft: Draft, random: np.random.Generator, card: int, shop: int, month: int) -> Rows:
    days = MONTH_STARTS[month] + np.array([random.integers(1, 9), random.integers(11, 19)])
    rows = draft.add(np.full(2, card), days * DAY, shop)
    move(draft, rows, shop, days * DAY + draft.hour(shop, random.random(2)), want=Want.FREE)
    draft.visits["share"][rows] = (0.55, 1.0)
    return rows


BON_BOOK: Final = Scheme("fraud-bon-book", "shop", ("A4", "A7"), 1, middling(14), _bon_book)
LANDING_AGENT: Final = Scheme("fraud-landing-agent", "shop", ("A4", "A7", "A16"), 1, middling(14), _landing_agent)
DRAWER: Final = Scheme("fraud-drawer-of-the-hall", "shop", ("A13",), 1, _drawers, _drawer)
