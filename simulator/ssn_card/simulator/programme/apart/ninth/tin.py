# SPDX-License-Identifier: Apache-2.0
"""Cards that lie in a biscuit tin under the counter, with their numbers on a slip of paper."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...plan.calendar import DAY, MONTH_STARTS, MONTHS, Ints
from ...plan.draft import Actor, Draft, Want
from ...plan.scheme import Scheme
from ...plan.ways import (
    between,
    boldness,
    errands,
    firsts,
    in_turn,
    mine,
    moment,
    months,
    move,
    regular_at,
    shops_with,
    some,
)
from .ledger import household

_SLIPS: Final = (35.0, 170.0)  #: seconds between two cards: the slip is looked up, the number is pressed
_TWO_LOADS: Final = (240_000, 598_000)  #: rupiah
_PAUSES: Final = 0.1  #: months in which the keeper has visitors, or is afraid


def _rice_advance(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Rice on credit all month; the card is the pledge, and the first quiet hour behind a load pays the book."""
    shop, how = actor.place, boldness(random)
    cards = some(random, regular_at(draft, shop), between(9, 16, how))
    run = months(random, 3, 7)
    for month in run:
        if month != run[0] and random.random() < _PAUSES:
            continue
        owing = cards[random.random(len(cards)) < between(0.65, 0.95, how)]
        owing = owing if len(owing) else cards
        rows = firsts(draft, random.permutation(owing), month)
        sittings = np.array_split(rows, int(random.integers(1, 4)))
        day = int(MONTH_STARTS[month]) + int(random.integers(0, 3))
        for sitting in sittings:
            start = day * DAY + int(draft.hour(shop, random.uniform(0.3, 0.75)))
            share = np.where(random.random(len(sitting)) < 0.85, random.uniform(0.88, 1.0, len(sitting)), 0.5)
            moments = in_turn(random, start, len(sitting), _SLIPS)
            move(draft, sitting, shop, moments, want=Want.FREE, share=share, given=True)
            day += int(random.integers(0, 3))
        mine(draft, actor, rows)


def _left_behind(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Families work at a plantation upriver and have left their cards; they are told that nothing is on them."""
    shop, how = actor.place, boldness(random)
    menus = np.array([household(draft, random, draft.goods.price(shop, month), _TWO_LOADS) for month in range(MONTHS)])
    for card in some(random, regular_at(draft, shop), between(5, 9, how)).tolist():
        first, last = int(random.integers(0, 3)), int(random.integers(9, 12))
        taken = range(first + 1, last + 1, 2)
        for month in range(first, last + 1):
            draft.drop(errands(draft, card, month))
        at = np.array([int(moment(draft, random, month, (3, 26), shop)) for month in taken])
        most = random.random(len(at)) < 0.8
        share = np.where(most, random.uniform(0.93, 1.0, len(at)), random.uniform(0.6, 0.9, len(at)))
        cards: Ints = np.full(len(at), card)
        mine(draft, actor, draft.add(cards, at, shop, want=Want.FREE, share=share, given=True, menu=menus[list(taken)]))


TIN: Final = (
    Scheme("fraud-rice-advance", "shop", ("A4", "A5", "A7"), 1, shops_with(12), _rice_advance),
    Scheme("fraud-left-behind", "shop", ("A3", "A7"), 1, shops_with(10), _left_behind),
)
