# SPDX-License-Identifier: Apache-2.0
"""A family has pawned its card: it lives at one shop far from home, and is used there after hours."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, HOUR, MINUTE
from ..draft import Actor, Draft, Want
from ..events import Step
from ..scheme import Scheme, free_families

_AFTER_HOURS: Final = 0.7


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    families, shops = draft.population.families, draft.population.places.shops
    far = [place for place, shop in enumerate(shops) if shop.kecamatan != families.kecamatan[actor.place]]
    shop = int(random.choice(far)) if far else int(families.home[actor.place])
    rows = draft.of_card(actor.place, step=Step.DEBIT)
    visits = draft.visits
    late = rows[random.random(len(rows)) < _AFTER_HOURS]
    visits["terminal"][rows], visits["want"][rows], visits["share"][rows] = shop + 1, Want.FREE, 1.0
    evening = shops[shop].closes + random.integers(HOUR, 3 * HOUR, len(late))
    visits["real"][late] = visits["real"][late] // DAY * DAY + np.minimum(evening, 23 * HOUR + 30 * MINUTE)
    draft.claim(rows, draft.label("fraud-pawned", actor.rules), actor)


SCHEME: Final = Scheme("fraud-pawned", "card", ("A7", "A16", "A17"), 4, free_families, _apply)
