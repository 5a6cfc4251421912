# SPDX-License-Identifier: Apache-2.0
"""A shopkeeper debits a second time, a small amount for which no PIN is asked: "it did not go through, once more".

Careful ones do it hours later, when a card was left with them; bold ones while the customer stands there.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MINUTE
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, months, part, shops_with

_OF_PURCHASES: Final = (0.10, 0.40)  #: that leave something on the card
_LEFT: Final = 0.8  #: share of what could be spent, up to which something is left
_SHARE: Final = (0.12, 0.55)  #: of what the card may still spend
_HOURS: Final = (0.5, 6.0)
_MINUTES: Final = (2.0, 14.0)
_AT_ONCE: Final = (0.1, 0.8)


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, shop = boldness(random), actor.place
    label = draft.label(actor.scheme, actor.rules)
    for month in months(random, 3, 7):
        rows = draft.in_month(draft.of_shop(shop), month)
        visits = draft.visits
        rows = rows[(visits["want"][rows] == Want.FREE) & (visits["share"][rows] < _LEFT)]
        rows = part(random, rows, between(*_OF_PURCHASES, how))
        draft.visits["given"][rows] = True
        at_once = random.random(len(rows)) < between(*_AT_ONCE, how)
        after = np.where(
            at_once, random.uniform(*_MINUTES, len(rows)) * MINUTE, random.uniform(*_HOURS, len(rows)) * 60 * MINUTE
        )
        real = draft.visits["real"][rows]
        last = real // DAY * DAY + draft.population.places.closes[shop] - random.integers(1, 30, len(rows)) * MINUTE
        when = np.maximum(real + 2 * MINUTE, np.minimum(real + after.astype(np.int64), last))
        share = random.uniform(*_SHARE, len(rows))
        card = draft.visits["card"][rows].copy()
        draft.claim(draft.add(card, when, shop, want=Want.FREE, share=share, loads=False), label, actor)


SCHEME: Final = Scheme("fraud-second-swipe", "shop", ("A1",), 1, shops_with(10), _apply)
