# SPDX-License-Identifier: Apache-2.0
"""A family takes the programme's package at its own price, the same one every month: that is what it is for."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import MONTHS, Ints
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme, free_families
from ....plan.ways import errands, only_first


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    label, package = draft.label(actor.scheme, actor.rules), random.choice([Want.A, Want.B], p=[0.3, 0.7])
    for month in range(MONTHS):
        rows = only_first(draft, errands(draft, actor.place, month))
        draft.visits["want"][rows] = package
        draft.claim(rows, label, actor)


def _candidates(draft: Draft) -> Ints:
    """Families whose shop sells packages at the programme's price."""
    families, goods = free_families(draft), draft.goods
    return families[goods.prices.packaged[goods.supplier[draft.population.families.home[families]]]]


SCHEME: Final = Scheme("lookalike-always-the-same", "family", ("A2", "A9"), 25, _candidates, _apply, honest=True)
