# SPDX-License-Identifier: Apache-2.0
"""Wrongs that begin at a desk: months that are held back, cards that stay in a drawer, cards that are always lost."""

from __future__ import annotations

import numpy as np

from ....plan.calendar import DAY, FIRST, LAST, MINUTE, MONTH_STARTS, MONTHS, NEVER
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.scheme import Scheme, free_families
from ....plan.ways import between, boldness, companions_with, errands, mine, moment, regular_of, some
from ..manners import another_shop, replaced

_SEASONS = ((0, 1, 2), (3, 4, 5), (6, 7, 8), (9, 10, 11))
_RAISED = 300_000  #: rupiah, by which the limit is


def _held_back(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """ "The money is late": two months long; in the third she raises the limit, and three loads go in one day."""
    how, companion = boldness(random), actor.place
    cards = some(random, regular_of(draft, companion), between(5, 7, how)).tolist()
    friend = another_shop(draft, random, cards[0], same=True)
    for card in cards:
        kept = random.permutation(len(_SEASONS))[: round(between(3, 4, how))]
        for *without, month in (_SEASONS[place] for place in sorted(kept)):
            for quiet in (*without, month):
                draft.drop(errands(draft, card, quiet))
            at = moment(draft, random, month, (2, 22), np.full(1, friend))
            who = np.array([card])
            raised = draft.add(who, at - random.integers(2, 15, 1) * MINUTE, friend, step=Step.OVERRIDE,
                               amount=_RAISED, companion=companion)  # fmt: skip
            first = draft.add(who, at, friend, want=random.choice([Want.AB, Want.BB]), given=True)
            later = at + random.integers(5, 200, 1) * MINUTE
            second = draft.add(who, later, friend, want=Want.A, given=True)
            mine(draft, actor, np.concatenate((raised, first, second)))


def _drawer(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """She has fetched the cards of her families at the office and says that they are being printed."""
    how, companion = boldness(random), actor.place
    cards, shop = draft.population.cards, -1
    for card in some(random, regular_of(draft, companion), between(4, 7, how)).tolist():
        if shop < 0 or random.random() < 0.15:
            shop = another_shop(draft, random, card, same=True)
        until = NEVER if random.random() < 0.35 else FIRST + int(random.integers(130, 300))
        cards.delivered_on[card] = until
        end = LAST + 1 if until == NEVER else until
        rows = draft.of_card(card)
        draft.drop(rows[draft.visits["real"][rows] // DAY <= end])
        for month in range(int(random.integers(0, 3)), MONTHS):
            if MONTH_STARTS[month + 1] <= end and random.random() < between(0.75, 0.95, how):
                at = moment(draft, random, month, (1, 20), np.full(1, shop))
                share = random.uniform(0.8, 1.0)
                mine(draft, actor, draft.add(np.array([card]), at, shop, want=Want.FREE, share=share, given=True))


def _sold_then_lost(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The card is sold with its PIN to whoever pays; when it is empty, it was lost, and the desk makes another."""
    how, card = boldness(random), actor.place
    for month in sorted(random.permutation(11)[: round(between(4, 6, how))].tolist()):
        lost = int(MONTH_STARTS[month]) + int(random.integers(6, 16))
        draft.drop(draft.in_month(draft.of_card(card), month))
        shop = another_shop(draft, random, actor.place, same=bool(random.random() < 0.6))
        at = (lost - random.integers(1, 5, 1)) * DAY + draft.hour(shop, random.random(1))
        share = random.uniform(0.85, 1.0)
        mine(draft, actor, draft.add(np.array([card]), at, shop, want=Want.FREE, share=share, given=True))
        card = replaced(draft, random, card, "lost", lost)


SCHEMES = (
    Scheme("fraud-months-held-back", "companion", ("A1", "A11"), 2, companions_with(5), _held_back),
    Scheme("fraud-still-being-printed", "companion", ("A13",), 1, companions_with(4), _drawer),
    Scheme("fraud-sold-then-lost", "family", ("A12",), 2, free_families, _sold_then_lost),
)
