# SPDX-License-Identifier: Apache-2.0
"""Families upriver come when the boat goes, on one or two days of the month, and take home all that the card pays.

Honest: the boat goes at its hours, there is one shop at the landing, and a second journey costs more than a sack.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, HOUR, MONTH_STARTS, MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import customers, errands, move, only_first, shops_with, some

_SHARE: Final = (0.5, 0.8)  #: of the shop's families
_DAYS: Final = (1, 17)  #: of the month, from which on the boats go
_STAY: Final = 3 * HOUR


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, label = actor.place, draft.label(actor.scheme, actor.rules)
    known = customers(draft, shop)
    families = some(random, known, max(1, random.uniform(*_SHARE) * len(known)))
    second = random.random(len(families)) < 0.3
    lands = int(draft.hour(shop, random.uniform(0.0, 0.4)))
    for month in range(MONTHS):
        boats = int(MONTH_STARTS[month]) + np.array(_DAYS) + random.integers(0, 3, 2)
        rows = [only_first(draft, errands(draft, family, month)) for family in families.tolist()]
        which = np.repeat(second.astype(np.int64), [len(one) for one in rows])
        first = np.concatenate(rows)
        moments = boats[which] * DAY + lands + random.integers(0, _STAY, len(first))
        move(draft, first, shop, moments, want=random.choice([Want.AA, Want.AB, Want.BB], len(first)), given=True)
        draft.claim(first, label, actor)


SCHEME: Final = Scheme("lookalike-boat-day", "shop", ("A4", "A5", "A7"), 1, shops_with(14), _apply, honest=True)
