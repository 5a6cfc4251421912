# SPDX-License-Identifier: Apache-2.0
"""Cards that never reached their families are used at a shop; some are handed over in the end."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, FIRST, MONTH_STARTS, MONTHS, NEVER
from ..draft import Actor, Draft, Want
from ..scheme import Scheme, busy_shops, free_families

_CARDS: Final = (8, 15)
_HANDED_OVER: Final = 0.4  #: of them, in the second half of the year
_USED: Final = 0.85  #: of the months


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, label = actor.place, draft.label("fraud-undelivered", actor.rules)
    families, cards = draft.population.families, draft.population.cards
    around = free_families(draft)
    around = around[families.kecamatan[around] == draft.population.places.shops[shop].kecamatan]
    kept = random.choice(around, min(len(around), int(random.integers(*_CARDS))), replace=False)
    for card in kept.tolist():
        over = FIRST + int(random.integers(190, 350)) if random.random() < _HANDED_OVER else NEVER
        cards.delivered_on[card] = over
        rows = draft.of_card(card)
        draft.drop(rows if over == NEVER else rows[draft.visits["real"][rows] < (over + 1) * DAY])
        until = MONTHS if over == NEVER else int(np.searchsorted(MONTH_STARTS, over)) - 1
        months = np.arange(int(random.integers(1, 4)), until)
        months = months[random.random(len(months)) < _USED]
        days = MONTH_STARTS[months] + random.integers(1, 26, len(months))
        moments = days * DAY + draft.hour(shop, random.random(len(months)))
        want = random.choice([Want.A, Want.B, Want.FREE], len(months))
        made = draft.add(np.full(len(months), card), moments, shop, want=want, share=0.98, given=True)
        draft.claim(made, label, actor)


SCHEME: Final = Scheme("fraud-undelivered", "shop", ("A13",), 1, busy_shops, _apply)
