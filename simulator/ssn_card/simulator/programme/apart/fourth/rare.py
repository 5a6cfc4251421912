# SPDX-License-Identifier: Apache-2.0
"""A companion, families and cards that cheat."""

from __future__ import annotations

import numpy as np

from ...plan.calendar import DAY, MINUTE, MONTH_STARTS
from ...plan.draft import Actor, Draft, Want
from ...plan.events import Step
from ...plan.honest import SAVED
from ...plan.ways import firsts, in_turn, label_of, months, move, regular_of
from .common import after_closing, at_day, elsewhere


def signatures(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A companion raises limits for a fee, all of its families in one sitting, most months, at one shop.

    Evident: overrides one behind another that no purchase needed, in months without flood or feast.
    """
    label = label_of(draft, actor)
    cards = regular_of(draft, actor.place)[:6]
    shop = int(draft.population.families.home[cards[0]]) if len(cards) else 0
    for month in months(random, 1, 10):
        rows = firsts(draft, cards, month)
        when = in_turn(random, at_day(month, int(random.integers(3, 24)), 10), len(rows), (240, 420))
        move(draft, rows, shop, when, want=Want.FREE, share=1.0)
        more = {"step": Step.OVERRIDE, "amount": SAVED, "companion": actor.place}
        raised = draft.add(draft.visits["card"][rows].copy(), when - 2 * MINUTE, np.full(len(rows), shop), **more)
        draft.claim(np.concatenate((rows, raised)), label, actor)


def lost_again(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A family sells its card and reports it lost, five times in the year.

    Evident: lost, always lost, in five months; what is bought goes to a shop far away.
    """
    label, card, far = label_of(draft, actor), np.array([actor.place]), elsewhere(draft, random, actor.place)
    for month in (1, 3, 5, 7, 9):
        lost = np.array([MONTH_STARTS[month] + int(random.integers(12, 20))])
        card = draft.replace_cards(
            card, "lost", lost=lost, blocked=lost + 1, made=lost + 3, delivered=lost + 6, label=label
        )
    owned = np.flatnonzero(draft.population.cards.family == actor.place)
    rows = np.concatenate([draft.of_card(one, step=Step.DEBIT) for one in owned.tolist()])
    move(draft, rows, far, draft.visits["real"][rows])
    draft.claim(rows, label, actor)


def pledge(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A card given as a pledge to a lender in another part of the city, who empties it after closing.

    Evident: suddenly one far shop only, after hours, the whole balance, each month.
    """
    label, far = label_of(draft, actor), elsewhere(draft, random, actor.place)
    for month in months(random, 1, 9):
        rows = firsts(draft, np.array([actor.place]), month)
        when = after_closing(draft, far, month, random.integers(1, 6, len(rows)), random.integers(40, 120, len(rows)))
        move(draft, rows, far, when, want=Want.FREE, share=1.0)
        draft.claim(rows, label, actor)


def slices(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A month's money taken in three or four debits within an hour, so that none is large.

    Evident: nobody shops four times within the hour, each month, at one shop, until nothing is left.
    """
    label, shop = label_of(draft, actor), int(draft.population.families.home[actor.place])
    for month in months(random, 1, 9):
        rows = firsts(draft, np.array([actor.place]), month)
        if not len(rows):
            continue
        start = int(draft.visits["real"][rows[0]] // DAY * DAY + draft.hour(shop, random.random() * 0.7))
        count = int(random.integers(3, 5))
        when = in_turn(random, start, count, (5 * MINUTE, 18 * MINUTE))
        move(draft, rows, shop, when[:1], want=Want.FREE, share=0.3)
        card = np.full(count - 1, actor.place)
        more = draft.add(card, when[1:], np.full(count - 1, shop), want=Want.FREE, share=0.5)
        draft.visits["share"][more[-1:]] = 1.0
        draft.claim(np.concatenate((rows, more)), label, actor)
