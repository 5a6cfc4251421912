# SPDX-License-Identifier: Apache-2.0
"""Only with the parcel: goods stand packed at the door, the same for everybody and dearer than elsewhere.

As told of e-warong in Subang (pasundanekspres.co, 2022: whoever comes is handed the parcel), Pringsewu (detikkasus.com,
2021) and Banjarnegara (lensanusantara.co.id, 2022: prices far above the market's).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ....plan.calendar import MONTHS, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.goods import CODES, priced
from ....plan.scheme import Scheme
from ....plan.ways import between, boldness, months, part
from ..hand import corner_shops

_LEAST: Final = 20
_FULL: Final = 300_000
_SEASON: Final = (3, 6)  #: months for which a parcel stays the same
_STEP: Final = 100  #: rupiah, of a unit's price
_WEIGHT: Final = np.array([4.0, 2.0, 1.5, 1.0, 1.5, 1.0, 1.0])  #: of each staple in a parcel's money


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, how = actor.place, boldness(random)
    label = draft.label(actor.scheme, actor.rules)
    share, dearer = between(0.3, 0.54, how), between(1.10, 1.26, how)
    until, menu = 0, -1
    for month in months(random, 3, 8):
        if month >= until:
            until = min(month + int(random.integers(*_SEASON)), MONTHS)
            reference = draft.goods.prices.city[month:until].max(axis=0)
            menu = draft.goods.add_menu(_parcels(random, reference, dearer))
        rows = part(random, draft.in_month(draft.of_shop(shop), month), share)
        visits = draft.visits
        visits["want"][rows], visits["share"][rows], visits["menu"][rows] = Want.FREE, 1.0, menu
        draft.claim(rows, label, actor)


def _parcels(random: np.random.Generator, reference: Ints, dearer: float) -> list[Basket]:
    """One of four to six goods, half of it, a quarter, and two."""
    unit = (np.ceil(reference * dearer / _STEP) * _STEP).astype(np.int64)
    goods = np.concatenate(([0], 1 + random.permutation(len(CODES) - 1)[: int(random.integers(3, 6))]))
    money = np.zeros(len(CODES))
    money[goods] = _WEIGHT[goods] * random.uniform(0.7, 1.3, len(goods))
    money *= _FULL / money.sum()
    full = np.floor(money / unit).astype(np.int64)
    full[goods] = np.maximum(full[goods], 1)
    while int(full @ unit) > _FULL:
        full[np.argmax(full * unit)] -= 1
    return [priced(one, one * unit) for one in (2 * full, full, -(-full // 2), -(-full // 4))]


SCHEME: Final = Scheme("fraud-parcel", "shop", ("A9", "A10"), 1, corner_shops(_LEAST), _apply)
