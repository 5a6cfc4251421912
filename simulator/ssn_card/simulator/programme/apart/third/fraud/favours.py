# SPDX-License-Identifier: Apache-2.0
"""Who is trusted, and sells that: a companion's consent, a family's lost cards."""

from __future__ import annotations

import numpy as np

from ....plan.calendar import DAY, MINUTE, MONTH_STARTS
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.ways import between, boldness, firsts, mine, moment, months, move
from ..hand import known


def sign(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Month after month she lifts the limit for nearly all of her families, needed or not, for a cut of the shop."""
    how = boldness(random)
    families = draft.population.families
    cards = known(draft, np.flatnonzero(families.companion == actor.place))
    shop = int(families.home[cards[0]])
    for month in months(random, 1, 9):
        rows = firsts(draft, cards[random.random(len(cards)) < between(0.7, 0.95, how)], month)
        at = moment(draft, random, month, (0, 24), np.full(len(rows), shop))
        move(draft, rows, shop, at, want=random.choice([Want.AA, Want.AB, Want.BB], len(rows)), given=True)
        card, before = draft.visits["card"][rows], at - random.integers(1, 9, len(rows)) * MINUTE
        amount = random.choice([150_000, 200_000, 300_000], len(rows))
        lifted = draft.add(card, before, shop, step=Step.OVERRIDE, amount=amount, companion=actor.place)
        mine(draft, actor, np.concatenate((rows, lifted)))


def lose(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The card is sold with what is on it, reported lost some days later, and another asked for; again and again."""
    card, shop = actor.place, int(draft.population.families.home[actor.place])
    count = int(random.integers(4, 7))
    for month in np.sort(random.permutation(np.arange(1, 12))[:count]).tolist():
        day = int(MONTH_STARTS[month]) + int(random.integers(2, 9))
        lost, back = np.array([day]), np.array([day + int(random.integers(5, 12))])
        last = draft.add([card], (day - 1) * DAY + draft.hour(shop, random.random()), shop, want=Want.BB, given=True)
        mine(draft, actor, last)
        new = draft.replace_cards(np.array([card]), "lost", lost=lost, blocked=lost + 1, made=lost + 2, delivered=back)
        card = int(new[0])
