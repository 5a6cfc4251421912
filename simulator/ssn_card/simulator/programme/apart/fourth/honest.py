# SPDX-License-Identifier: Apache-2.0
"""Shops that look odd and are honest."""

from __future__ import annotations

import numpy as np

from ...plan.calendar import MONTH_STARTS
from ...plan.draft import Actor, Draft, Want
from ...plan.ways import customers, firsts, in_turn, label_of, moment, months, move, part, some
from .common import after_closing, at_day, every


def grandchild(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A pupil shops for five old neighbours after school. Told by: few cards, minutes apart, each its own goods."""
    label, cards = label_of(draft, actor), some(random, customers(draft, actor.place), int(random.integers(4, 7)))
    for month in months(random, 2, 7):
        rows = firsts(draft, cards, month)
        start = at_day(month, int(random.integers(2, 12)), 13.5)
        move(draft, rows, actor.place, in_turn(random, start, len(rows), (150, 360)))
        draft.claim(rows, label, actor)


def market(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """All come on the morning of the market. Told by: each family once a month, own goods and sums."""
    label, cards = label_of(draft, actor), customers(draft, actor.place)
    for month in months(random, 2, 7):
        rows = part(random, firsts(draft, cards, month), 0.6)
        saturday = int((2 - int(MONTH_STARTS[month])) % 7)  # day 0 was a Thursday
        for week, group in enumerate(np.array_split(random.permutation(rows), 2)):
            start = at_day(month, saturday + 7 * week, 8.5)
            move(draft, group, actor.place, in_turn(random, start, len(group), (90, 280)))
        draft.claim(rows, label, actor)


def boat(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The boat from upriver lands here. Told by: one day a fortnight, families of one kelurahan, each its own goods."""
    label, families = label_of(draft, actor), draft.population.families
    theirs = customers(draft, actor.place)
    home = draft.population.places.shops[actor.place].kelurahan
    other = theirs[families.kelurahan[theirs] != home]
    cards = some(random, other if len(other) >= 5 else theirs, 10)
    for month in months(random, 2, 7):
        rows = random.permutation(firsts(draft, cards, month))
        for trip, group in enumerate(np.array_split(rows, 2)):
            start = at_day(month, 4 + 14 * trip, 9.5)
            move(draft, group, actor.place, in_turn(random, start, len(group), (100, 320)))
        draft.claim(rows, label, actor)


def packages(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The programme's packages stand ready. Told by: its own goods, at the list's prices, and bought beforehand."""
    label, cards = label_of(draft, actor), customers(draft, actor.place)
    for month in months(random, 2, 8):
        rows = part(random, firsts(draft, cards, month), 0.8)
        move(draft, rows, actor.place, draft.visits["real"][rows], want=random.choice([Want.A, Want.B], len(rows)))
        shops = np.full(len(rows), actor.place)
        draft.visits["real"][rows] = moment(draft, random, month, (0, 12), shops)
        draft.claim(rows, label, actor)


def shift_change(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Beside a mine's gate: people come from the shift. Told by: shortly after closing, one by one, on many days."""
    label, cards = label_of(draft, actor), some(random, customers(draft, actor.place), 14)
    for month in months(random, 2, 7):
        rows = part(random, every(draft, cards, month), 0.6)
        days, minutes = random.integers(0, 26, len(rows)), random.integers(5, 40, len(rows))
        move(draft, rows, actor.place, after_closing(draft, actor.place, month, days, minutes))
        draft.claim(rows, label, actor)


def feast(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Stores for Ramadan, Idul Fitri, Idul Adha and the year's end. Told by: whole packages, in these months only."""
    label, cards = label_of(draft, actor), customers(draft, actor.place)
    for month in (1, 2, 4, 11):
        rows = firsts(draft, cards, month)
        shops = np.full(len(rows), actor.place)
        when = moment(draft, random, month, (0, 8), shops)
        move(draft, rows, actor.place, when, want=random.choice([Want.AB, Want.A, Want.B], len(rows)))
        draft.claim(rows, label, actor)


def floating(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The only shop that a landing stage has. Told by: daytime, on many days, each family with its own goods."""
    label, cards = label_of(draft, actor), customers(draft, actor.place)
    for month in months(random, 1, 10):
        rows = every(draft, cards, month)
        move(draft, rows, actor.place, moment(draft, random, month, (0, 28), np.full(len(rows), actor.place)))
        draft.claim(rows, label, actor)
