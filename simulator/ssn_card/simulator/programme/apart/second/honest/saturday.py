# SPDX-License-Identifier: Apache-2.0
"""The shop stands by a market that is held on one day of the week: most people come on that morning, in a queue.

Honest: nobody is served faster than a shop with two people behind the counter serves, and each buys what it likes.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, HOUR, LAST, MONTHS
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme
from ....plan.ways import part, shops_with

_WEEK: Final = 7
_SHARE: Final = (0.4, 0.65)  #: of the purchases
_MORNING: Final = 3 * HOUR


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, label = actor.place, draft.label(actor.scheme, actor.rules)
    held, share = int(random.integers(_WEEK)), random.uniform(*_SHARE)
    opens = int(draft.population.places.opens[shop])
    for month in range(MONTHS):
        rows = part(random, draft.in_month(draft.of_shop(shop), month), share)
        day = draft.visits["real"][rows] // DAY
        moved = day - day % _WEEK + held
        within = (moved <= LAST) & (np.abs(moved - day) < _WEEK)
        rows, moved = rows[within], moved[within]
        minutes = (random.beta(2, 2.5, len(rows)) * _MORNING).astype(np.int64)
        draft.visits["real"][rows] = moved * DAY + opens + minutes
        draft.claim(rows, label, actor)


SCHEME: Final = Scheme("lookalike-saturday", "shop", ("A4",), 2, shops_with(14), _apply, honest=True)
