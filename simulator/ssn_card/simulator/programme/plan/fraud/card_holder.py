# SPDX-License-Identifier: Apache-2.0
"""A shop keeps families' cards and PINs, and debits them one after another when the load has come."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, HOUR, MONTH_STARTS, MONTHS
from ..draft import Actor, Draft, Want
from ..scheme import Scheme, busy_shops

_CARDS: Final = (9, 15)
_FIRST_DAYS: Final = 5  #: after the load
_PACE: Final = (30, 100)  #: seconds from card to card
_LATE: Final = 0.2  #: sessions behind closed doors


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, label = actor.place, draft.label("fraud-card-holder", actor.rules)
    families = draft.families_at(shop)
    held = random.choice(families, min(len(families), int(random.integers(*_CARDS))), replace=False)
    begins, ends = int(random.integers(0, 4)), int(random.integers(9, MONTHS + 1))
    for month in range(begins, ends):
        rows = np.concatenate([draft.in_month(draft.of_card(card), month) for card in held.tolist()])
        cards = random.permutation(np.unique(draft.visits["card"][rows]))
        draft.drop(rows)
        if not len(cards):
            continue
        day = MONTH_STARTS[month] + int(random.integers(0, _FIRST_DAYS))
        opens = int(draft.hour(shop, random.random() * 0.8))
        start = day * DAY + (19 * HOUR if random.random() < _LATE else opens)
        moments = start + np.cumsum(random.integers(*_PACE, len(cards)))
        want = random.choice([Want.A, Want.B, Want.AB, Want.FREE], len(cards), p=[0.35, 0.35, 0.1, 0.2])
        made = draft.add(cards, moments, shop, want=want, share=0.98, given=True)
        draft.claim(made, label, actor)


SCHEME: Final = Scheme("fraud-card-holder", "shop", ("A4", "A7"), 2, busy_shops, _apply)
