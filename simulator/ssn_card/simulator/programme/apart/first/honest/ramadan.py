# SPDX-License-Identifier: Apache-2.0
"""In the fasting month a shop is open after the evening prayer, and in the days before Lebaran people buy for guests.

2026: the fast from 18 February, Lebaran on 20 March.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np

from ....plan.calendar import DAY, HOUR, MINUTE, day_of
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import part, shops_with

_BEGINS: Final = day_of(dt.date(2026, 2, 18))
_LEBARAN: Final = day_of(dt.date(2026, 3, 20))
_PEAK: Final = 10  #: days before the feast
_EVENINGS: Final = (0.25, 0.6)  #: of the visits
_FOR_GUESTS: Final = 0.55  #: of those of the peak
_AFTER_PRAYER: Final = (19 * HOUR + 50 * MINUTE, 21 * HOUR + 20 * MINUTE)


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop = actor.place
    label = draft.label(actor.scheme, actor.rules)
    rows, visits = draft.of_shop(shop), draft.visits
    day = visits["real"][rows] // DAY
    rows = rows[(day >= _BEGINS) & (day < _LEBARAN)]
    later = part(random, rows, 0.5)  # March's load is spent late, for the feast
    day = visits["real"][later] // DAY
    later, day = later[day >= day_of(dt.date(2026, 3, 1))], day[day >= day_of(dt.date(2026, 3, 1))]
    visits["real"][later] += np.maximum(_LEBARAN - random.integers(1, _PEAK, len(later)) - day, 0) * DAY
    peak = rows[visits["real"][rows] // DAY >= _LEBARAN - _PEAK]
    visits["want"][part(random, peak, _FOR_GUESTS)] = Want.AB
    evening = part(random, rows, random.uniform(*_EVENINGS))
    hour = random.integers(*_AFTER_PRAYER, len(evening))
    visits["real"][evening] = visits["real"][evening] // DAY * DAY + hour
    draft.claim(np.union1d(evening, peak), label, actor)


SCHEME: Final = Scheme("lookalike-ramadan", "shop", ("A3", "A17"), 3, shops_with(14), _apply, honest=True)
