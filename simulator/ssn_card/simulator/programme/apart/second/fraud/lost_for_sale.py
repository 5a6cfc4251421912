# SPDX-License-Identifier: Apache-2.0
"""A family sells its card with the PIN, reports it lost when it is empty, and gets another.

As GAO looks for it in SNAP: replacements in four or more benefit periods of a year (GAO-14-641); FNS has states write
to the household at the fourth.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, FIRST, LAST, Ints
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness
from ..hand import ALL, another_card, from_the_start

_APART: Final = (33, 46)  #: days from one report to the next
_ASLEEP: Final = 24  #: days before the sale in which the family buys nothing
_EVERY: Final = 6  #: times at most


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    label = draft.label(actor.scheme, actor.rules)
    card, day = actor.place, FIRST + int(random.integers(33, 60))
    shops = _elsewhere(draft, actor.place)
    for _ in range(round(between(4, _EVERY, boldness(random)))):
        rows = draft.of_card(card)
        days = draft.visits["real"][rows] // DAY
        draft.drop(rows[(days > day - _ASLEEP) & (days < day)])
        shop = int(random.choice(shops))
        sold = np.array([(day - 1) * DAY + int(draft.hour(shop, random.random()))])
        draft.claim(draft.add(np.full(1, card), sold, shop, **ALL, given=True), label, actor)
        blocked = day + int(random.integers(1, 4))
        made = blocked + int(random.integers(2, 6))
        back = min(made + int(random.integers(2, 8)), LAST)
        card = another_card(draft, card, "lost", day, blocked=blocked, made=made, delivered=back)
        day += int(random.integers(*_APART))


def _elsewhere(draft: Draft, family: int) -> Ints:
    """Shops of its kecamatan that are not its usual one; that one, where there is no other."""
    families = draft.population.families
    around = draft.population.places.around[int(families.kecamatan[family])]
    others = around[around != families.home[family]]
    return others if len(others) else families.home[[family]]


SCHEME: Final = Scheme("fraud-lost-for-sale", "family", ("A12",), 2, from_the_start, _apply)
