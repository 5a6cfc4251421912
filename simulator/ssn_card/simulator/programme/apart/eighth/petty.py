# SPDX-License-Identifier: Apache-2.0
"""Wrongs of a kind that nobody will find, nor should lose an evening over."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...plan.draft import Actor, Draft
from ...plan.goods import CODES, FISH
from ...plan.scheme import Scheme, busy_shops
from ...plan.ways import mine, some
from .habits import YEAR, at_shop, household, want

_EACH: Final = 500  #: rupiah


def _five_hundred(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A girl behind the counter takes five hundred more for a tin now and then, for her own telephone."""
    more = np.zeros(len(CODES), np.int64)
    more[FISH] = _EACH
    for month in some(random, np.array(YEAR), 6).tolist():
        own = household(draft, random, draft.goods.price(actor.place, month) + more)
        for rows in at_shop(draft, random, actor.place, [month], 0.08):
            want(draft, rows[:4], own, random.uniform(0.7, 1.0, len(rows[:4])))
            mine(draft, actor, rows[:4])
    if not (draft.visits["actor"] == actor.number).any():
        rows = draft.of_shop(actor.place)[:1]
        mine(draft, actor, rows)


SCHEMES: Final[tuple[Scheme, ...]] = (Scheme("petty-five-hundred", "shop", ("A10",), 1, busy_shops, _five_hundred),)
