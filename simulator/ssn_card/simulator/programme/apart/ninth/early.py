# SPDX-License-Identifier: Apache-2.0
"""The card pays before the goods are there, or once more after they are."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...plan.bags import shopping
from ...plan.calendar import DAY, MINUTE, MONTH_STARTS
from ...plan.draft import Actor, Draft, Want
from ...plan.scheme import Scheme
from ...plan.ways import between, boldness, firsts, mine, months, move, regular_at, shops_with, some
from .ledger import ask, same_day

_COMES_BACK: Final = (2, 28)  #: minutes until the keeper says that the first try has failed


def _waiting_list(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The keeper has no money to buy with: cards are debited as soon as they are loaded, rice comes when it comes."""
    shop, how = actor.place, boldness(random)
    draft.late_stock[shop] = int(random.integers(7, 13))
    cards = some(random, regular_at(draft, shop), between(9, 14, how))
    for month in months(random, 1, 8):
        if random.random() < 0.1:  # had money of a wedding
            continue
        rows = firsts(draft, cards[random.random(len(cards)) < between(0.65, 0.95, how)], month)
        day = MONTH_STARTS[month] + np.minimum(random.geometric(0.55, len(rows)) - 1, 4)
        at = day * DAY + draft.hour(shop, random.beta(2, 3, len(rows)))
        share = random.uniform(0.93, 1.0, len(rows))
        packages = random.choice([Want.A, Want.B, Want.FREE], len(rows), p=[0.35, 0.35, 0.3])
        move(draft, rows, shop, at, want=packages, share=share, given=True)
        mine(draft, actor, rows)


def _failed_try(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The reader has not taken it, please once more: so to those who cannot read it, and have something left."""
    shop, how = actor.place, boldness(random)
    cards = some(random, regular_at(draft, shop), between(12, 20, how))
    for month in months(random, 2, 8):
        rows = firsts(draft, cards[random.random(len(cards)) < between(0.35, 0.6, how)], month)
        prices = draft.goods.price(shop, month)
        move(draft, rows, shop, same_day(draft, rows, draft.hour(shop, random.uniform(0.0, 0.9, len(rows)))))
        for row in rows.tolist():
            one = np.array([row])
            menu = draft.goods.add_menu([shopping(random, prices, int(random.integers(60_000, 148_000)))])
            ask(draft, one, menu)
            if random.random() < 0.12:  # a son stands by, and reads
                continue
            later = int(draft.visits["real"][row]) + int(random.integers(*_COMES_BACK)) * MINUTE
            twice = draft.add(draft.visits["card"][one], later, shop, given=True, stocked=False)
            ask(draft, twice, menu)
            mine(draft, actor, twice)


EARLY: Final = (
    Scheme("fraud-waiting-list", "shop", ("A5", "A6"), 1, shops_with(12), _waiting_list),
    Scheme("fraud-failed-try", "shop", ("A1",), 1, shops_with(14), _failed_try),
)
