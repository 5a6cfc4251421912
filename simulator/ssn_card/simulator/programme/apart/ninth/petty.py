# SPDX-License-Identifier: Apache-2.0
"""Wrongs that are wrongs, and that no table will ever show."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...plan.bags import shopping, whole
from ...plan.draft import Actor, Draft
from ...plan.scheme import Scheme
from ...plan.ways import errands, free_regular, mine, part, shops_with
from .ledger import any_of, ask, sales


def _loose_change(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """No small money in the till, so each line goes to the nearest five hundred, or a little above."""
    shop = actor.place
    first = int(random.integers(0, 9))
    for month in range(first, min(first + 4, 12)):
        rows = part(random, sales(draft, shop, month), 0.1)
        prices = draft.goods.price(shop, month)
        amounts = random.integers(40_000, 140_000, 6)
        ask(draft, rows, any_of(draft, [whole(shopping(random, prices, int(one)), 500) for one in amounts]))
        mine(draft, actor, rows)


def _lent_to_a_sister(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A card that a sister borrows in two or three months, and pays back in eggs."""
    card = actor.place
    shops = len(draft.population.places.shops)
    hers = int(random.integers(shops))
    for month in np.sort(random.permutation(12)[:4]).tolist():
        rows = errands(draft, card, int(month))[:1]
        draft.visits["terminal"][rows] = hers + 1
        mine(draft, actor, rows)


PETTY: Final = (
    Scheme("petty-loose-change", "shop", ("A2",), 1, shops_with(10), _loose_change),
    Scheme("petty-lent-to-a-sister", "family", ("A16",), 2, free_regular, _lent_to_a_sister),
)
