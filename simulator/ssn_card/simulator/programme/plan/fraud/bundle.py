# SPDX-License-Identifier: Apache-2.0
"""A shop sells one bundle only, whatever people ask for, and above the price of its goods."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import MONTHS
from ..draft import Actor, Draft, Want
from ..goods import CODES, priced
from ..policy import LOAD
from ..scheme import Scheme, busy_shops

_MARK_UP: Final = (1.12, 1.28)
_BUNDLES: Final = (
    {"BERAS": 8, "TELUR": 15, "MINYAK": 1, "GULA": 2, "IKAN_KALENG": 1},
    {"BERAS": 8, "TELUR": 20, "MINYAK": 2, "SUSU": 2},
    {"BERAS": 8, "MINYAK": 2, "GULA": 1, "SUSU": 1, "IKAN_KALENG": 2},
)
_MONTHS: Final = (6, 10)
_QUARTER: Final = 3  #: months for which the bundle stays the same
_SPARED: Final = 0.08  #: visits to which it is not forced


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, label = actor.place, draft.label("fraud-bundle", actor.rules)
    lasts = int(random.integers(*_MONTHS))
    begins = int(random.integers(0, MONTHS - lasts + 1))
    amounts = np.array([_BUNDLES[int(random.integers(len(_BUNDLES)))].get(code, 0) for code in CODES])
    mark_up, menu = random.uniform(*_MARK_UP), -1
    for month in range(begins, begins + lasts):
        if (month - begins) % _QUARTER == 0:
            lines = draft.goods.prices.city[month] * mark_up * amounts
            lines = (lines * min(1, LOAD / lines.sum()) / 500).astype(np.int64) * 500
            menu = draft.goods.add_menu([priced(amounts, lines), priced(2 * amounts, 2 * lines)])
        rows = draft.in_month(draft.of_shop(shop), month)
        rows = rows[random.random(len(rows)) >= _SPARED]
        visits = draft.visits
        visits["want"][rows], visits["share"][rows], visits["menu"][rows] = Want.FREE, 1.0, menu
        draft.claim(rows, label, actor)


SCHEME: Final = Scheme("fraud-bundle", "shop", ("A9", "A10"), 1, busy_shops, _apply)
