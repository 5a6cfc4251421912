# SPDX-License-Identifier: Apache-2.0
"""Companions who help, openly."""

from __future__ import annotations

import numpy as np

from ....plan.calendar import MINUTE
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.ways import between, boldness, firsts, in_turn, mine, moment, months, move
from ..hand import known


def orders_ahead(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """She orders for her group of old people, and goes with them on one morning: they sign one behind another."""
    how, families = boldness(random), draft.population.families
    cards = known(draft, np.flatnonzero(families.companion == actor.place))
    shop = int(families.home[cards[0]])
    for month in months(random, 2, 8):
        rows = firsts(draft, random.permutation(cards), month)
        begins = int(moment(draft, random, month, (0, 10), shop))
        move(draft, rows, shop, in_turn(random, begins, len(rows), (60, between(240, 120, how))))
        mine(draft, actor, rows)


def burnt_street(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A fire took the street where her families live: for two months she lifts the limit of each, and it was needed."""
    families = draft.population.families
    cards = known(draft, np.flatnonzero(families.companion == actor.place))
    begins = int(random.integers(1, 10))
    for month in (begins, begins + 1):
        rows = firsts(draft, cards, month)
        shop = families.home[draft.visits["card"][rows]]
        at = moment(draft, random, month, (2, 24), shop)
        move(draft, rows, shop, at, want=random.choice([Want.AB, Want.BB], len(rows)), given=True)
        before = at - random.integers(3, 15, len(rows)) * MINUTE
        card = draft.visits["card"][rows]
        lifted = draft.add(card, before, shop, step=Step.OVERRIDE, amount=300_000, companion=actor.place)
        mine(draft, actor, np.concatenate((rows, lifted)))
