# SPDX-License-Identifier: Apache-2.0
"""A family reports its card lost again and again, and lends or sells the new ones."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, MONTH_STARTS, MONTHS
from ..draft import Actor, Draft
from ..scheme import Scheme, free_families

_TIMES: Final = (4, 7)


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    label = draft.label("fraud-replacements", actor.rules)
    months = np.sort(random.choice(np.arange(1, MONTHS), int(random.integers(*_TIMES)), replace=False))
    card = np.array([actor.place])
    rows = draft.of_card(actor.place)
    for month in months.tolist():
        lost = MONTH_STARTS[month] + random.integers(1, 8, 1)
        made = lost + 2
        card = draft.replace_cards(
            card, "lost", lost=lost, blocked=lost + 1, made=made, delivered=made + random.integers(1, 6, 1)
        )
    still = rows[draft.visits["card"][rows] >= 0]
    after = still[draft.visits["real"][still] // DAY >= MONTH_STARTS[months[0]]]
    draft.claim(after if len(after) else still, label, actor)


SCHEME: Final = Scheme("fraud-replacements", "family", ("A12",), 3, free_families, _apply)
