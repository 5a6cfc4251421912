# SPDX-License-Identifier: Apache-2.0
"""A widow without a bicycle carries home the rice, and comes again for the rest on the same day.

Honest: two baskets that make up one month's needs, in the shop's own prices, and nothing round about them.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import MINUTE, MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme, free_families
from ....plan.ways import errands, only_first

_WALK: Final = (25 * MINUTE, 120 * MINUTE)
_HELPED: Final = 0.2  #: of the months, in which a neighbour carries


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    card, label = actor.place, draft.label(actor.scheme, actor.rules)
    shop = int(draft.population.families.home[card])
    for month in range(MONTHS):
        rows = errands(draft, card, month)
        if not len(rows) or (month > 1 and random.random() < _HELPED):
            continue
        first = only_first(draft, rows)
        visits = draft.visits
        visits["terminal"][first], visits["want"][first] = shop + 1, Want.FREE
        visits["share"][first] = random.uniform(0.4, 0.6)
        again = visits["real"][first] + random.integers(*_WALK)
        second = draft.add(np.full(1, card), again, shop, want=Want.FREE, share=random.uniform(0.85, 1.0))
        draft.claim(np.concatenate((first, second)), label, actor)


SCHEME: Final = Scheme("lookalike-two-trips", "card", ("A1",), 6, free_families, _apply, honest=True)
