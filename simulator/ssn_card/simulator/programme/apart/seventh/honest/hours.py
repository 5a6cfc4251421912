# SPDX-License-Identifier: Apache-2.0
"""Early, late, and all at once: ferries, fasting, floods, and electricity that comes back in the evening."""

from __future__ import annotations

import datetime as dt
from typing import Final

import numpy as np

from ....plan.calendar import DAY, MINUTE, MONTH_STARTS, MONTHS, YEAR, day_of
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, days_of, earliest, in_turn, mine, move, part, regular_at, shops_with, some
from ..manners import certain, morning, night, season, some_trade, trade

_FASTING: Final = (day_of(dt.date(YEAR, 2, 18)), day_of(dt.date(YEAR, 3, 19)))


def _ferry(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The ferry lands before the hour on the sign; she lives behind the stall and opens for who gets off it."""
    how, shop = boldness(random), actor.place
    opens = draft.population.places.shops[shop].opens
    for month in season(random, how, 2, 8):
        rows = some_trade(draft, random, shop, month, between(0.12, 0.3, how), 15)
        early = random.integers(15, 100, len(rows)) * MINUTE
        move(draft, rows, shop, days_of(draft, rows) * DAY + opens - early)
        mine(draft, actor, rows)
    certain(draft, actor, shop)


def _fasting(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """In the fasting month people come after the evening prayer; nobody changes the hours in the office's list."""
    how, shop = boldness(random), actor.place
    rows = np.concatenate([trade(draft, shop, month) for month in (1, 2)])
    day = days_of(draft, rows)
    rows = part(random, rows[(day >= _FASTING[0]) & (day <= _FASTING[1])], between(0.3, 0.6, how))
    move(draft, rows, shop, night(random, days_of(draft, rows), 19.8, 22.0))
    mine(draft, actor, rows)
    certain(draft, actor, shop)


def _no_power(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """No electricity since noon: who waited is served when it comes back, some when it should be closed."""
    how, shop = boldness(random), actor.place
    for month in some(random, np.arange(MONTHS), between(5, 9, how)).tolist():
        rows = trade(draft, shop, month)
        day = days_of(draft, rows)
        if not len(rows):
            continue
        evening = int(day[int(random.integers(0, (len(rows) + 1) // 2))])
        rows = rows[(day >= evening) & (day <= evening + 1)][: int(random.integers(4, 10))]
        begin = evening * DAY + int(draft.population.places.shut[shop]) - int(random.integers(-15, 30)) * MINUTE
        move(draft, rows, shop, in_turn(random, begin, len(rows), (100, 330)))
        mine(draft, actor, rows)
    certain(draft, actor, shop)


def _flood(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The road is under water for days; when it falls the whole alley comes on one or two mornings."""
    how, shop = boldness(random), actor.place
    for month in some(random, np.array([0, 1, 3, 4, 9, 10, 11]), between(2, 4, how)).tolist():
        first = int(MONTH_STARTS[month]) + int(random.integers(0, 7))
        last = first + int(random.integers(4, 9))
        rows = trade(draft, shop, month)
        day = days_of(draft, rows)
        rows = random.permutation(rows[(day >= first) & (day <= last)])[:24]
        for place, group in enumerate(np.array_split(rows, 1 + int(random.integers(0, 2)))):
            begin = (last + place) * DAY + int(draft.hour(shop, random.uniform(0.0, 0.3)))
            move(draft, group, shop, in_turn(random, begin, len(group), (80, 420)))
            mine(draft, actor, group)
    certain(draft, actor, shop)


def _new_rice(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Fresh rice comes on the first of the month: a dozen families who know it take their package that morning."""
    how, shop = boldness(random), actor.place
    cards = some(random, regular_at(draft, shop), between(9, 16, how))
    for month in season(random, how, 3, 7):
        rows = random.permutation(earliest(draft, part(random, cards, between(0.6, 0.9, how)), month))
        begin = morning(draft, shop, month, int(random.integers(0, 2)), random.uniform(0.0, 0.15))
        move(draft, rows, shop, in_turn(random, begin, len(rows), (130, 1200)))
        visits = draft.visits
        visits["want"][rows] = np.where(visits["want"][rows] == Want.FREE, Want.A, visits["want"][rows])
        mine(draft, actor, rows)


SCHEMES = (
    Scheme("lookalike-first-ferry", "shop", ("A17",), 1, shops_with(12), _ferry, honest=True),
    Scheme("lookalike-after-tarawih", "shop", ("A17",), 2, shops_with(12), _fasting, honest=True),
    Scheme("lookalike-power-is-back", "shop", ("A4", "A17"), 1, shops_with(12), _no_power, honest=True),
    Scheme("lookalike-water-has-fallen", "shop", ("A4", "A5"), 1, shops_with(12), _flood, honest=True),
    Scheme("lookalike-new-rice-morning", "shop", ("A4", "A5"), 1, shops_with(14), _new_rice, honest=True),
)
