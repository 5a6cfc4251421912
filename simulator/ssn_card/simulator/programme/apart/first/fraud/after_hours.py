# SPDX-License-Identifier: Apache-2.0
"""Cards that families leave with a shopkeeper are debited when the shutters are down and nobody sees the display.

Careful ones stay for half an hour behind the counter, a few times a month; bold ones do it late at night.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MINUTE, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, errands, months, move, only_first, shops_with, some

_FAMILIES: Final = (5, 13)
_OFTEN: Final = (0.35, 0.75)
_MINUTES: Final = (70.0, 300.0)  #: behind closing, at the most
_LEAST: Final = 20  #: minutes
_MORNING: Final = 0.3  #: of the shopkeepers do it before they open


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, shop = boldness(random), actor.place
    label = draft.label(actor.scheme, actor.rules)
    morning = bool(random.random() < _MORNING)
    families = some(random, customers(draft, shop), between(*_FAMILIES, how))
    for month in months(random, 3, 7):
        for family in families[random.random(len(families)) < between(*_OFTEN, how)].tolist():
            rows = only_first(draft, errands(draft, family, month))
            day = MONTH_STARTS[month] + random.integers(0, 20, len(rows))
            when = day * DAY + _hour(draft, random, shop, how, morning)
            move(draft, rows, shop, when, want=Want.FREE, share=random.uniform(0.5, 1.0, len(rows)), given=True)
            draft.claim(rows, label, actor)


def _hour(draft: Draft, random: np.random.Generator, shop: int, how: float, morning: bool) -> Ints:
    place = draft.population.places.shops[shop]
    away = random.uniform(_LEAST, between(*_MINUTES, how), 1)
    seconds = place.opens - away * MINUTE / 2 if morning else place.closes + away * MINUTE
    return seconds.astype(np.int64)


SCHEME: Final = Scheme("fraud-after-hours", "shop", ("A17",), 1, shops_with(8), _apply)
