# SPDX-License-Identifier: Apache-2.0
"""A family over the water: its card is soaked and breaks, two or three times in a year.

Honest: it brings the broken card, which is empty no more often than any other.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, FIRST, LAST
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme, free_families
from ..hand import another_card

_APART: Final = (70, 100)  #: days


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    card, label = actor.place, draft.label(actor.scheme, actor.rules)
    own = draft.of_card(card)
    day = FIRST + int(random.integers(50, 90))
    before = own[draft.visits["real"][own] // DAY < day]
    draft.claim(before[:1], label, actor)
    for _ in range(int(random.integers(2, 4))):
        blocked = day + int(random.integers(0, 3))
        made = blocked + int(random.integers(2, 8))
        back = min(made + int(random.integers(1, 9)), LAST)
        card = another_card(draft, card, "damaged", day, blocked=blocked, made=made, delivered=back)
        draft.claim(draft.of_card(card)[:1], label, actor)
        day += int(random.integers(*_APART))


SCHEME: Final = Scheme("lookalike-house-on-stilts", "family", ("A12",), 2, free_families, _apply, honest=True)
