# SPDX-License-Identifier: Apache-2.0
"""All is debited on the day of the load, and the goods come when the supplier has been paid with it, many days later.

As told of BPNT cards that were empty on the day of the load, with goods promised for later: Bulakamba, Brebes
(radartegal.disway.id, 2021), Lakbok, Ciamis (harapanrakyat.com, 2021).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import exact
from ....plan.calendar import MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, moment, some
from ..hand import corner_shops, debited

_LEAST: Final = 20
_TOTALS: Final = tuple(range(50_000, 600_001, 25_000))
_EACH: Final = 2  #: baskets for a total


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, how = actor.place, boldness(random)
    label = draft.label(actor.scheme, actor.rules)
    draft.late_stock[shop] = int(random.integers(6, 13))
    known = customers(draft, shop)
    families = some(random, known, between(0.42, 0.6, how) * len(known))
    first = int(random.integers(0, 3))
    for month in range(first, MONTHS):
        prices = draft.goods.price(shop, month)
        menu = draft.goods.add_menu([exact(random, prices, one) for one in _TOTALS for _ in range(_EACH)], _EACH)
        now = families[random.random(len(families)) < between(0.7, 0.92, how)]
        when = moment(draft, random, month, (0, 2), np.full(len(now), shop))
        rows = debited(draft, now, month, shop, when, want=Want.FREE, menu=menu, given=True)
        draft.claim(rows, label, actor)


SCHEME: Final = Scheme("fraud-load-day", "shop", ("A5", "A6"), 1, corner_shops(_LEAST), _apply)
