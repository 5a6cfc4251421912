# SPDX-License-Identifier: Apache-2.0
"""Cards that break, get lost, are locked by wrong PINs, or are deactivated; each card at most one of these."""

from __future__ import annotations

from typing import Final

import numpy as np

from ..calendar import DAY, FIRST, HOUR, LAST, NEVER, Ints
from ..draft import Draft
from ..events import Step
from ..places import DESK_PLACE

UNREADABLE, LOST, CORRECTED, LOCKED, DEACTIVATED = 0.015, 0.01, 0.003, 0.03, 0.05  #: of the cards, in the year
REACTIVATED: Final = 0.4
_STILL_OUT: Final = 0.1  #: new cards that are not handed over within the year


def befall(draft: Draft, random: np.random.Generator) -> None:
    """Everything of a year that befalls cards. After it, a card's visits are those that it can make."""
    cards = draft.population.cards
    order = random.permutation(np.flatnonzero((cards.delivered_on != NEVER) & (cards.delivered_on < FIRST + 60)))
    shares = np.array([UNREADABLE, LOST, CORRECTED, LOCKED, DEACTIVATED])
    ends = np.cumsum(np.round(shares * len(cards)).astype(int))
    broken, lost, corrected, locked, deactivated = np.split(order[: ends[-1]], ends[:-1])
    _replace(draft, broken, "damaged", draft.label("fault-unreadable"), random)
    _replace(draft, lost, "lost", draft.label("fault-lost"), random)
    _replace(draft, corrected, "correction", draft.label("fault-correction"), random)
    _lock(draft, locked[cards.pin[locked]], random)
    _deactivate(draft, deactivated, random)
    again = np.flatnonzero(draft.population.families.again != NEVER)
    visits = draft.visits
    visits["label"][np.isin(visits["card"], again) & (visits["label"] == 0)] = draft.label("fault-duplicate")


def _day(count: int, random: np.random.Generator, *, first: int = 65) -> Ints:
    """Days from ``first`` days into the year to some weeks before its end."""
    days: Ints = FIRST + random.integers(first, LAST - FIRST - 20, count)
    return days


def _replace(draft: Draft, cards: Ints, reason: str, label: int, random: np.random.Generator) -> None:
    count = len(cards)
    lost = _day(count, random)
    blocked = lost + random.integers(1, 5, count)
    made = np.minimum(blocked + random.integers(2, 11, count), LAST)
    delivered = made + random.integers(2, 21, count)
    delivered = np.where((random.random(count) < _STILL_OUT) | (delivered > LAST), NEVER, delivered)
    draft.replace_cards(cards, reason, lost=lost, blocked=blocked, made=made, delivered=delivered, label=label)


def _lock(draft: Draft, cards: Ints, random: np.random.Generator) -> None:
    """The holder has forgotten the PIN: no purchase until the desk lets a new one be chosen."""
    own = draft.population.cards
    locked = _day(len(cards), random)
    own.locked_on[cards], own.unlocked_on[cards] = locked, locked + random.integers(2, 20, len(cards))
    for card, first, last in zip(cards.tolist(), locked, own.unlocked_on[cards], strict=True):
        rows = draft.of_card(card)
        day = draft.visits["real"][rows] // DAY
        draft.drop(rows[(day >= first) & (day <= last)])
    moments = own.unlocked_on[cards] * DAY + 9 * HOUR + random.integers(0, 6 * HOUR, len(cards))
    rows = draft.add(cards, moments, DESK_PLACE, step=Step.READ)
    draft.visits["label"][rows] = draft.label("fault-pin-locked")


def _deactivate(draft: Draft, cards: Ints, random: np.random.Generator) -> None:
    """Blocked by an update; the next visits are refused, until a field check has found for the family."""
    own, count = draft.population.cards, len(cards)
    own.deactivated_on[cards] = _day(count, random, first=40)
    back = own.deactivated_on[cards] + random.integers(20, 90, count)
    own.reactivated_on[cards] = np.where((random.random(count) < REACTIVATED) & (back <= LAST), back, NEVER)
