# SPDX-License-Identifier: Apache-2.0
"""A shopkeeper without money for his supplier debits first, everything the card holds, and hands out goods when they
have come.

Who is not asked to pay before comes when there is something to buy.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import shopping
from ....plan.calendar import DAY, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.events import Step
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, errands, moment, months, move, only_first, shops_with

_LATE: Final = (4, 11)  #: days by which goods come later than others'
_BEFORE: Final = 3  #: days before the latest: by then all of them are without goods
_OF_CUSTOMERS: Final = (0.30, 0.80)
_IN_MONTHS: Final = (0.55, 0.95)
_HALF: Final = 15
_STEP: Final = 7_500


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, shop = boldness(random), actor.place
    label = draft.label(actor.scheme, actor.rules)
    late = round(between(*_LATE, how))
    draft.late_stock[shop] = late
    families = customers(draft, shop)
    run = months(random, 2, 8)
    for month in run:
        if month != run[0] and random.random() > between(*_IN_MONTHS, how):
            continue
        menu = _all_of_it(draft, random, month, shop)
        asked = families[random.random(len(families)) < between(*_OF_CUSTOMERS, how)]
        for family in asked.tolist():
            rows = only_first(draft, errands(draft, family, month))
            when = moment(draft, random, month, (0, late - _BEFORE), np.full(len(rows), shop))
            move(draft, rows, shop, when, want=Want.FREE, share=1.0, menu=menu, given=True)
            draft.claim(rows, label, actor)
    _wait_for_goods(draft, random, shop, late)


def _all_of_it(draft: Draft, random: np.random.Generator, month: int, shop: int) -> int:
    """A menu for whatever a card holds, to the last eggs."""
    prices = draft.goods.price(shop, month)
    return draft.goods.add_menu([shopping(random, prices, rupiah, eggs=1) for rupiah in range(30_000, 600_001, _STEP)])


def _wait_for_goods(draft: Draft, random: np.random.Generator, shop: int, late: int) -> None:
    """The others' visits of the first days of each half of a month: some days later, where that is no other month."""
    rows = _alone(draft, draft.of_shop(shop))
    day = draft.visits["real"][rows] // DAY
    month = np.searchsorted(MONTH_STARTS, day, side="right") - 1
    since = (day - MONTH_STARTS[month]) % (2 * _HALF) % _HALF
    early = since < late - 1
    later = day + late - since + random.integers(0, 3, len(rows))
    early &= later < MONTH_STARTS[np.minimum(month + 1, len(MONTH_STARTS) - 1)]
    draft.visits["real"][rows[early]] += (later - day)[early] * DAY


def _alone(draft: Draft, rows: Rows) -> Rows:
    """Those of cards that do nothing else on the day, nor in the days to which they might be moved."""
    visits = draft.visits
    alone: list[bool] = []
    for row in rows.tolist():
        others: Ints = visits["real"][draft.of_card(int(visits["card"][row]))] // DAY - visits["real"][row] // DAY
        alone.append(int(((others >= 0) & (others < _HALF)).sum()) == 1)
    found: Rows = rows[np.array(alone, np.bool_) & (visits["step"][rows] == Step.DEBIT)]
    return found


SCHEME: Final = Scheme("fraud-paid-before-goods", "shop", ("A5", "A6"), 1, shops_with(10), _apply)
