# SPDX-License-Identifier: Apache-2.0
"""A companion hires a pickup once a month and takes her families to the shop together; now and then one needs more.

Honest: they choose and pay themselves while she waits; she raises a limit for a birth, a burial, a burnt kitchen.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MINUTE, MONTH_STARTS, MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.scheme import Scheme
from ....plan.ways import companions_with, errands, in_turn, move, only_first, regular_of

_LEAST: Final = 4  #: families of hers
_GAPS: Final = (100, 420)
_NEEDS: Final = 0.07  #: of her families in a month
_STAYS: Final = 0.12  #: at home, and goes alone
_AMOUNTS: Final = np.array([150_000, 200_000, 300_000])


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    families, label = regular_of(draft, actor.place), draft.label(actor.scheme, actor.rules)
    shop = int(np.bincount(draft.population.families.home[families]).argmax())
    for month in range(MONTHS):
        comes = families[random.random(len(families)) > _STAYS]
        day = int(MONTH_STARTS[month]) + int(random.integers(2, 14))
        begins = day * DAY + int(draft.hour(shop, random.uniform(0.05, 0.6)))
        rows = [only_first(draft, errands(draft, card, month)) for card in random.permutation(comes).tolist()]
        first = np.concatenate((*rows, np.zeros(0, np.intp))).astype(np.intp)
        move(draft, first, shop, in_turn(random, begins, len(first), _GAPS))
        draft.claim(first, label, actor)
        _raise(draft, random, actor, first[random.random(len(first)) < _NEEDS], label)


def _raise(draft: Draft, random: np.random.Generator, actor: Actor, rows: np.ndarray, label: int) -> None:
    """For those in need, before they buy all that they may."""
    if not len(rows):
        return
    draft.visits["want"][rows] = Want.BB
    cards, at = (
        draft.visits["card"][rows].copy(),
        draft.visits["real"][rows] - MINUTE * random.integers(1, 9, len(rows)),
    )
    shops = draft.visits["terminal"][rows].astype(np.int64) - 1
    amounts = random.choice(_AMOUNTS, len(rows))
    raised = draft.add(cards, at, shops, step=Step.OVERRIDE, amount=amounts, companion=actor.place)
    draft.claim(raised, label, actor)


SCHEME: Final = Scheme("lookalike-pickup", "companion", ("A4", "A11"), 4, companions_with(_LEAST), _apply, honest=True)
