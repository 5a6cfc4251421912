# SPDX-License-Identifier: Apache-2.0
"""The river comes into the houses of a companion's families: she raises their limits within a few days.

Honest: they had let credit gather, have lost rice and stove, and buy it all anew; it is one flood and no habit.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MINUTE, MONTH_STARTS
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.scheme import Scheme
from ....plan.ways import companions_with, errands, regular_of

_LEAST: Final = 3
_MONTHS: Final = np.array([2, 4, 5, 10])  #: in which it floods, the first that can have two months' credit before it
_DAYS: Final = 6


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    families, label = regular_of(draft, actor.place), draft.label(actor.scheme, actor.rules)
    home = draft.population.families.home[families]
    month = int(random.choice(_MONTHS))
    begins = int(MONTH_STARTS[month]) + int(random.integers(3, 18))
    for card in families.tolist():
        for one in (month - 2, month - 1, month):
            draft.drop(errands(draft, card, one))
    days = begins + random.integers(0, _DAYS, len(families))
    at = days * DAY + draft.hour(home, random.random(len(families)))
    raised = draft.add(families, at - 5 * MINUTE, home, step=Step.OVERRIDE, amount=300_000, companion=actor.place)
    first = draft.add(families, at, home, want=Want.AB, given=True)
    again = draft.add(families, at + DAY * random.integers(1, 5, len(families)), home, want=Want.A, given=True)
    draft.claim(np.concatenate((raised, first, again)), label, actor)


SCHEME: Final = Scheme("lookalike-flood", "companion", ("A3", "A11"), 2, companions_with(_LEAST), _apply, honest=True)
