# SPDX-License-Identifier: Apache-2.0
"""At the counter: a second turn of the card that its holder does not see, and things that are no food."""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ....plan.calendar import DAY, HOUR, MINUTE
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES, FISH, MILK, OIL
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, firsts, mine, part, shops_with, some
from ..habits import around, menu, uneven, want

_TOKENS: Final = (22_000, 52_000, 102_000, 152_000, 202_000)  #: electricity for the meter, and the shop's fee


def _again_for_the_signal(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """ "No signal, grandmother, once more": the PIN a second time, or the card left to dry on the counter overnight."""
    how, shop = boldness(random), actor.place
    cards = some(random, customers(draft, shop), between(9, 18, how))
    for month in uneven(random, 3, 7):
        rows = firsts(draft, cards.tolist(), month)
        rows = part(random, rows, between(0.45, 0.85, how))
        want(draft, rows, -1, random.uniform(0.45, 0.8, len(rows)))
        draft.visits["terminal"][rows] = shop + 1
        minutes = random.choice([2, 6, 15, 40, 150], len(rows), p=[0.3, 0.25, 0.15, 0.15, 0.15])
        wait = (minutes * random.uniform(0.7, 1.5, len(rows)) * MINUTE).astype(np.int64)
        at = draft.visits["real"][rows] + wait
        shut = at // DAY * DAY + int(draft.population.places.shut[shop])
        at = np.where(at < shut, at, (at // DAY + 1) * DAY + draft.hour(shop, random.uniform(0, 0.2, len(rows))))
        same = random.random(len(rows)) < 0.2
        draft.visits["share"][rows] = np.where(same, 0.49, draft.visits["share"][rows])
        share = np.where(same, 0.98, random.uniform(0.35, 0.95, len(rows)))
        mine(draft, actor, draft.add(draft.visits["card"][rows].copy(), at, shop, want=Want.FREE, share=share))


def _meter(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Electricity and talk time, which no card may buy, rung up as tins or oil, for the token and a fee."""
    how, shop = boldness(random), actor.place
    cards = around(draft, random, shop, between(13, 24, how))
    habit = int(random.choice([FISH, MILK, OIL]))
    for month in uneven(random, 3, 8):
        price = draft.goods.price(shop, month)
        staple = habit if random.random() < 0.8 else int(random.choice([FISH, MILK, OIL]))
        lines = [Basket.of((CODES[staple], max(1, round(sum_ / int(price[staple]))), sum_)) for sum_ in _TOKENS]
        asked = cards[random.random(len(cards)) < between(0.35, 0.65, how)]
        rows = firsts(draft, asked.tolist(), month)
        want(draft, rows, -1, random.uniform(0.4, 0.75, len(rows)))  # the food is bought, and bought honestly
        later = draft.visits["real"][rows] + random.integers(1, 12, len(rows)) * DAY
        month_end = (later // DAY) * DAY + draft.hour(shop, random.random(len(rows)))
        token = draft.add(
            draft.visits["card"][rows].copy(),
            month_end - random.integers(0, HOUR, len(rows)) // MINUTE,
            shop,
            want=Want.FREE,
            share=random.uniform(0.6, 1.0, len(rows)),
            menu=menu(draft, lines, spread=2),
            stocked=False,
        )
        mine(draft, actor, token)


SCHEMES: Final[tuple[Scheme, ...]] = (
    Scheme("fraud-again-for-the-signal", "shop", ("A1",), 1, shops_with(10), _again_for_the_signal),
    Scheme("fraud-electric-meter", "shop", ("A14", "A15"), 1, shops_with(12), _meter),
)
