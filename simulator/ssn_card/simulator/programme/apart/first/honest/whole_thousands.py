# SPDX-License-Identifier: Apache-2.0
"""A clerk without small change keys whole thousands, up or down, on every line."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import shopping, whole
from ....plan.calendar import MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import part, shops_with

_OF_DEBITS: Final = 0.85
_CHANGE: Final = (500, 1_000)  #: rupiah, what he has none below
_STEP: Final = 7_000
_SPREAD: Final = 4


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, change = actor.place, int(random.choice(_CHANGE, p=[0.25, 0.75]))
    label = draft.label(actor.scheme, actor.rules)
    for month in range(MONTHS):
        prices = draft.goods.price(shop, month)
        baskets = [whole(shopping(random, prices, rupiah), change) for rupiah in range(20_000, 420_001, _STEP)]
        rows = part(random, draft.in_month(draft.of_shop(shop), month), _OF_DEBITS)
        rows = rows[draft.visits["want"][rows] == Want.FREE]
        draft.visits["menu"][rows] = draft.goods.add_menu(baskets, spread=_SPREAD)
        draft.claim(rows, label, actor)


SCHEME: Final = Scheme("lookalike-whole-thousands", "shop", ("A2",), 2, shops_with(8), _apply, honest=True)
