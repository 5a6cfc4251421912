# SPDX-License-Identifier: Apache-2.0
"""Who has the list has the cards: a head of neighbours, a companion on her rounds, a foreman at the gate."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, HOUR, MINUTE, MONTH_LENGTHS, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import (
    between,
    boldness,
    companions_with,
    firsts,
    in_turn,
    mine,
    move,
    regular_of,
    shops_with,
    some,
    strangers,
)
from ..habits import around, clamp, uneven

_PACKAGE: Final = 0.6


def _rung(
    draft: Draft, random: np.random.Generator, rows: Ints, shop: int, first: int, gaps: tuple[float, float]
) -> None:
    """Rung up one behind the other; most for a package, since that needs no thinking."""
    package = random.choice([Want.A, Want.B], len(rows))
    wants = np.where(random.random(len(rows)) < _PACKAGE, package, draft.visits["want"][rows])
    move(draft, rows, shop, in_turn(random, first, len(rows), gaps), want=wants)


def _drawer_of_the_head(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The head of the neighbourhood collected cards "for the data", and his wife keeps the shop.

    The list has one order; now and then somebody has asked for the card back.
    """
    how, shop = boldness(random), actor.place
    cards = around(draft, random, shop, between(7, 14, how), own=0.75)
    gaps = (between(70, 30, how), between(170, 75, how))
    asked_back = between(0.25, 0.08, how)
    for month in uneven(random, 4, 6):
        there = cards[random.random(len(cards)) >= asked_back]
        sittings = np.array_split(there, 1 if random.random() < between(0.4, 0.9, how) else 2)
        day = int(random.integers(0, 6))
        for turn, sitting in enumerate(sittings):
            rows = firsts(draft, sitting.tolist(), month)
            first = clamp(month, day + turn * int(random.integers(1, 4))) * DAY
            first += int(draft.hour(shop, random.choice([0.05, 0.5, 0.8]) + random.uniform(0, 0.1)))
            _rung(draft, random, rows, shop, first, gaps)
            mine(draft, actor, rows)


def _rounds_of_the_companion(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """She borrows her families' cards for a check, and returns them empty some days later."""
    how = boldness(random)
    cards = some(random, regular_of(draft, actor.place), between(5, 9, how))
    homes = draft.population.families.home[cards]
    near = draft.population.places.around[int(draft.population.families.kecamatan[cards[0]])]
    shops = [int(np.bincount(homes).argmax()), int(random.choice(near))]
    for month in uneven(random, 2, 8, skips=0.08):
        shop = shops[int(random.random() < 0.3)]
        there = random.permutation(cards)[: len(cards) - int(random.random() < 0.4)]
        rows = firsts(draft, there.tolist(), month)
        first = clamp(month, int(random.integers(1, 12))) * DAY + int(draft.hour(shop, random.uniform(0.2, 0.85)))
        _rung(draft, random, rows, shop, first, (between(60, 35, how), between(150, 90, how)))
        mine(draft, actor, rows)


def _gate_of_the_plant(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A foreman lends on wages, and holds the cards of workers from across the city; he is paid out by the shop."""
    how, shop = boldness(random), actor.place
    cards = some(random, strangers(draft, shop), between(7, 13, how))
    payday = int(random.integers(4, 27))
    paid_off = int(random.integers(1, 3))
    run = uneven(random, 3, 7)
    for month in run:
        held = cards if month < run[len(run) // 2] else cards[paid_off:]
        rows = firsts(draft, held[random.random(len(held)) < 0.92].tolist(), month)
        day = clamp(month, min(payday + int(random.integers(0, 3)), int(MONTH_LENGTHS[month]) - 1))
        opens, shut = (int(one[shop]) for one in (draft.population.places.opens, draft.population.places.closes))
        first = day * DAY + min(shut - HOUR, opens + int(random.integers(4 * HOUR, 8 * HOUR)))
        _rung(draft, random, rows, shop, first, (between(80, 40, how), between(3 * MINUTE, 100, how)))
        mine(draft, actor, rows)


SCHEMES: Final[tuple[Scheme, ...]] = (
    Scheme("fraud-drawer-of-the-head", "shop", ("A4", "A7"), 1, shops_with(12), _drawer_of_the_head),
    Scheme("fraud-checking-round", "companion", ("A4",), 1, companions_with(5), _rounds_of_the_companion),
    Scheme("fraud-plant-gate", "shop", ("A4", "A7", "A16"), 1, shops_with(5), _gate_of_the_plant),
)
