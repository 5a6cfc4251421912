# SPDX-License-Identifier: Apache-2.0
"""The head of a group keeps its cards with their PINs, and the shop runs them through behind the closed shutter.

As told of cards of a village with one man in Batujaya, Karawang, who alone knew the PINs (onediginews.com, 2022); of
balances that were gone before the families came in Brebes (radartegal.disway.id, 2021) and Ciamis (harapanrakyat.com,
2021).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MINUTE, MONTH_LENGTHS, MONTH_STARTS
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, months, some
from ..hand import corner_shops, debited, sitting

_LEAST: Final = 18  #: families of the shop
_LATEST: Final = 12  #: days into the month


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, how = actor.place, boldness(random)
    label = draft.label(actor.scheme, actor.rules)
    cards = some(random, customers(draft, shop), between(8, 15, how))
    gaps = between(70, 30, how), between(240, 100, how)
    for month in months(random, 2, 8):
        own = random.random(len(cards)) < between(0.08, 0.0, how)  #: a few fetch their goods themselves
        day = int(MONTH_STARTS[month] + random.integers(1, min(_LATEST, MONTH_LENGTHS[month])))
        shut = day * DAY + int(draft.population.places.shut[shop])
        begins = shut + int(random.integers(35, 45 + int(between(20, 110, how)))) * MINUTE
        if random.random() < between(0.18, 0.0, how):  #: now and then by day
            begins = day * DAY + int(draft.hour(shop, random.uniform(0.2, 0.7)))
        stack = random.permutation(cards[~own])
        rows = debited(draft, stack, month, shop, sitting(random, begins, len(stack), gaps), given=True)
        draft.claim(rows, label, actor)


SCHEME: Final = Scheme("fraud-shutter", "shop", ("A4", "A7", "A17"), 1, corner_shops(_LEAST), _apply)
