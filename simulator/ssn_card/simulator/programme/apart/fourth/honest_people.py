# SPDX-License-Identifier: Apache-2.0
"""Companions, families and cards that look odd and are honest."""

from __future__ import annotations

import numpy as np

from ...plan.calendar import DAY, MINUTE, MONTH_STARTS
from ...plan.draft import Actor, Draft, Want
from ...plan.events import Step
from ...plan.honest import SAVED
from ...plan.ways import firsts, in_turn, label_of, months, move, regular_of
from .common import after_closing, at_day, elsewhere, every


def led(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A companion walks with its families. Told by: its own families only, minutes apart, each its own goods."""
    label, cards = label_of(draft, actor), regular_of(draft, actor.place)
    shop = int(draft.population.families.home[cards[0]]) if len(cards) else 0
    for month in months(random, 2, 7):
        rows = firsts(draft, cards, month)
        start = at_day(month, int(random.integers(2, 14)), 9.5)
        move(draft, rows, shop, in_turn(random, start, len(rows), (150, 400)))
        draft.claim(rows, label, actor)


def flooded(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Kitchens under water three times, for which two months were saved.

    Told by: overrides on several days, each with purchases above the limit behind it, and only in months of flood.
    """
    label, cards = label_of(draft, actor), regular_of(draft, actor.place)
    for month in (2, 5, 11):
        draft.drop(np.concatenate([every(draft, cards, month - back) for back in (1, 2)]))
        rows = firsts(draft, cards, month)
        card = draft.visits["card"][rows].copy()
        shops = draft.population.families.home[card]
        days = MONTH_STARTS[month] + random.integers(3, 16, len(rows))
        when = days * DAY + draft.hour(shops, random.random(len(rows)))
        draft.visits["terminal"][rows], draft.visits["real"][rows] = shops + 1, when
        draft.visits["want"][rows] = random.choice([Want.AA, Want.AB, Want.BB], len(rows))
        more = {"step": Step.OVERRIDE, "amount": SAVED, "companion": actor.place}
        raised = draft.add(card, when - 5 * MINUTE, shops, **more)
        again = draft.add(card, when + 2 * DAY, shops, want=random.choice([Want.A, Want.B], len(rows)))
        draft.claim(np.concatenate((rows, raised, again)), label, actor)


def hospital(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Someone lies in a hospital across the city. Told by: half a year, in the daytime, goods as before."""
    label, far = label_of(draft, actor), elsewhere(draft, random, actor.place)
    first = int(random.integers(0, 6))
    for month in range(first, first + 6):
        rows = every(draft, np.array([actor.place]), month)
        move(draft, rows, far, draft.visits["real"][rows])
        draft.claim(rows, label, actor)


def no_icebox(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Fresh things are bought twice a day. Told by: two small purchases hours apart, and money is left."""
    label = label_of(draft, actor)
    for month in months(random, 2, 7):
        rows = firsts(draft, np.array([actor.place]), month)
        shop = int(draft.population.families.home[actor.place])
        when = at_day(month, int(random.integers(2, 20)), 9) + random.integers(0, 50 * MINUTE, len(rows))
        move(draft, rows, shop, when, want=Want.FREE, share=0.25)
        again = draft.add(np.full(len(rows), actor.place), when + 5 * 60 * MINUTE, np.full(len(rows), shop))
        draft.visits["want"][again], draft.visits["share"][again] = Want.FREE, 0.3
        draft.claim(np.concatenate((rows, again)), label, actor)


def wet_house(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A house on stilts, where cards get wet. Told by: damaged, in flood months, and bought at home as ever."""
    label, card = label_of(draft, actor), np.array([actor.place])
    for month in (1, 4, 5, 10):
        lost = np.array([MONTH_STARTS[month] + int(random.integers(6, 12))])
        made = {"blocked": lost + 1, "made": lost + 3, "delivered": lost + 7}
        card = draft.replace_cards(card, "damaged", lost=lost, **made, label=label)
    owned = np.flatnonzero(draft.population.cards.family == actor.place)
    rows = np.concatenate([draft.of_card(one, step=Step.DEBIT) for one in owned.tolist()])
    draft.claim(rows, label, actor)


def pit_worker(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Comes from the pit as the shop closes. Told by: minutes late, at its own shop, goods and sums as before."""
    label, shop = label_of(draft, actor), int(draft.population.families.home[actor.place])
    for month in months(random, 2, 8):
        rows = every(draft, np.array([actor.place]), month)
        days, minutes = np.arange(len(rows)) * 5 + random.integers(0, 5), random.integers(4, 35, len(rows))
        move(draft, rows, shop, after_closing(draft, shop, month, days, minutes))
        draft.claim(rows, label, actor)
