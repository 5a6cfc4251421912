# SPDX-License-Identifier: Apache-2.0
"""A family far from the road lets two months gather, and fetches them in the first days of the second.

Honest: the hired motorcycle costs the same for one package as for two.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme, free_families
from ....plan.ways import errands, moment, move, only_first

_SOON: Final = (0, 5)  #: days of the month


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    family, label = actor.place, draft.label(actor.scheme, actor.rules)
    shop = draft.population.families.home[[family]]
    turn = int(random.integers(2))
    for month in range(MONTHS):
        rows = only_first(draft, errands(draft, family, month), count=int(month % 2 == turn))
        if len(rows):
            at = moment(draft, random, month, _SOON, shop)
            move(draft, rows, int(shop[0]), at, want=random.choice([Want.AA, Want.AB, Want.BB]), given=True)
            draft.claim(rows, label, actor)


SCHEME: Final = Scheme("lookalike-every-other-month", "family", ("A3", "A5"), 6, free_families, _apply, honest=True)
