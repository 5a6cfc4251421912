# SPDX-License-Identifier: Apache-2.0
"""A shop makes up small sets for whoever buys little at a time: for 50, 75, 100 and 150 thousand, in writing.

Honest: the goods in a set are worth it by the shop's own list, and everything is also sold singly.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.bags import exact
from ....plan.calendar import MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import part, shops_with

_SETS: Final = (50_000, 75_000, 100_000, 150_000, 150_000)
_SHARE: Final = (0.35, 0.6)  #: of the purchases


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, label = actor.place, draft.label(actor.scheme, actor.rules)
    share = random.uniform(*_SHARE)
    for month in range(MONTHS):
        prices = draft.goods.price(shop, month)
        menu = draft.goods.add_menu([exact(random, prices, one) for one in _SETS], len(_SETS))
        rows = part(random, draft.in_month(draft.of_shop(shop), month), share)
        visits = draft.visits
        visits["want"][rows], visits["share"][rows], visits["menu"][rows] = Want.FREE, 1.0, menu
        draft.claim(rows, label, actor)


SCHEME: Final = Scheme("lookalike-small-sets", "shop", ("A2", "A9"), 2, shops_with(14), _apply, honest=True)
