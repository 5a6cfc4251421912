# SPDX-License-Identifier: Apache-2.0
"""Somebody old loses the card, finds it too late, washes it: two or three new ones in a year, and nothing gained."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft
from ....plan.events import Step
from ....plan.scheme import Scheme, free_families

_TIMES: Final = (2, 4)


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    label, card = draft.label(actor.scheme, actor.rules), actor.place
    for month in np.sort(random.choice(np.arange(1, 10), random.integers(*_TIMES), replace=False)).tolist():
        lost = int(MONTH_STARTS[month] + random.integers(3, 20))
        days = [np.array([lost + more]) for more in np.cumsum([0, *random.integers(1, 5, 3)]).tolist()]
        why = str(random.choice(["lost", "damaged"]))
        card = int(
            draft.replace_cards(np.array([card]), why, lost=days[0], blocked=days[1], made=days[2], delivered=days[3])[
                0
            ]
        )
    draft.claim(draft.of_card(card, step=Step.DEBIT), label, actor)


def _candidates(draft: Draft) -> Ints:
    """Families that have their card from the beginning and buy to the end."""
    families = free_families(draft)
    visits = draft.visits
    late = visits["card"][(visits["real"] >= MONTH_STARTS[11] * DAY) & (visits["card"] >= 0)]
    early = draft.population.cards.delivered_on[families] < MONTH_STARTS[1]
    found: Ints = families[early & np.isin(families, late)]
    return found


SCHEME: Final = Scheme("lookalike-careless", "family", ("A12",), 3, _candidates, _apply, honest=True)
