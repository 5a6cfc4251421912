# SPDX-License-Identifier: Apache-2.0
"""A shopkeeper lends money and keeps the cards, with their PINs, until it is paid back, which it never is.

She draws when the load has come, in a few sittings of a month, at quiet hours; careful ones let minutes pass between
two cards, take few at a time, and lend a card back now and then.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, HOUR, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, errands, in_turn, months, move, only_first, shops_with, some

_CARDS: Final = (6, 17)
_SITTINGS: Final = (4, 1)  #: in a month
_FASTEST: Final = (75.0, 28.0)  #: seconds between two cards
_SLOWEST: Final = (420.0, 110.0)
_LENT_BACK: Final = (0.22, 0.03)
_DAYS: Final = 9  #: from the load


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, shop = boldness(random), actor.place
    label = draft.label(actor.scheme, actor.rules)
    cards = some(random, customers(draft, shop), between(*_CARDS, how))
    since = random.integers(0, 4, len(cards))
    for month in months(random, 2, 8):
        taken = cards[(since <= month) & (random.random(len(cards)) > between(*_LENT_BACK, how))]
        count = max(1, round(between(*_SITTINGS, how)))
        for sitting in np.array_split(random.permutation(taken), count):
            rows = _drawn(draft, sitting, month)
            gaps = (between(*_FASTEST, how), between(*_SLOWEST, how))
            moments = in_turn(random, _begins(draft, random, month, shop), len(rows), gaps)
            share = random.uniform(0.62, 1.0, len(rows))
            move(draft, rows, shop, moments, want=Want.FREE, share=share, given=True)
            draft.claim(rows, label, actor)


def _drawn(draft: Draft, cards: Ints, month: int) -> Rows:
    """One debit a card; what the family would have bought otherwise it does not."""
    return np.concatenate(
        [np.zeros(0, np.intp), *(only_first(draft, errands(draft, card, month)) for card in cards.tolist())]
    )


def _begins(draft: Draft, random: np.random.Generator, month: int, shop: int) -> int:
    """Early in the afternoon, or in the last hour."""
    closes = int(draft.population.places.closes[shop])
    hour = 13 * HOUR if random.random() < 0.6 else closes - 2 * HOUR
    day = MONTH_STARTS[month] + random.integers(0, _DAYS)
    return int(day) * DAY + hour + int(random.integers(0, HOUR))


SCHEME: Final = Scheme("fraud-collected-cards", "shop", ("A4", "A7"), 2, shops_with(9), _apply)
