# SPDX-License-Identifier: Apache-2.0
"""A fee by debit: behind the sale the shop debits a round sum for "administration", typed in as some goods.

Cuts from each family's help, as told of Sukaluyu, Cianjur (jabar.tribunnews.com, 2022), here taken from the card; many
even amounts and repeated debits of one card are USDA's first patterns of irregular sales (criminallawyersnyc.com).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import exact
from ....plan.calendar import HOUR, MINUTE
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.events import Step
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, months, part
from ..hand import corner_shops

_LEAST: Final = 20
_FEES: Final = np.array([20_000, 25_000, 30_000, 40_000, 50_000])
_TEXTS: Final = 5  #: baskets that are typed for it
_LEFT: Final = (0.72, 0.86)  #: of what the card may spend, so much at most is sold, that a fee is left


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, how = actor.place, boldness(random)
    label = draft.label(actor.scheme, actor.rules)
    fee = int(random.choice(_FEES))
    for month in months(random, 2, 8):
        rows = part(random, _sales(draft, shop, month), between(0.28, 0.4, how))
        visits = draft.visits
        visits["want"][rows] = Want.FREE
        visits["share"][rows] = np.where(
            (visits["share"][rows] > 0) & (visits["share"][rows] < _LEFT[0]),
            visits["share"][rows],
            random.uniform(*_LEFT, len(rows)),
        )
        later = random.integers(2 * MINUTE, round(between(3 * HOUR, 15 * MINUTE, how)), len(rows))
        prices = draft.goods.price(shop, month)
        menu = draft.goods.add_menu([exact(random, prices, fee) for _ in range(_TEXTS)], _TEXTS)
        cards, moments = visits["card"][rows].copy(), visits["real"][rows] + later
        fees = draft.add(cards, moments, shop, want=Want.FREE, share=1.0, menu=menu, stocked=False)
        draft.claim(fees, label, actor)


def _sales(draft: Draft, shop: int, month: int) -> Rows:
    """One of each card, the last of the month, unless something was taken back."""
    undone = set(draft.visits["card"][draft.of_shop(shop, step=Step.CANCEL)].tolist())
    rows = draft.in_month(draft.of_shop(shop), month)
    rows = rows[np.argsort(draft.visits["real"][rows], kind="stable")]
    last = dict(zip(draft.visits["card"][rows].tolist(), rows.tolist(), strict=True))
    return np.array([row for card, row in last.items() if card not in undone], np.intp)


SCHEME: Final = Scheme("fraud-fee", "shop", ("A1", "A2"), 1, corner_shops(_LEAST), _apply)
