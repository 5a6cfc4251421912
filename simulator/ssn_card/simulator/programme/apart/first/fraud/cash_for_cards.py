# SPDX-License-Identifier: Apache-2.0
"""A shopkeeper gives cash for the card, less his cut, and keys heaps of whatever sells elsewhere.

Bold ones key one kind of goods; careful ones three, and not all that the card holds.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import heap
from ....plan.calendar import Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, errands, moment, months, move, only_first, shops_with, some

_FAMILIES: Final = (8, 20)  #: who come for it
_OFTEN: Final = (0.45, 0.85)  #: of the months
_LEAST: Final = (0.86, 0.97)  #: of what the card may spend
_FIRST: Final = (62, 96)  #: percent of the basket that is one kind of goods
_KINDS: Final = (3, 1)
_SELLS: Final = ("BERAS", "MINYAK", "GULA", "SUSU")
_STEP: Final = 6_500  #: rupiah from one heap to the next


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, shop = boldness(random), actor.place
    label = draft.label(actor.scheme, actor.rules)
    families = some(random, customers(draft, shop), between(*_FAMILIES, how))
    goods = random.permutation([CODES.index(code) for code in _SELLS])
    for month in months(random, 2, 8):
        menu = _heaps(draft, random, month, shop, goods, how)
        for family in families[random.random(len(families)) < between(*_OFTEN, how)].tolist():
            rows = only_first(draft, errands(draft, family, month))
            share = random.uniform(between(*_LEAST, how), 1.0, len(rows))
            when = moment(draft, random, month, (0, 16), np.full(len(rows), shop))
            move(draft, rows, shop, when, want=Want.FREE, share=share, menu=menu, given=True)
            draft.claim(rows, label, actor)


def _heaps(draft: Draft, random: np.random.Generator, month: int, shop: int, goods: Ints, how: float) -> int:
    """His menu of a month: of every size that a card may have."""
    prices = draft.goods.price(shop, month)
    baskets = []
    for rupiah in range(45_000, 600_001, _STEP):
        kinds = max(1, round(between(*_KINDS, how) + random.uniform(-0.6, 0.6)))
        first = round(between(*_FIRST, how)) if kinds > 1 else 100
        shares = np.array([first, *np.full(kinds - 1, (100 - first) // max(1, kinds - 1))])
        baskets.append(heap(prices, rupiah - int(random.integers(0, _STEP)), goods[:kinds], shares))
    return draft.goods.add_menu(baskets, spread=2)


SCHEME: Final = Scheme("fraud-cash-for-cards", "shop", ("A8",), 1, shops_with(10), _apply)
