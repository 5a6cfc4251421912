# SPDX-License-Identifier: Apache-2.0
"""A shopkeeper sells on credit, at his interest, and collects it from the card all at once when two loads are there.

Families buy nothing with the card in the months before.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import shopping
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, customers, errands, moment, move, only_first, shops_with, some

_FAMILIES: Final = (8, 20)
_CREDIT: Final = (1, 3)  #: months without the card
_SHARE: Final = (0.80, 0.97)  #: at the least, of what the card may spend
_PAUSE: Final = 0.3  #: of the times, a month in which the family buys as before
_DAYS: Final = 6
_STEP: Final = 9_000


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    how, shop = boldness(random), actor.place
    label = draft.label(actor.scheme, actor.rules)
    menus: dict[int, int] = {}
    for family in some(random, customers(draft, shop), between(*_FAMILIES, how)).tolist():
        month = int(random.integers(0, 3))
        while (due := month + int(random.integers(*_CREDIT))) < 12:
            for before in range(month, due):
                draft.drop(errands(draft, family, before))
            rows = only_first(draft, errands(draft, family, due))
            menu = menus.setdefault(due, -1)
            if menu < 0:
                menus[due] = menu = _everything(draft, random, due, shop)
            share = random.uniform(between(*_SHARE, how), 1.0, len(rows))
            when = moment(draft, random, due, (0, _DAYS), np.full(len(rows), shop))
            move(draft, rows, shop, when, want=Want.FREE, share=share, menu=menu, given=True)
            draft.claim(rows, label, actor)
            month = due + 1 + int(random.random() < _PAUSE)


def _everything(draft: Draft, random: np.random.Generator, month: int, shop: int) -> int:
    prices = draft.goods.price(shop, month)
    return draft.goods.add_menu((shopping(random, prices, up_to) for up_to in range(60_000, 600_001, _STEP)), spread=2)


SCHEME: Final = Scheme("fraud-credit-collected", "shop", ("A3",), 1, shops_with(10), _apply)
