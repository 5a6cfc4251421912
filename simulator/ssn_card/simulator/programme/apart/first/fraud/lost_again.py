# SPDX-License-Identifier: Apache-2.0
"""A family hands its card on for money, reports it lost when it is empty, and waits for the next.

Each time the card is emptied a few days before.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.scheme import Scheme, free_families
from ....plan.ways import errands

_TIMES: Final = (4, 7)  #: cards that are reported, in as many months


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    label = draft.label(actor.scheme, actor.rules)
    card, times = actor.place, int(random.integers(*_TIMES))
    for month in np.sort(random.choice(np.arange(1, 12), times, replace=False)).tolist():
        start = int(MONTH_STARTS[month])
        lost = start + int(random.integers(12, 20))
        rows = errands(draft, card, month)
        day = draft.visits["real"][rows] // DAY
        rows = rows[day < lost - 1][-1:]
        if not len(rows):
            rows = _sold(draft, random, card, start, lost)
        draft.visits["want"][rows], draft.visits["share"][rows] = Want.FREE, 1.0
        draft.claim(rows, label, actor)
        days = [np.array([lost + more]) for more in (0, 1, 2, int(random.integers(4, 10)))]
        new = draft.replace_cards(
            np.array([card]), "lost", lost=days[0], blocked=days[1], made=days[2], delivered=days[3]
        )
        card = int(new[0])


def _sold(draft: Draft, random: np.random.Generator, card: int, start: int, lost: int) -> Rows:
    """It would have bought nothing: somebody else does."""
    shop = int(draft.population.families.home[draft.population.cards.family[card]])
    delivered = int(draft.population.cards.delivered_on[card])
    day = int(random.integers(max(start, delivered + 1), lost))
    when = day * DAY + draft.hour(shop, random.random(1))
    return draft.add(np.full(1, card), when, shop)


def _candidates(draft: Draft) -> Ints:
    """Families that have their card from the beginning."""
    families = free_families(draft)
    early: Ints = families[draft.population.cards.delivered_on[families] < MONTH_STARTS[1]]
    return early


SCHEME: Final = Scheme("fraud-lost-again", "family", ("A12",), 3, _candidates, _apply)
