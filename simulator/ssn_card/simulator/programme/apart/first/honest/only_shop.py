# SPDX-License-Identifier: Apache-2.0
"""Roads are bad and there is one shop: every card of the kelurahan lives there."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY
from ....plan.draft import Actor, Draft
from ....plan.events import Step
from ....plan.scheme import Scheme
from ....plan.ways import customers, shops_with


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    shop = actor.place
    label = draft.label(actor.scheme, actor.rules)
    for family in random.permutation(customers(draft, shop)).tolist():
        rows = draft.of_card(family)
        visits = draft.visits
        away = rows[visits["terminal"][rows] != shop + 1]
        visits["terminal"][rows] = shop + 1
        opens, closes = draft.population.places.opens[shop], draft.population.places.closes[shop]
        hour = visits["real"][away] % DAY
        visits["real"][away] += np.clip(hour, opens, closes - 1) - hour
        draft.claim(rows[visits["step"][rows] == Step.DEBIT], label, actor)


SCHEME: Final = Scheme("lookalike-only-shop", "shop", ("A7",), 3, shops_with(8), _apply, honest=True)
