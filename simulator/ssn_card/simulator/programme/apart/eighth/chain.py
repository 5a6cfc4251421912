# SPDX-License-Identifier: Apache-2.0
"""A family's cards one after another: each gone in a later month than the one before was replaced."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from ...plan.calendar import LAST, MONTH_STARTS, MONTHS, Ints
from ...plan.draft import Actor, Draft, Rows
from ...plan.ways import days_of, label_of

_TOO_LATE: Final = 12  #: days before the end of the year: no other card comes


class CardHeld(NamedTuple):
    """A card, the day on which it is in hand, and the day on which it will be gone."""

    card: int
    back: int
    gone: int


def next_card(
    draft: Draft, actor: Actor, random: np.random.Generator, old: CardHeld, reason: str, keeps: tuple[int, int]
) -> CardHeld | None:
    """The card after another, of which it is told within days; none where the year ends before.

    Args:
        keeps: least and most days for which the new one is kept.
    """
    blocked = old.gone + int(random.integers(0, 5))
    made = blocked + int(random.integers(3, 10))
    back = made + int(random.integers(3, 12))
    if back + _TOO_LATE > LAST:
        return None
    days = {"lost": old.gone, "blocked": blocked, "made": made, "delivered": back}
    given: dict[str, Ints] = {name: np.array([day]) for name, day in days.items()}
    new = draft.replace_cards(np.array([old.card]), reason, **given, label=label_of(draft, actor))
    later = int(MONTH_STARTS[min(MONTHS, int(np.searchsorted(MONTH_STARTS, made, side="right")))])
    return CardHeld(int(new[0]), back, max(back, later) + int(random.integers(*keeps)))


def while_held(draft: Draft, link: CardHeld, till: int) -> Rows:
    """Visits of a card from the day on which it is in hand to so many days before it is gone."""
    rows = draft.of_card(link.card)
    day = days_of(draft, rows)
    held: Rows = rows[(day >= link.back) & (day < link.gone - till)]
    return held
