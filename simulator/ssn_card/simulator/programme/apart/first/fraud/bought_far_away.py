# SPDX-License-Identifier: Apache-2.0
"""A trader buys cards in another kecamatan and empties them at the shop of a relative, on one trip a month.

He takes half a day for it, among other customers.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, HOUR, MINUTE, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, errands, in_turn, months, move, only_first, regular, shops_with, some

_CARDS: Final = (5, 13)
_OFTEN: Final = (0.6, 0.95)
_GAPS: Final = (6.0 * MINUTE, 24.0 * MINUTE)


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, shop = boldness(random), actor.place
    label = draft.label(actor.scheme, actor.rules)
    cards = some(random, _far(draft, random, shop), between(*_CARDS, how))
    for month in months(random, 3, 7):
        taken = random.permutation(cards[random.random(len(cards)) < between(*_OFTEN, how)])
        none = np.zeros(0, np.intp)
        rows: Rows = np.concatenate(
            [none, *(only_first(draft, errands(draft, card, month)) for card in taken.tolist())]
        )
        day = int(MONTH_STARTS[month] + random.integers(1, 13))
        begins = day * DAY + 8 * HOUR + int(random.integers(15, 150)) * MINUTE
        share = random.uniform(0.8, 1.0, len(rows))
        move(draft, rows, shop, in_turn(random, begins, len(rows), _GAPS), want=Want.FREE, share=share, given=True)
        draft.claim(rows, label, actor)


def _far(draft: Draft, random: np.random.Generator, shop: int) -> Ints:
    """Families of one other kecamatan."""
    families, own = draft.population.families, draft.population.places.shops[shop].kecamatan
    others = np.setdiff1d(families.kecamatan, [own])
    there = np.flatnonzero(families.kecamatan == random.choice(others))
    return regular(draft, some(random, there, 60))


def _candidates(draft: Draft) -> Ints:
    """Any shop, where there is more than one kecamatan."""
    many = len(np.unique(draft.population.families.kecamatan)) > 1
    return shops_with(4)(draft) if many else np.zeros(0, np.int64)


SCHEME: Final = Scheme("fraud-bought-far-away", "shop", ("A16",), 1, _candidates, _apply)
