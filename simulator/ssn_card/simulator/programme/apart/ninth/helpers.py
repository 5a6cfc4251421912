# SPDX-License-Identifier: Apache-2.0
"""Companions who sell what they may confirm, or go shopping with everybody's cards."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...plan.calendar import DAY, MINUTE, MONTH_STARTS, Ints
from ...plan.draft import Actor, Draft, Want
from ...plan.events import Step
from ...plan.honest import FEASTS
from ...plan.scheme import Scheme
from ...plan.ways import (
    between,
    boldness,
    companions_with,
    errands,
    firsts,
    free_regular,
    in_turn,
    mine,
    months,
    move,
    regular_of,
    some,
)

_SIGNATURES: Final = (150_000, 200_000, 300_000, 300_000)  #: rupiah above the limit, by what is paid for it
_STACK: Final = (22.0, 120.0)  #: seconds from card to card, out of one bag


def _neighbours(draft: Draft, companion: int) -> Ints:
    """Free families of other companions in the same kecamatan."""
    free, families = free_regular(draft), draft.population.families
    near = families.kecamatan[free] == draft.population.companion_kecamatan[companion]
    kept: Ints = free[near & (families.companion[free] != companion)]
    return kept


def _signature_sold(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Thirty thousand for a signature: who has let money gather takes all of it out at once, and sells the goods on."""
    how = boldness(random)
    own = regular_of(draft, actor.place)
    others = some(random, _neighbours(draft, actor.place), between(4, 10, how))
    friend = int(draft.population.families.home[own[0]])
    for family in np.concatenate((own, others)).tolist():
        first = int(random.integers(2, 5))
        for month in range(first, 12, int(random.integers(3, 5))):
            if month in FEASTS and random.random() < 0.5:
                continue
            for before in (month - 2, month - 1):
                draft.drop(errands(draft, family, before))
            draft.drop(errands(draft, family, month))
            shop = friend if random.random() < between(0.3, 0.7, how) else int(draft.population.families.home[family])
            day = int(MONTH_STARTS[month]) + int(random.integers(0, 22))
            at = day * DAY + int(draft.hour(shop, random.uniform(0.05, 0.6)))
            amount = int(random.choice(_SIGNATURES))
            signed = draft.add([family], at, shop, step=Step.OVERRIDE, amount=amount, companion=actor.place, given=True)
            behind = at + MINUTE * np.array([3, 3 + int(random.choice([9, 90, 24 * 60]))])
            bought = draft.add(
                np.full(2, family), behind, shop, want=np.array([Want.AB, Want.FREE]), share=0.97, given=True
            )
            mine(draft, actor, np.concatenate((signed, bought)))


def _far_friend(draft: Draft, random: np.random.Generator, companion: int) -> int:
    """A shop in another kecamatan, nobody's yet where there is one."""
    city = draft.population.places
    away = np.flatnonzero(city.shop_kecamatan != draft.population.companion_kecamatan[companion])
    among = (np.intersect1d(away, draft.free_shops()), away, np.arange(len(city.shops)))
    return int(random.choice(next(one for one in among if len(one))))


def _cousins_terminal(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """For your convenience: she takes the cards along to a cousin over the river, or to two, and brings half of it."""
    how = boldness(random)
    friends = [_far_friend(draft, random, actor.place) for _ in range(int(random.integers(1, 3)))]
    others = some(random, _neighbours(draft, actor.place), between(3, 8, how))
    cards = np.concatenate((regular_of(draft, actor.place), others))
    for month in months(random, 3, 6):
        shop = friends[month % len(friends)]
        rows = firsts(draft, random.permutation(cards[random.random(len(cards)) < between(0.65, 0.95, how)]), month)
        for trip in np.array_split(rows, 1 if len(rows) < 6 or random.random() < 0.7 else 2):
            day = int(MONTH_STARTS[month]) + int(random.integers(0, 12))
            start = day * DAY + int(draft.hour(shop, random.uniform(0.1, 0.8)))
            wants = random.choice([Want.A, Want.B, Want.FREE], len(trip), p=[0.3, 0.4, 0.3])
            moments = in_turn(random, start, len(trip), _STACK)
            share = random.uniform(0.85, 1.0, len(trip))
            move(draft, trip, shop, moments, want=wants, share=share, given=True)
        mine(draft, actor, rows)


HELPERS: Final = (
    Scheme("fraud-signature-sold", "companion", ("A11",), 1, companions_with(4), _signature_sold),
    Scheme("fraud-cousins-terminal", "companion", ("A4", "A16"), 1, companions_with(5), _cousins_terminal),
)
