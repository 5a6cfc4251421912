# SPDX-License-Identifier: Apache-2.0
"""Companions who do much for their families."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import MINUTE
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.honest import FEASTS, SAVED
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, companions_with, earliest, errands, in_turn, mine, move, part, regular_of
from ..habits import at, overrides, row_up, trips

_LITTLE: Final = (0.08, 0.18)


def _hired_boat(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Hires a boat for her families, some of whom save for Lebaran or the new school year, and goes along.

    Told by: her own families only, together at their shop, each with its own basket; overrides only before a feast,
    each for a family that had saved for two months, and then spends it.
    """
    how = boldness(random)
    families = regular_of(draft, actor.place)
    shop = int(draft.population.families.home[families[0]])
    savers = {feast: part(random, families, between(0.4, 0.7, how)) for feast in FEASTS[:2]}
    for month in range(1, 12):
        rows = earliest(draft, families.tolist(), month)
        first = at(draft, shop, month, int(random.integers(2, 14)), float(random.uniform(0.05, 0.6)))
        row_up(draft, random, rows, shop, first, (100, 400))
        if month + 1 in FEASTS or month + 2 in FEASTS:
            feast = next(one for one in FEASTS if one > month)
            _spend_little(draft, random, rows, savers.get(feast, families[:0]).tolist())
        if month in savers:
            lifted = _feast(draft, random, rows, savers[month].tolist(), actor)
            rows = np.concatenate((rows, lifted))
        mine(draft, actor, rows)


def _spend_little(draft: Draft, random: np.random.Generator, rows: Rows, savers: list[int]) -> None:
    visits = draft.visits
    own = rows[np.isin(visits["card"][rows], savers)]
    visits["want"][own], visits["share"][own] = Want.FREE, random.uniform(*_LITTLE, len(own))


def _feast(draft: Draft, random: np.random.Generator, rows: Rows, savers: list[int], actor: Actor) -> Rows:
    """What was saved: 600,000, and a package above the limit some minutes later."""
    own = rows[np.isin(draft.visits["card"][rows], savers)]
    draft.visits["want"][own] = random.choice([Want.AA, Want.AB, Want.BB], len(own))
    lifted = overrides(draft, own, actor.place, SAVED, 40)
    of = draft.visits[own].copy()
    late = of["real"] + random.integers(4, 30, len(own)) * MINUTE
    more = draft.add(of["card"], late, of["terminal"].astype(np.int64) - 1, want=Want.FREE, share=0.95)
    return np.concatenate((lifted, more))


def _fire(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The houses on piles burn; her families eat at the public kitchen for two months, then buy a kitchen anew.

    Told by: her own families of one bank, all in one month, each once; before and after she signs as others do.
    """
    burnt = int(random.integers(3, 9))
    families = regular_of(draft, actor.place)
    for month in (burnt, burnt + 1):
        for card in families.tolist():
            draft.drop(errands(draft, card, month))
    for card in families.tolist():
        rows = trips(draft, card, burnt + 2, 2)
        shop = int(draft.population.families.home[card])
        first = at(draft, shop, burnt + 2, int(random.integers(0, 12)), float(random.uniform(0, 0.8)))
        if len(rows):
            moments = in_turn(random, first, len(rows), (10 * MINUTE, 50 * MINUTE))
            move(draft, rows, shop, moments, want=Want.FREE, share=0.97)
            mine(draft, actor, np.concatenate((rows, overrides(draft, rows[:1], actor.place, SAVED, 200))))


HIRED_BOAT: Final = Scheme(
    "lookalike-hired-boat", "companion", ("A4", "A11"), 2, companions_with(5), _hired_boat, honest=True
)
FIRE: Final = Scheme(
    "lookalike-fire-on-the-bank", "companion", ("A3", "A11"), 1, companions_with(5), _fire, honest=True
)
