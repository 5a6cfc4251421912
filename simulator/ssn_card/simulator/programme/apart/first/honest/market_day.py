# SPDX-License-Identifier: Apache-2.0
"""Where there is a weekly market, people come on that day, and the shop has a queue for two hours."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, HOUR, MONTH_LENGTHS, MONTH_STARTS, MONTHS
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme
from ....plan.ways import customers, errands, in_turn, move, part, shops_with

_COMES: Final = (0.45, 0.85)  #: of the families, on one of the month's market days
_GAPS: Final = (40.0, 220.0)
_WEEK: Final = 7


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, weekday, share = actor.place, int(random.integers(0, _WEEK)), random.uniform(*_COMES)
    label = draft.label(actor.scheme, actor.rules)
    families = customers(draft, shop)
    for month in range(MONTHS):
        first = int(MONTH_STARTS[month])
        market = [day for day in range(first, first + int(MONTH_LENGTHS[month])) if day % _WEEK == weekday]
        firsts = [errands(draft, family, month)[:1] for family in part(random, families, share).tolist()]
        rows = random.permutation(np.concatenate([np.zeros(0, np.intp), *firsts]))
        for day, queue in zip(market, np.array_split(rows, [len(rows) // 2, len(rows) * 4 // 5]), strict=False):
            begins = day * DAY + 8 * HOUR + int(random.integers(0, HOUR))
            move(draft, queue, shop, in_turn(random, begins, len(queue), _GAPS))
            draft.claim(queue, label, actor)


SCHEME: Final = Scheme("lookalike-weekly-market", "shop", ("A4",), 2, shops_with(8), _apply, honest=True)
