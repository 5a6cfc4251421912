# SPDX-License-Identifier: Apache-2.0
"""A family has moved across the city, or works there, unknown to the registry: it buys at one shop far from home."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY
from ..draft import Actor, Draft
from ..scheme import Scheme, free_families

_THERE: Final = 0.9  #: of its purchases


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    families, places = draft.population.families, draft.population.places
    far = np.flatnonzero(places.shop_kecamatan != families.kecamatan[actor.place])
    shop = int(random.choice(far)) if len(far) else int(families.home[actor.place])
    rows, visits = draft.of_card(actor.place), draft.visits
    moved = rows[np.isin(visits["real"][rows] // DAY, _days(visits["real"][rows] // DAY, random))]
    visits["terminal"][moved] = shop + 1
    visits["real"][moved] = visits["real"][moved] // DAY * DAY + draft.hour(shop, _hours(visits["real"][moved]))
    draft.claim(moved, draft.label("lookalike-moved", actor.rules), actor)


def _days(days: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Most of the days on which it buys: all that it does on one day is at one shop."""
    every = np.unique(days)
    chosen: np.ndarray = every[random.random(len(every)) < _THERE]
    return chosen if len(chosen) else every


def _hours(moments: np.ndarray) -> np.ndarray:
    """The same order within the day, in another shop's hours."""
    hours: np.ndarray = moments % DAY / DAY
    return hours


SCHEME: Final = Scheme("lookalike-moved", "card", ("A7", "A16"), 10, free_families, _apply, honest=True)
