# SPDX-License-Identifier: Apache-2.0
"""A shop lends money on cards, and pays itself when the load comes: cards pledged for months, a stack in one sitting.

As told of an e-warong in Rengasdengklok, Karawang (onediginews.com): the card is pledged for half a million, and the
goods of the months that follow are the lender's; cards kept by an agent in Tuban (jatim.beritabaru.co).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MONTH_STARTS, MONTHS
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, some
from ..hand import corner_shops, debited, sitting, terms

_LEAST: Final = 20  #: families of the shop


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, how = actor.place, boldness(random)
    label = draft.label(actor.scheme, actor.rules)
    cards = some(random, customers(draft, shop), between(9, 18, how))
    first, last = terms(random, len(cards), 7)
    gaps = between(60, 25, how), between(210, 80, how)
    for month in range(MONTHS):
        now = random.permutation(cards[(first <= month) & (month < last)])
        sittings = 1 if how > 0.5 or len(now) < 8 else 2  #: the careful do not have them all out at once
        for stack in np.array_split(now, sittings):
            day = int(MONTH_STARTS[month]) + int(random.integers(1, 9))
            begins = day * DAY + int(draft.hour(shop, random.uniform(0.1, 0.7)))
            moments = sitting(random, begins, len(stack), gaps)
            draft.claim(debited(draft, stack, month, shop, moments, given=True), label, actor)


SCHEME: Final = Scheme("fraud-pledged", "shop", ("A4", "A7"), 1, corner_shops(_LEAST), _apply)
