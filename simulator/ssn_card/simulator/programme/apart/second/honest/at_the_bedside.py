# SPDX-License-Identifier: Apache-2.0
"""The city takes the shop's terminal to the bedridden in the evening ("jemput bola"), three to five times a year.

Honest: the office ordered it; it goes from house to house, slowly, and each family is served where it lives.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, HOUR, MINUTE, MONTH_STARTS, MONTHS
from ....plan.draft import Actor, Draft
from ....plan.scheme import Scheme
from ....plan.ways import customers, errands, in_turn, move, only_first, shops_with, some

_BEDRIDDEN: Final = (4, 8)
_EVENINGS: Final = (3, 6)
_GAPS: Final = (7 * MINUTE, 18 * MINUTE)


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, label = actor.place, draft.label(actor.scheme, actor.rules)
    families = some(random, customers(draft, shop), int(random.integers(*_BEDRIDDEN)))
    for month in random.permutation(MONTHS)[: int(random.integers(*_EVENINGS))].tolist():
        rows = [only_first(draft, errands(draft, card, month)) for card in families.tolist()]
        first = np.concatenate(rows)
        day = int(MONTH_STARTS[month]) + int(random.integers(4, 20))
        begins = day * DAY + int(draft.population.places.shut[shop]) + int(random.integers(HOUR // 2, HOUR))
        move(draft, first, shop, in_turn(random, begins, len(first), _GAPS), given=True)
        draft.claim(first, label, actor)


SCHEME: Final = Scheme("lookalike-at-the-bedside", "shop", ("A17",), 2, shops_with(10), _apply, honest=True)
