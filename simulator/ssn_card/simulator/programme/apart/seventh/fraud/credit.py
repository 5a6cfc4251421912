# SPDX-License-Identifier: Apache-2.0
"""Cards that lie in a drawer as security: for a savings club, or for money that was lent."""

from __future__ import annotations

import numpy as np

from ....plan.calendar import DAY, MONTH_STARTS
from ....plan.draft import Actor, Draft, Want
from ....plan.scheme import Scheme
from ....plan.ways import (
    between,
    boldness,
    errands,
    firsts,
    in_turn,
    mine,
    moment,
    months,
    move,
    part,
    regular_at,
    shops_with,
    some,
    strangers,
)
from ..manners import morning, night, season, shops_and_strangers


def _arisan(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The savings club's cards lie with its treasurer, who has the stall. Whose turn it is gets money; but every card
    has its turn at the till only every second or third month, and then gives all that has come together.
    """
    how, shop = boldness(random), actor.place
    cards = some(random, regular_at(draft, shop), between(12, 20, how))
    turns = np.array_split(cards, 2 + int(random.random() < 0.4))
    gaps = (between(120, 40, how), between(480, 200, how))
    quiet = {2, int(random.integers(5, 12))} if random.random() < 0.6 else {2}  # at Lebaran everybody needs the card
    for month in range(int(random.integers(0, 3)), 12):
        theirs = turns[month % len(turns)]
        if month in quiet:
            continue
        for card in cards[~np.isin(cards, theirs)].tolist():
            if random.random() < between(0.6, 0.9, how):
                draft.drop(errands(draft, card, month))
        rows = random.permutation(firsts(draft, theirs, month))
        begin = morning(draft, shop, month, int(random.integers(4, 25)), random.uniform(0.05, 0.75))
        move(draft, rows, shop, in_turn(random, begin, len(rows), gaps), given=True)
        draft.visits["want"][rows] = random.choice([Want.AA, Want.AB, Want.BB, Want.FREE], len(rows))
        draft.visits["share"][rows] = random.uniform(0.88, 1.0, len(rows))
        mine(draft, actor, rows)


def _lender(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Her husband lends money in other parts of the city; who cannot pay leaves the card until it is paid off."""
    how, shop = boldness(random), actor.place
    for card in some(random, strangers(draft, shop), between(7, 12, how)).tolist():
        for month in months(random, 6, 5):
            rows = firsts(draft, [card], month)
            day = int(random.integers(0, round(between(6, 3, how))))
            at = morning(draft, shop, month, day, random.uniform(0.05, 0.95))
            move(draft, rows, shop, at, want=Want.FREE, share=random.uniform(0.93, 1.0), given=True)
            mine(draft, actor, rows)


def _after_isya(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Held cards again, but one or two a night, when the shutter is down and nobody stands in the queue."""
    how, shop = boldness(random), actor.place
    cards = some(random, regular_at(draft, shop), between(6, 10, how))
    for month in season(random, how, 3, 7):
        rows = random.permutation(firsts(draft, part(random, cards, 0.9), month))
        day = MONTH_STARTS[month] + np.sort(random.integers(0, round(between(14, 7, how)), len(rows)))
        at = np.where(random.random(len(rows)) < 0.8, night(random, day, 19.3, 22.8), night(random, day, 4.6, 6.2))
        by_day = random.random(len(rows)) < between(0.2, 0.05, how)  # sometimes she has no time at night
        at = np.where(by_day, moment(draft, random, month, (0, 12), np.full(len(rows), shop)), at)
        move(draft, rows, shop, at, want=Want.FREE, given=True)
        draft.visits["share"][rows] = random.uniform(0.8, 1.0, len(rows))
        mine(draft, actor, rows)


def _coupons(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The card is debited when it is loaded, for a paper slip; the goods are there when the truck has come.

    Who is not pressed comes when the shelves are full.
    """
    how, shop = boldness(random), actor.place
    late = int(between(7, 11, how))
    _wait_for_the_truck(draft, shop, late)
    draft.late_stock[shop] = late
    cards = some(random, regular_at(draft, shop), between(9, 15, how))
    for month in season(random, how, 2, 7):
        rows = firsts(draft, part(random, cards, between(0.7, 0.9, how)), month)
        at = moment(draft, random, month, (0, 3), np.full(len(rows), shop))
        move(draft, rows, shop, at, want=random.choice([Want.A, Want.B, Want.FREE], len(rows)), given=True)
        draft.visits["share"][rows] = random.uniform(0.9, 1.0, len(rows))
        mine(draft, actor, rows)


def _wait_for_the_truck(draft: Draft, shop: int, late: int) -> None:
    visits = draft.visits
    rows = np.flatnonzero((visits["terminal"] == shop + 1) & (visits["actor"] < 0))
    day = visits["real"][rows] // DAY
    start = MONTH_STARTS[np.clip(np.searchsorted(MONTH_STARTS, day, side="right") - 1, 0, 11)]
    begins = start + 15 * (day - start >= 15)
    early = day - begins < late
    shift = np.where(early, begins + late + (day - begins) // 5 - day, 0)
    visits["real"][rows] += shift * DAY


SCHEMES = (
    Scheme("fraud-arisan-turns", "shop", ("A3", "A4", "A7"), 1, shops_with(14), _arisan),
    Scheme("fraud-lender-in-the-family", "shop", ("A5", "A7", "A16"), 1, shops_and_strangers(12), _lender),
    Scheme("fraud-shutter-down", "shop", ("A7", "A17"), 1, shops_with(12), _after_isya),
    Scheme("fraud-paper-slips", "shop", ("A5", "A6"), 1, shops_with(14), _coupons),
)
