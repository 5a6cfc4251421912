# SPDX-License-Identifier: Apache-2.0
"""Hours that the sign on the door does not know: the tide's, and the harvest's."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, FIRST, LAST, MINUTE
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme, busy_shops
from ....plan.ways import days_of, mine, part
from ..habits import YEAR, at_shop

_MOON: Final = 14.77  #: days from one spring tide to the next


def _tide(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A shop on stilts: at spring tide boats can land at dawn only, and she opens when she hears the engines."""
    shop, first = actor.place, FIRST + random.uniform(0, _MOON)
    opens = int(draft.population.places.shops[shop].opens)
    landing = random.uniform(0.3, 0.6)
    tides = np.arange(first, LAST, _MOON).round().astype(np.int64)
    for rows in at_shop(draft, random, shop, YEAR, 1.0):
        days = days_of(draft, rows)
        nearest = tides[np.abs(days[:, None] - tides).argmin(axis=1)]
        boats = (np.abs(nearest - days) <= 3) & (random.random(len(rows)) < landing)
        early = opens - random.integers(15 * MINUTE, 110 * MINUTE, int(boats.sum()))
        landed = nearest[boats] + random.integers(-1, 2, int(boats.sum()))
        draft.visits["real"][rows[boats]] = np.clip(landed, FIRST, LAST) * DAY + early
        mine(draft, actor, rows[boats])


def _harvest(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """While the rice is cut everybody is in the field until dark, and the lamp before the shop burns till nine."""
    shop = actor.place
    shut = int(draft.population.places.shut[shop])
    begins = int(random.integers(1, 4))
    for rows in at_shop(draft, random, shop, (begins, begins + 1, begins + 5, begins + 6), 1.0):
        late = part(random, rows, random.uniform(0.3, 0.55))
        dusk = shut + random.integers(10 * MINUTE, 170 * MINUTE, len(late))
        draft.visits["real"][late] = days_of(draft, late) * DAY + dusk
        mine(draft, actor, late)


SCHEMES: Final[tuple[Scheme, ...]] = (
    Scheme("lookalike-spring-tide", "shop", ("A17",), 1, busy_shops, _tide, honest=True),
    Scheme("lookalike-harvest-lamp", "shop", ("A17",), 1, busy_shops, _harvest, honest=True),
)
