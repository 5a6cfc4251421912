# SPDX-License-Identifier: Apache-2.0
"""On market day people come to a shop in a row, all morning."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, FIRST, MINUTE
from ..draft import Actor, Draft
from ..scheme import Scheme, busy_shops

_SHARE: Final = (0.45, 0.7)  #: of the shop's visits
_PACE: Final = (80, 4 * MINUTE)
_WEEK: Final = 7


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop, label = actor.place, draft.label("lookalike-market-day", actor.rules)
    weekday, share = int(random.integers(_WEEK)), random.uniform(*_SHARE)
    rows = draft.of_shop(shop)
    rows = rows[random.random(len(rows)) < share]
    rows = rows[draft.visits["real"][rows] // DAY >= FIRST + _WEEK]
    real = draft.visits["real"]
    week = (real[rows] // DAY - FIRST - weekday) // _WEEK
    opens = int(draft.population.places.opens[shop])
    for one in np.unique(week).tolist():
        day = FIRST + weekday + one * _WEEK
        together = random.permutation(rows[week == one])
        same_month = together[(real[together] // DAY).astype("datetime64[D]").astype("datetime64[M]")
                              == np.datetime64(day, "D").astype("datetime64[M]")]  # fmt: skip
        moments = opens + 10 * MINUTE + np.cumsum(random.integers(*_PACE, len(same_month)))
        real[same_month] = day * DAY + moments
        draft.claim(same_month, label, actor)


SCHEME: Final = Scheme("lookalike-market-day", "shop", ("A4",), 3, busy_shops, _apply, honest=True)
