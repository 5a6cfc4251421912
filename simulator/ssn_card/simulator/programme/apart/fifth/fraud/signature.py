# SPDX-License-Identifier: Apache-2.0
"""A companion whose signature is for sale."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import MINUTE, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme, free_families
from ....plan.ways import between, boldness, companions_with, errands, mine, move, regular, regular_of, some
from ..habits import at, overrides, trips

_EVERY: Final = 3  #: months of loads that are spent at once
_ABOVE: Final = 300_000


def _signature(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Families leave two loads on the card for her, and spend three at her sister's shop with her signature, for a cut.

    Told by: far more overrides than anybody's, half of them for families of other companions, the same families every
    third month all year and whatever the feast, at one shop.
    """
    how = boldness(random)
    families = draft.population.families
    own = regular_of(draft, actor.place)
    near = regular(draft, free_families(draft))
    near = near[(families.kecamatan[near] == draft.population.companion_kecamatan[actor.place])]
    others = some(random, near[families.companion[near] != actor.place], between(4, 7, how))
    shop = int(families.home[own[0]])
    for card in np.concatenate((own, others)).tolist():
        first = int(random.integers(2, 2 + _EVERY))
        for month in range(first - 2, 12):
            if (month - first) % _EVERY:
                draft.drop(errands(draft, card, month))
            else:
                _sold(draft, actor, random, shop, card, month)


def _sold(draft: Draft, actor: Actor, random: np.random.Generator, shop: int, card: int, month: int) -> None:
    """Above the limit by one load, all in one visit."""
    rows = trips(draft, card, month, 2)
    if not len(rows):
        return
    first = at(draft, shop, month, int(random.integers(1, 25)), float(random.uniform(0.4, 0.9)))
    moments: Ints = first + np.array([0, random.integers(4, 15) * MINUTE])
    move(draft, rows, shop, moments, want=Want.FREE, share=1.0)
    lifted = overrides(draft, rows[:1], actor.place, _ABOVE, int(random.integers(60, 400)))
    mine(draft, actor, np.concatenate((rows, lifted)))


SIGNATURE: Final = Scheme("fraud-signature-for-sale", "companion", ("A11",), 1, companions_with(5), _signature)
