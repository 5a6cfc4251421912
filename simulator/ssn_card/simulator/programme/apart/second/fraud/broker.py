# SPDX-License-Identifier: Apache-2.0
"""A broker collects cards in one kecamatan, and once a month takes them across the city to a shop that pays him.

As told of Batujaya, Karawang (onediginews.com, 2022): cards of a village are collected by somebody who has no e-warong
there at all.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme, free_families
from ....plan.ways import between, boldness, months, regular, some
from ..hand import corner_shops, debited, sitting

_LEAST: Final = 12  #: families of a kecamatan from which he has some


def _from_afar(draft: Draft, shop: int) -> Ints:
    """Kecamatan that are not the shop's, with families that are nobody's yet."""
    places, families = draft.population.places, draft.population.families
    count = np.bincount(families.kecamatan[free_families(draft)], minlength=len(places.codes))
    count[places.shops[shop].kecamatan] = 0
    return np.flatnonzero(count >= _LEAST)


def _candidates(draft: Draft) -> Ints:
    free = corner_shops(1)(draft)
    return free[[bool(len(_from_afar(draft, shop))) for shop in free.tolist()]]


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, how = actor.place, boldness(random)
    label = draft.label(actor.scheme, actor.rules)
    free = free_families(draft)
    there = free[draft.population.families.kecamatan[free] == random.choice(_from_afar(draft, shop))]
    cards = some(random, regular(draft, there), between(7, 10, how))
    gaps = between(80, 35, how), between(260, 110, how)
    for month in months(random, 2, 8):
        now = random.permutation(cards[random.random(len(cards)) > between(0.15, 0.0, how)])
        day = int(MONTH_STARTS[month]) + int(random.integers(2, 12))
        begins = day * DAY + int(draft.hour(shop, random.uniform(0.2, 0.75)))
        rows = debited(draft, now, month, shop, sitting(random, begins, len(now), gaps), given=True)
        draft.claim(rows, label, actor)


SCHEME: Final = Scheme("fraud-broker", "shop", ("A4", "A16"), 1, _candidates, _apply)
