# SPDX-License-Identifier: Apache-2.0
"""Cards in the drawer: the shop was asked to hand cards out, tells some families that theirs have not come, and uses
them. Some come after all, months late.

As in the case of Pagelaran, Malang (rmoljatim.id, 2021): families whose cards somebody else used for three years.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import FIRST, MONTH_STARTS, MONTHS, NEVER
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, moment, some
from ..hand import corner_shops, debited

_LEAST: Final = 16
_LATE: Final = (170, 330)  #: days into the year at which a card comes after all


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, how = actor.place, boldness(random)
    label = draft.label(actor.scheme, actor.rules)
    kept = some(random, customers(draft, shop), between(8, 12, how))
    cards = draft.population.cards
    never = random.random(len(kept)) < between(0.4, 0.8, how)
    cards.delivered_on[kept] = np.where(never, NEVER, FIRST + random.integers(*_LATE, len(kept)))
    for month in range(MONTHS):
        comes = cards.delivered_on[kept]
        held = kept[(comes == NEVER) | (comes >= MONTH_STARTS[month + 1])]
        _nothing_bought(draft, kept, month)
        now = held[random.random(len(held)) < between(0.65, 0.95, how)] if month else held[:0]
        when = moment(draft, random, month, (1, 20), np.full(len(now), shop))
        want = random.choice([Want.A, Want.B, Want.BB], len(now))
        draft.claim(debited(draft, now, month, shop, when, want=want, given=True), label, actor)


def _nothing_bought(draft: Draft, cards: np.ndarray, month: int) -> None:
    """By families whose card has not come yet."""
    for card, comes in zip(cards.tolist(), draft.population.cards.delivered_on[cards].tolist(), strict=True):
        if comes == NEVER or comes >= MONTH_STARTS[month]:
            draft.drop(draft.in_month(draft.of_card(card), month))


SCHEME: Final = Scheme("fraud-drawer", "shop", ("A13",), 1, corner_shops(_LEAST), _apply)
