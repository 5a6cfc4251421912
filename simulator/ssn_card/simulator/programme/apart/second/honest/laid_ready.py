# SPDX-License-Identifier: Apache-2.0
"""A shop that lays the programme's packages ready, and is liked for it.

Honest: who wants something else gets it, and the sum is that of the goods by the shop's list.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import part, shops_with

_SHARE: Final = (0.65, 0.85)  #: of the purchases


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, label = actor.place, draft.label(actor.scheme, actor.rules)
    share, liked = random.uniform(*_SHARE), random.random()
    for month in range(MONTHS):
        rows = part(random, draft.in_month(draft.of_shop(shop), month), share)
        visits = draft.visits
        small = (visits["want"][rows] == Want.FREE) & (visits["share"][rows] < 0.5)  #: who wants little goes on so
        rows = rows[~small]
        visits["want"][rows] = np.where(random.random(len(rows)) < liked, Want.A, Want.B)
        draft.claim(rows, label, actor)


SCHEME: Final = Scheme("lookalike-laid-ready", "shop", ("A2", "A5", "A9"), 2, shops_with(14), _apply, honest=True)
