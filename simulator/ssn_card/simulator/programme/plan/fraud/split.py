# SPDX-License-Identifier: Apache-2.0
"""A card is debited in pieces within the hour, each small enough to go without a PIN."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import MINUTE
from ..draft import Actor, Draft, Want
from ..events import Step
from ..scheme import Scheme, free_families

_PIECES: Final = (2, 5)
_PAUSE: Final = (2, 25)  #: minutes


def _apply(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    label = draft.label("fraud-split", actor.rules)
    for row in draft.of_card(actor.place, step=Step.DEBIT).tolist():
        pieces = int(random.integers(*_PIECES))
        visit = draft.visits[row]
        card, shop = int(visit["card"]), int(visit["terminal"]) - 1
        moments = int(visit["real"]) + np.cumsum(random.integers(*_PAUSE, pieces)) * MINUTE
        draft.drop(np.array([row]))
        shares = 1 / np.arange(pieces, 0, -1)
        made = draft.add(np.full(pieces, card), moments, shop, want=Want.FREE, share=shares)
        draft.claim(made, label, actor)


SCHEME: Final = Scheme("fraud-split", "card", ("A1",), 3, free_families, _apply)
