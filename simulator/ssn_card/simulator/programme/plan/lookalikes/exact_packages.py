# SPDX-License-Identifier: Apache-2.0
"""A shop packs the two packages beforehand, at the programme's prices, and families like them: one a month."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, month_in_year
from ..draft import Actor, Draft, Want
from ..goods import SUPPLIERS
from ..scheme import Scheme, busy_shops

_SHARE: Final = 0.9  #: of its customers


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, goods = actor.place, draft.goods
    alike = [one for one in range(SUPPLIERS) if (one % 4 == 3) == (goods.supplier[shop] % 4 == 3)]
    packed = [one for one in alike if goods.prices.packaged[one]]
    goods.supplier[shop] = random.choice(packed or alike)
    rows, visits = draft.of_shop(shop), draft.visits
    customers = np.unique(visits["card"][rows])
    rows = rows[np.isin(visits["card"][rows], customers[random.random(len(customers)) < _SHARE])]
    rows = rows[np.argsort(visits["real"][rows], kind="stable")]
    of_month = np.stack([visits["card"][rows], month_in_year(visits["real"][rows] // DAY)])
    firsts = rows[np.unique(of_month, axis=1, return_index=True)[1]]
    draft.drop(np.setdiff1d(rows, firsts))
    visits["want"][firsts] = np.where(random.random(len(firsts)) < 0.6, Want.A, Want.B)
    draft.claim(firsts, draft.label("lookalike-exact-packages", actor.rules), actor)


SCHEME: Final = Scheme("lookalike-exact-packages", "shop", ("A9", "A2", "A5"), 3, busy_shops, _apply, honest=True)
