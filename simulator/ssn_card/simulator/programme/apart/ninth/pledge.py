# SPDX-License-Identifier: Apache-2.0
"""One family's card with somebody who has lent it money."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...plan.calendar import DAY, MINUTE, MONTH_STARTS
from ...plan.draft import Actor, Draft, Want
from ...plan.scheme import Scheme
from ...plan.ways import boldness, errands, free_regular, mine, months
from .ledger import after_closing

_EVENING: Final = (8, 150)  #: minutes behind closing, when the lender's nephew has time
_DAWN: Final = (15, 80)  #: minutes before opening


def _weekly_lender(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A lender who goes from market to market keeps the card until the debt is paid, which it never is."""
    card, how = actor.place, boldness(random)
    city = draft.population.places
    home = draft.population.families.kecamatan[card]
    away = np.flatnonzero(city.shop_kecamatan != home)
    shop = int(random.choice(away)) if len(away) else int(random.integers(len(city.shops)))
    for month in months(random, 3, 8):
        draft.drop(errands(draft, card, month))
        times = 2 if random.random() < 0.65 else 1
        day = MONTH_STARTS[month] + random.integers([0, 3][:times], [3, 10][:times])
        late, opens = after_closing(draft, random, shop, _EVENING, times), int(city.opens[shop])
        early = opens - MINUTE * random.integers(*_DAWN, times)
        chance = random.random(times)
        seconds = np.where(chance < 0.3 + 0.35 * how, late, draft.hour(shop, random.random(times)))
        seconds = np.where(chance > 0.92, early, seconds)
        share = np.where(np.arange(times) == times - 1, 0.98, random.uniform(0.35, 0.65, times))
        more = draft.add(np.full(times, card), day * DAY + seconds, shop, want=Want.FREE, share=share, given=True)
        mine(draft, actor, more)


PLEDGE: Final = (Scheme("fraud-weekly-lender", "card", ("A7", "A16", "A17"), 2, free_regular, _weekly_lender),)
