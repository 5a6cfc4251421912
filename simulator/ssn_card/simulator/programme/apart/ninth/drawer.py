# SPDX-License-Identifier: Apache-2.0
"""Cards that never came where they should, and cards that are lost again and again."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...plan.calendar import DAY, FIRST, MONTH_STARTS, MONTHS, NEVER, Ints
from ...plan.draft import Actor, Draft, Want
from ...plan.scheme import Scheme, free_families
from ...plan.ways import between, boldness, errands, mine, moment, some
from .ledger import household

_LATE: Final = 75  #: days from which a late card is worth to be drawn on before it is handed over
_FEW: Final = 3
_ONE_LOAD: Final = (120_000, 299_000)  #: rupiah
_LOSSES: Final = (4, 5)


def _undelivered(draft: Draft) -> Ints:
    cards = draft.population.cards
    count = len(draft.population.families)
    still: Ints = np.flatnonzero((cards.delivered_on[:count] == NEVER) & (cards.replaces[:count] == NEVER))
    return still


def _with_a_drawer(draft: Draft) -> Ints:
    """Shops, if there are some cards that lie."""
    none: Ints = np.zeros(0, np.int64)
    return draft.free_shops(least=12) if len(_undelivered(draft)) >= _FEW else none


def _drawer(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A cousin carries the letters of the programme; what nobody asks for ends in a drawer of the shop."""
    shop, how = actor.place, boldness(random)
    stock = draft.population.cards
    cards = some(random, _undelivered(draft), between(5, 11, how))
    count = len(draft.population.families)
    late = np.flatnonzero(stock.delivered_on[:count] >= FIRST + _LATE)
    cards = np.concatenate((cards, some(random, late, between(2, 6, how))))
    menus = np.array([household(draft, random, draft.goods.price(shop, month), _ONE_LOAD) for month in range(MONTHS)])
    for place, card in enumerate(cards.tolist()):
        handed = int(stock.delivered_on[card])
        begins = int(random.integers(0, 4)) if place and handed == NEVER else 0
        taken = np.array([month for month in range(begins, MONTHS) if not place or random.random() < 0.72], np.int64)
        at = np.array([int(moment(draft, random, int(month), (0, 20), shop)) for month in taken], np.int64)
        if handed != NEVER:
            taken, at = taken[at // DAY < handed], at[at // DAY < handed]
        share = random.uniform(0.75, 1.0, len(at))
        more = draft.add(np.full(len(at), card), at, shop, want=Want.FREE, share=share, menu=menus[taken], given=True)
        mine(draft, actor, more)


def _in_hand(draft: Draft) -> Ints:
    """Free families whose card was handed over before the first load."""
    free = free_families(draft)
    kept: Ints = free[draft.population.cards.delivered_on[free] < FIRST]
    return kept


def _sold_as_lost(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A card is sold with what is on it, and reported as lost; the next one comes with the next load."""
    card = actor.place
    shops = len(draft.population.places.shops)
    losses = int(random.integers(_LOSSES[0], _LOSSES[1] + 1))
    buyer = int(random.integers(shops))
    for month in np.sort(random.choice(np.arange(1, 11), losses, replace=False)).tolist():
        lost = int(MONTH_STARTS[month]) + int(random.integers(7, 14))
        draft.drop(errands(draft, card, month))
        shop = buyer if random.random() < 0.75 else int(random.integers(shops))
        at = (lost - int(random.integers(1, 5))) * DAY + int(draft.hour(shop, random.random()))
        share = float(random.uniform(0.9, 1.0))
        mine(draft, actor, draft.add([card], at, shop, want=Want.FREE, share=share, given=True))
        blocked = lost + int(random.integers(1, 3))
        made = blocked + int(random.integers(2, 5))
        days = (np.array([day]) for day in (lost, blocked, made, made + int(random.integers(2, 7))))
        lost_on, blocked_on, made_on, delivered = days
        card = int(
            draft.replace_cards(
                np.array([card]), "lost", lost=lost_on, blocked=blocked_on, made=made_on, delivered=delivered
            )[0]
        )
    rows = draft.of_card(card)
    mine(draft, actor, rows[:1])


DRAWER: Final = (Scheme("fraud-letter-drawer", "shop", ("A13",), 1, _with_a_drawer, _drawer),)
FAMILIES: Final = (Scheme("fraud-sold-as-lost", "family", ("A12",), 2, _in_hand, _sold_as_lost),)
