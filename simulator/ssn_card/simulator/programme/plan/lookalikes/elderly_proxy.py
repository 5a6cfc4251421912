# SPDX-License-Identifier: Apache-2.0
"""A neighbour carries the cards of a few old people to their shop, and buys for one after another."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, MINUTE, MONTH_STARTS, MONTHS
from ..draft import Actor, Draft, Want
from ..scheme import Scheme, busy_shops

_CARDS: Final = (3, 7)
_PACE: Final = (100, 6 * MINUTE)


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, label = actor.place, draft.label("lookalike-elderly-proxy", actor.rules)
    families = draft.families_at(shop)
    for carried in (random.choice(families, int(random.integers(*_CARDS)), replace=False) for _ in range(2)):
        for month in range(MONTHS):
            rows = np.concatenate([draft.in_month(draft.of_card(card), month) for card in carried.tolist()])
            cards = np.unique(draft.visits["card"][rows])
            draft.drop(rows)
            day = MONTH_STARTS[month] + int(random.integers(1, 14))
            start = day * DAY + int(draft.hour(shop, random.random() * 0.8))
            moments = start + np.cumsum(random.integers(*_PACE, len(cards)))
            want = random.choice([Want.A, Want.B, Want.FREE], len(cards))
            made = draft.add(cards, moments, shop, want=want, share=random.uniform(0.7, 1, len(cards)), given=True)
            draft.claim(made, label, actor)


SCHEME: Final = Scheme("lookalike-elderly-proxy", "shop", ("A4", "A7"), 3, busy_shops, _apply, honest=True)
