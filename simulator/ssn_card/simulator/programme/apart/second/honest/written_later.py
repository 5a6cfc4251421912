# SPDX-License-Identifier: Apache-2.0
"""An outreach team hands a card over at home, and the office writes it down some days later.

Honest: the family buys before the register knows that it may (programme.md, 10: hand-over was the bottleneck).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, FIRST, LAST, NEVER, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme, free_families

_LATER: Final = (2, 7)  #: days


def _candidates(draft: Draft) -> Ints:
    """Families whose card came late."""
    free, cards = free_families(draft), draft.population.cards
    late: Ints = free[(cards.delivered_on[free] > FIRST + _LATER[1]) & (cards.replaces[free] == NEVER)]
    return late


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    card, label = actor.place, draft.label(actor.scheme, actor.rules)
    shop = int(draft.population.families.home[card])
    cards, handed = draft.population.cards, int(draft.population.cards.delivered_on[card])
    cards.delivered_on[card] = min(handed + int(random.integers(*_LATER)), LAST)
    day = int(random.integers(handed, cards.delivered_on[card]))
    soon = draft.of_card(card)
    draft.drop(soon[draft.visits["real"][soon] // DAY < cards.delivered_on[card] + 1])
    at = np.array([day * DAY + int(draft.hour(shop, random.random()))])
    draft.claim(draft.add(np.full(1, card), at, shop, want=Want.B, given=True), label, actor)


SCHEME: Final = Scheme("lookalike-written-later", "card", ("A13",), 4, _candidates, _apply, honest=True)
