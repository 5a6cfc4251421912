# SPDX-License-Identifier: Apache-2.0
"""Cards that lie uncollected find their way to a shopkeeper, who spends them: some never handed over, some later.

There is a load to be had every month; careful ones leave months out and take a part.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import MONTH_STARTS, NEVER, Ints, month_in_year
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme, busy_shops
from ....plan.ways import between, boldness, moment, months, some

_CARDS: Final = (4, 11)
_OFTEN: Final = (0.5, 0.9)  #: of the months
_TWICE: Final = 0.2
_NEVER: Final = 0.65  #: of the cards: never handed over; the others before they are
_LATE: Final = 45  #: days of the year behind which a card is handed over that is worth it


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, shop = boldness(random), actor.place
    label = draft.label(actor.scheme, actor.rules)
    waiting, delivered = _uncollected(draft), draft.population.cards.delivered_on
    never, late = waiting[delivered[waiting] == NEVER], waiting[delivered[waiting] != NEVER]
    count = between(*_CARDS, how)
    cards = np.concatenate((some(random, never, _NEVER * count), some(random, late, (1 - _NEVER) * count)))
    for card in cards.tolist():
        until = int(month_in_year(delivered[card]))
        run = list(months(random, 2, 6) if delivered[card] == NEVER else range(until))
        often = run * 2 if random.random() < _TWICE else run
        kept = [month for month in often if random.random() < between(*_OFTEN, how)] or run[:1]
        when = np.array([int(moment(draft, random, month, (1, 25), shop)) for month in kept])
        share = random.uniform(between(0.45, 0.8, how), 1.0, len(kept))
        rows = draft.add(np.full(len(kept), card), when, shop, want=Want.FREE, share=share, given=True)
        draft.claim(rows, label, actor)


def _uncollected(draft: Draft) -> Ints:
    """Cards of families that nobody has touched, never handed over, or only after January."""
    cards = draft.population.cards
    first = np.arange(len(draft.population.families))
    late = cards.delivered_on[first] > MONTH_STARTS[0] + _LATE
    waiting = (cards.delivered_on[first] == NEVER) | late
    whole = (cards.worked_until[first] == NEVER) & (cards.deactivated_on[first] == NEVER)
    visits = draft.visits
    taken = visits["card"][visits["actor"] >= 0]
    return np.setdiff1d(first[waiting & whole], taken)


def _candidates(draft: Draft) -> Ints:
    """Busy shops, while cards lie uncollected."""
    return busy_shops(draft) if len(_uncollected(draft)) else np.zeros(0, np.int64)


SCHEME: Final = Scheme("fraud-kept-back", "shop", ("A13",), 1, _candidates, _apply)
