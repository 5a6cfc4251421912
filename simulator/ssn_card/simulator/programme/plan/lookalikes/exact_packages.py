# SPDX-License-Identifier: Apache-2.0
"""A shop packs the programme's two packages beforehand, at the programme's prices, and families like them."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..draft import Actor, Draft, Want
from ..goods import SUPPLIERS
from ..scheme import Scheme, busy_shops

_SHARE: Final = 0.9  #: of its sales


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, goods = actor.place, draft.goods
    alike = [one for one in range(SUPPLIERS) if (one % 4 == 3) == (goods.supplier[shop] % 4 == 3)]
    packed = [one for one in alike if goods.prices.packaged[one]]
    goods.supplier[shop] = random.choice(packed or alike)
    rows = draft.of_shop(shop)
    rows = rows[random.random(len(rows)) < _SHARE]
    draft.visits["want"][rows] = np.where(random.random(len(rows)) < 0.6, Want.A, Want.B)
    draft.claim(rows, draft.label("lookalike-exact-packages", actor.rules), actor)


SCHEME: Final = Scheme("lookalike-exact-packages", "shop", ("A9", "A2", "A5"), 3, busy_shops, _apply, honest=True)
