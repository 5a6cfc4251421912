# SPDX-License-Identifier: Apache-2.0
"""A shop opens in the course of the year: before, its families went elsewhere; in its first days everybody comes."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MONTH_STARTS
from ....plan.draft import Actor, Draft, Rows
from ....plan.events import Step
from ....plan.scheme import Scheme
from ....plan.ways import part, shops_with

_OPENS: Final = (2, 8)  #: month
_FEAST_DAYS: Final = 3
_COMES: Final = 0.6  #: of the month's visits, in the first days


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, places = actor.place, draft.population.places
    label = draft.label(actor.scheme, actor.rules)
    month = int(random.integers(*_OPENS))
    opens = int(MONTH_STARTS[month] + random.integers(0, 6))
    every = np.concatenate([draft.of_shop(shop, step=step) for step in Step])
    before = every[draft.visits["real"][every] // DAY < opens]
    around = places.around[places.shops[shop].kecamatan]
    others = np.setdiff1d(around if len(around) > 1 else np.arange(len(places.shops)), [shop])
    family = draft.population.cards.family[draft.visits["card"][before]]
    draft.visits["terminal"][before] = others[family % len(others)] + 1  # each family goes to one of them
    _first_days(draft, random, part(random, draft.in_month(draft.of_shop(shop), month), _COMES), opens)
    draft.claim(draft.of_shop(shop), label, actor)


def _first_days(draft: Draft, random: np.random.Generator, rows: Rows, opens: int) -> None:
    """These come within days of the opening, at their own hour."""
    day = draft.visits["real"][rows] // DAY
    sooner = opens + random.integers(0, _FEAST_DAYS, len(rows))
    draft.visits["real"][rows] += np.where(day > sooner, sooner - day, 0) * DAY


SCHEME: Final = Scheme("lookalike-new-shop", "shop", ("A4", "A7"), 1, shops_with(8), _apply, honest=True)
