# SPDX-License-Identifier: Apache-2.0
"""Somebody shops for three or four old neighbours with their cards, and for herself, on one trip.

Each has other wishes; some months one of them goes herself, or the grandson does.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MINUTE, MONTHS, Ints
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme, free_families
from ....plan.ways import customers, errands, in_turn, moment, move, part, some

_OLD: Final = (3, 5)
_COMES: Final = 0.88  #: of them, in a month
_TRIP: Final = 15 * MINUTE  #: at the most, so that it ends while the shop is open
_GAPS: Final = (45.0, 170.0)


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    label = draft.label(actor.scheme, actor.rules)
    families, own = draft.population.families, actor.place
    shop = int(families.home[own])
    at = customers(draft, shop)
    near = at[(families.kelurahan[at] == families.kelurahan[own]) & (at != own)]
    cards = np.r_[own, some(random, near, int(random.integers(*_OLD)))]
    for month in range(MONTHS):
        firsts = [errands(draft, card, month)[:1] for card in part(random, cards, _COMES).tolist()]
        rows = np.concatenate([np.zeros(0, np.intp), *firsts])
        begins = int(moment(draft, random, month, (0, 20), shop))
        begins = min(begins, begins // DAY * DAY + int(draft.population.places.closes[shop]) - _TRIP)
        move(draft, rows, shop, in_turn(random, begins, len(rows), _GAPS))
        draft.claim(rows, label, actor)


def _candidates(draft: Draft) -> Ints:
    """Families with others at their shop."""
    families = free_families(draft)
    homes = draft.population.families.home[families]
    return families[np.bincount(homes)[homes] >= _OLD[1]]


SCHEME: Final = Scheme("lookalike-neighbour", "family", ("A4",), 9, _candidates, _apply, honest=True)
