# SPDX-License-Identifier: Apache-2.0
"""Honest: one house, one card, and a reason."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...plan.calendar import DAY, FIRST, MINUTE, MONTH_STARTS, MONTHS, Ints
from ...plan.draft import Actor, Draft, Want
from ...plan.scheme import Scheme, free_families
from ...plan.ways import errands, firsts, free_regular, mine, moment, move, part
from .ledger import after_closing, same_day

_FOURTH: Final = 0.35  #: houses where it happens once more than three times


def _through_the_boards(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A house on stilts with small children: cards fall through the boards, or are chewed."""
    card = actor.place
    times = 4 if random.random() < _FOURTH else 3
    for month in np.sort(random.choice(np.arange(1, 11), times, replace=False)).tolist():
        lost = int(MONTH_STARTS[month]) + int(random.integers(5, 13))
        blocked = lost + int(random.integers(1, 4))
        made = blocked + int(random.integers(2, 6))
        days = [np.array([day]) for day in (lost, blocked, made, made + int(random.integers(2, 7)))]
        reason = "damaged" if random.random() < 0.7 else "lost"
        new = draft.replace_cards(
            np.array([card]), reason, lost=days[0], blocked=days[1], made=days[2], delivered=days[3]
        )
        mine(draft, actor, errands(draft, card, month))
        card = int(new[0])
    mine(draft, actor, draft.of_card(card))


def _buying_late(draft: Draft) -> Ints:
    """Free families whose card was handed over before the year, and who buy in December's second half."""
    free = free_families(draft)
    free = free[draft.population.cards.delivered_on[free] < FIRST]
    late = [(draft.visits["real"][draft.of_card(card)] // DAY > MONTH_STARTS[11] + 9).any() for card in free.tolist()]
    kept: Ints = free[np.array(late, np.bool_)]
    return kept


def _across_the_bridge(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """She cleans in a house on the other bank, and buys there before the bus goes, or when the shop lets her in."""
    card, city = actor.place, draft.population.places
    other = np.flatnonzero(city.shop_kecamatan != draft.population.families.kecamatan[card])
    shop = int(random.choice(other)) if len(other) else int(random.integers(len(city.shops)))
    often, late = random.uniform(0.6, 0.95), random.uniform(0.0, 0.25)
    first = int(random.integers(0, 5))
    begun = False
    for month in range(first, MONTHS):
        rows = errands(draft, card, month)
        rows = part(random, rows, often) if begun else rows
        begun = begun or len(rows) > 0
        seconds = draft.hour(shop, random.beta(7, 1.5, len(rows)))
        behind = after_closing(draft, random, shop, (3, 45), len(rows))
        seconds = np.where(random.random(len(rows)) < late, behind, seconds)
        move(draft, rows, shop, same_day(draft, rows, seconds))
        mine(draft, actor, rows)


def _long_ward(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Months in the hospital of the province; at home again, the cupboard is filled with what has gathered."""
    card = actor.place
    home = int(draft.population.families.home[card])
    back = int(random.integers(4, 8))
    for month in range(back):
        draft.drop(errands(draft, card, month))
    for month in range(back, min(back + int(random.integers(2, 4)), MONTHS)):
        draft.drop(errands(draft, card, month))
        at = int(moment(draft, random, month, (2, 20), home))
        want = int(random.choice([Want.AB, Want.BB, Want.AA, Want.FREE]))
        mine(draft, actor, draft.add([card], at, home, want=want, share=0.9, given=True))


def _nephew_fetches(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """He has Saturdays only, or the first day before his shift: the same shop, the same hour, and all of it at once."""
    card = actor.place
    home, hour = int(draft.population.families.home[card]), random.uniform(0.0, 0.9)
    for month in range(MONTHS):
        rows = firsts(draft, [card], month)
        day = MONTH_STARTS[month] + np.minimum(random.geometric(0.6, len(rows)) - 1, 3)
        seconds = int(draft.hour(home, hour)) + random.integers(0, 25, len(rows)) * MINUTE
        move(draft, rows, home, day * DAY + seconds, want=Want.FREE, share=random.uniform(0.93, 1.0), given=True)
        mine(draft, actor, rows)


HOUSES: Final = (
    Scheme("lookalike-through-the-boards", "family", ("A12",), 2, _buying_late, _through_the_boards, honest=True),
    Scheme("lookalike-across-the-bridge", "card", ("A16", "A17"), 4, free_regular, _across_the_bridge, honest=True),
    Scheme("lookalike-long-ward", "card", ("A3", "A13"), 3, free_regular, _long_ward, honest=True),
    Scheme("lookalike-nephew-fetches", "card", ("A5", "A7"), 3, free_regular, _nephew_fetches, honest=True),
)
