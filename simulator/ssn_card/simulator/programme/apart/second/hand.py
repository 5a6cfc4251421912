# SPDX-License-Identifier: Apache-2.0
"""Who has other people's cards in hand: their own errands fall away, and they are debited instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from ...plan.calendar import FIRST, MINUTE, MONTHS, Ints
from ...plan.draft import Draft, Rows, Want
from ...plan.scheme import free_families
from ...plan.ways import errands, in_turn, shops_with

ALL = {"want": Want.BB, "share": 1.0}  #: two packages, or what the card may spend at most
_KNOWN: Final = 44  #: families of a shop, whose keeper knows them all


def corner_shops(least: int) -> Callable[[Draft], Ints]:
    """Candidates: shops with so many families of which no scheme has come, and not too many to know them all."""
    some = shops_with(least)

    def candidates(draft: Draft) -> Ints:
        homes = np.bincount(draft.population.families.home, minlength=len(draft.population.places.shops))
        free = some(draft)
        return free[homes[free] <= _KNOWN]

    return candidates


def from_the_start(draft: Draft) -> Ints:
    """Candidates: families of whom no scheme is, who have had their card from before the year."""
    free = free_families(draft)
    early: Ints = free[draft.population.cards.delivered_on[free] < FIRST]
    return early


def debited(draft: Draft, cards: Ints, month: int, shop: int, moments: Ints, **more: Any) -> Rows:
    """In place of what each card would have bought in that month, one debit at a shop (place); returns their rows.

    ``moments``: one for each card; ``more``: other fields of a visit, all that the card may spend unless they say.
    """
    for card in cards.tolist():
        draft.drop(errands(draft, card, month))
    return draft.add(cards, moments, shop, **(ALL | more))


def sitting(random: np.random.Generator, begins: int, cards: int, gaps: tuple[float, float]) -> Ints:
    """Moments of cards that go through one behind the other, now and then with a pause (a customer comes)."""
    pauses = np.where(random.random(cards) < 0.08, random.integers(4 * MINUTE, 15 * MINUTE, cards), 0)
    moments: Ints = in_turn(random, begins, cards, gaps) + np.cumsum(pauses)
    return moments


def another_card(draft: Draft, card: int, reason: str, day: int, *, delivered: int, made: int, blocked: int) -> int:
    """The card is lost or broken on a day; the place of the one that is handed over in its stead."""
    gone, stopped, printed, back = (np.array([one]) for one in (day, blocked, made, delivered))
    new = draft.replace_cards(np.array([card]), reason, lost=gone, blocked=stopped, made=printed, delivered=back)
    return int(new[0])


def terms(random: np.random.Generator, count: int, least: int) -> tuple[Ints, Ints]:
    """Of so many cards the first month in which somebody has them, and the first in which he does not any more."""
    first = random.integers(0, 4, count)
    last = np.minimum(first + random.integers(least, MONTHS + 1, count), MONTHS)
    return first, last
