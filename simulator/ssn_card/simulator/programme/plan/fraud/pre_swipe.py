# SPDX-License-Identifier: Apache-2.0
"""A shop debits whole loads as they come and promises the goods for later."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, MONTH_STARTS, MONTHS
from ..draft import Actor, Draft, Want
from ..scheme import Scheme, busy_shops

_SHARE: Final = (0.35, 0.6)  #: of the families whose usual shop it is
_DAYS: Final = 3  #: within so many days of the load
_LATE: Final = (7, 11)  #: days by which goods come later than elsewhere


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, label = actor.place, draft.label("fraud-pre-swipe", actor.rules)
    draft.late_stock[shop] = int(random.integers(*_LATE))
    families = draft.families_at(shop)
    wanted = random.choice(families, round(random.uniform(*_SHARE) * len(families)), replace=False)
    for month in range(int(random.integers(0, 3)), MONTHS):
        rows = np.concatenate([draft.in_month(draft.of_card(card), month) for card in wanted.tolist()])
        cards = np.unique(draft.visits["card"][rows])
        draft.drop(rows)
        day = MONTH_STARTS[month] + random.integers(0, _DAYS, len(cards))
        moment = day * DAY + draft.hour(shop, random.random(len(cards)))
        want = np.where(random.random(len(cards)) < 0.5, Want.FREE, Want.BB)
        made = draft.add(cards, moment, shop, want=want, share=1.0, given=True)
        draft.claim(made, label, actor)


SCHEME: Final = Scheme("fraud-pre-swipe", "shop", ("A5", "A6"), 1, busy_shops, _apply)
