# SPDX-License-Identifier: Apache-2.0
"""Companions who do more than they must: a boat for all, a higher limit after the flood, cards carried to the door."""

from __future__ import annotations

from typing import Final

import numpy as np

from ....plan.calendar import DAY, FIRST, MINUTE
from ....plan.draft import Actor, Draft, Rows, Want
from ....plan.events import Step
from ....plan.scheme import Scheme
from ....plan.ways import (
    between,
    boldness,
    companions_with,
    days_of,
    errands,
    firsts,
    free_regular,
    in_turn,
    mine,
    moment,
    move,
    part,
    regular_of,
    some,
)
from ..manners import another_shop, morning, season

_RAISED: Final = 300_000  #: rupiah, by which the limit is


def _longboat(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """She hires a longboat, and the hamlet goes to town together; there they stand in one queue."""
    how, companion = boldness(random), actor.place
    cards = some(random, regular_of(draft, companion), between(4, 8, how))
    shop = another_shop(draft, random, int(cards[0]))
    for month in season(random, how, 2, 7):
        rows = random.permutation(firsts(draft, part(random, cards, 0.9), month))
        begin = morning(draft, shop, month, int(random.integers(1, 12)), random.uniform(0.1, 0.6))
        move(draft, rows, shop, in_turn(random, begin, len(rows), (120, 460)))
        mine(draft, actor, rows)
    _something(draft, actor, cards)


def _after_the_flood(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Nobody could buy while the water stood; then she raises the limit of every house, needed or not."""
    how, companion = boldness(random), actor.place
    cards = regular_of(draft, companion)
    for month in sorted(some(random, np.array([1, 4, 7, 10]), between(1, 2, how)).tolist()):
        for card in part(random, cards, 0.9).tolist():
            draft.drop(errands(draft, card, month - 1))
            rows = firsts(draft, [card], month)
            shop = int(draft.population.families.home[card])
            at = moment(draft, random, month, (0, 12), np.full(len(rows), shop))
            move(draft, rows, shop, at, want=random.choice([Want.AA, Want.AB]))
            more = {"step": Step.OVERRIDE, "amount": _RAISED, "companion": companion}
            raised = draft.add(np.full(len(rows), card), at - 8 * MINUTE, shop, **more)
            mine(draft, actor, np.concatenate((rows, raised)))
    _something(draft, actor, cards)


def _list_follows(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """She brought the cards to the door in December; the list with the signatures was typed when there was time."""
    cards = draft.population.cards
    theirs = _in_hand(draft, regular_of(draft, actor.place))
    for card in some(random, theirs, int(random.integers(3, 7))).tolist():
        typed = FIRST + int(random.integers(20, 65))
        rows = draft.of_card(card)
        rows = rows[days_of(draft, rows) <= typed]
        cards.delivered_on[card] = typed
        mine(draft, actor, rows)
    _something(draft, actor, theirs)


def _in_hand(draft: Draft, cards: np.ndarray) -> np.ndarray:
    given: np.ndarray = cards[draft.population.cards.delivered_on[cards] < FIRST]
    return given


def _early(draft: Draft) -> np.ndarray:
    """Regular families of no scheme who had their card before the year began."""
    return _in_hand(draft, free_regular(draft))


def _something(draft: Draft, actor: Actor, cards: np.ndarray) -> None:
    """Each has at least one visit."""
    if not (draft.visits["actor"] == actor.number).any():
        every: Rows = np.concatenate([draft.of_card(card, step=Step.DEBIT) for card in cards.tolist()])
        mine(draft, actor, every[np.argsort(draft.visits["real"][every] // DAY)][:1])


SCHEMES = (
    Scheme("lookalike-longboat", "companion", ("A4", "A16"), 2, companions_with(4), _longboat, honest=True),
    Scheme("lookalike-raised-for-all", "companion", ("A11",), 2, companions_with(4), _after_the_flood, honest=True),
    Scheme("lookalike-list-follows", "companion", ("A13",), 1, companions_with(3, _early), _list_follows, honest=True),
)
