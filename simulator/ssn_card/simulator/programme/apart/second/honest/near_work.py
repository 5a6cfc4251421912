# SPDX-License-Identifier: Apache-2.0
"""Whoever fetches the goods works on the other side of the city, and buys there on pay day.

Honest: it is one family, the shop is cheaper or on the way (as told of Lakbok, Ciamis, whose people went to Wanareja
for its prices: harapanrakyat.com, 2021), and in some months it buys near home.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import MONTHS
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme, free_families
from ....plan.ways import errands, moment, move

_NEAR_HOME: Final = 0.12  #: of the months


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    card, label = actor.place, draft.label(actor.scheme, actor.rules)
    places = draft.population.places
    there = np.flatnonzero(places.shop_kecamatan != draft.population.families.kecamatan[card])
    shop = int(random.choice(there if len(there) else np.arange(len(places.shops))))
    first = int(random.integers(1, 13))
    for month in range(MONTHS):
        rows = errands(draft, card, month)
        if not len(rows) or (month and random.random() < _NEAR_HOME):
            continue
        days = (first, first + 1 + 2 * len(rows))
        move(draft, rows, shop, np.sort(moment(draft, random, month, days, np.full(len(rows), shop))))
        draft.claim(rows, label, actor)


SCHEME: Final = Scheme("lookalike-near-work", "card", ("A7", "A16"), 8, free_families, _apply, honest=True)
