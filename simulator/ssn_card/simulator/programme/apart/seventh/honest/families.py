# SPDX-License-Identifier: Apache-2.0
"""Households with a reason of their own: twins, a slametan, work on the river, a year with the children elsewhere."""

from __future__ import annotations

import numpy as np

from ....plan.bags import heap
from ....plan.calendar import DAY, MONTH_STARTS, MONTHS
from ....plan.draft import Actor, Draft, Want
from ....plan.events import Step
from ....plan.goods import CHICKEN, EGGS, FISH, MILK, OIL, RICE, SUGAR
from ....plan.scheme import Scheme
from ....plan.ways import boldness, days_of, errands, firsts, free_regular, mine, moment, months, move
from ..manners import another_shop, morning, replaced, roomy, season, wants


def _on_foot(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """She carries everything home on foot: rice in the morning, the rest when it is cooler."""
    card = np.array([actor.place])
    for month in season(random, boldness(random), 4, 5):
        rows = firsts(draft, card, month)
        if not len(rows):
            continue
        shop = int(draft.visits["terminal"][rows[0]]) - 1
        day = days_of(draft, rows)
        move(draft, rows, shop, day * DAY + draft.hour(shop, random.uniform(0.0, 0.3)), want=Want.FREE)
        draft.visits["share"][rows] = random.uniform(0.4, 0.65)
        later = day * DAY + draft.hour(shop, random.uniform(0.6, 0.95))
        rest = draft.add(card, later, shop, want=Want.FREE, share=random.uniform(0.6, 0.95), given=True)
        mine(draft, actor, np.concatenate((rows, rest)))


def _slametan(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A wedding or the hundredth day after a death: saved for a month or two, then spent on what guests eat."""
    card = actor.place
    shop = int(draft.population.families.home[card])
    for month in ((2,), (4,), (7,), (9,), (3, 8), (2, 10))[int(random.integers(6))]:
        draft.drop(errands(draft, card, month - 1))
        prices = draft.goods.price(shop, month)
        three = np.array([CHICKEN, *random.permutation([SUGAR, OIL, RICE, EGGS])[:2]])
        sizes = (280_000, int(random.integers(480_000, 598_000)))
        bags = [heap(prices, size, three, np.array([50, 30, 19])) for size in sizes]
        rows = firsts(draft, [card], month)
        move(draft, rows, shop, moment(draft, random, month, (0, 24), np.full(len(rows), shop)))
        wants(draft, rows, draft.goods.add_menu(bags), 1.0)
        mine(draft, actor, rows)
    if not (draft.visits["actor"] == actor.number).any():
        mine(draft, actor, draft.of_card(card, step=Step.DEBIT)[:1])


def _twins(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Twins, or an old man who cannot chew: milk and eggs for most of the money."""
    card = actor.place
    for month in months(random, 4, 6):
        rows = roomy(draft, errands(draft, card, month))[:1]
        shop = int(draft.population.families.home[card])
        prices, share = draft.goods.price(shop, month), int(random.integers(50, 78))
        beside = int(random.choice([EGGS, RICE, FISH]))
        sizes = random.integers(70_000, 290_000, 4)
        bags = [heap(prices, int(size), np.array([MILK, beside]), np.array([share, 100 - share])) for size in sizes]
        wants(draft, rows, draft.goods.add_menu(bags, 2))
        mine(draft, actor, rows)


def _barge(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """While the river is low there is work on the sand barges, and the family lives where they lie."""
    shop = another_shop(draft, random, actor.place)
    for month in range(5, 8 + int(random.integers(1, 3))):
        rows = errands(draft, actor.place, month)
        move(draft, rows, shop, days_of(draft, rows) * DAY + np.sort(draft.hour(shop, random.random(len(rows)))))
        mine(draft, actor, rows)
    if not (draft.visits["actor"] == actor.number).any():
        at = months(random, 5, 2)[0]
        rows = draft.add(np.array([actor.place]), morning(draft, shop, at, 5, 0.5), shop, want=Want.FREE, share=0.5)
        mine(draft, actor, rows)


def _wet_card(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A fisherman's card is in his shirt all day: it bends, it drowns, the desk knows his face by now."""
    card, cards = actor.place, [actor.place]
    for month in sorted(random.permutation(10)[: int(random.choice([3, 4], p=[0.7, 0.3]))].tolist()):
        out = int(MONTH_STARTS[month]) + int(random.integers(4, 18))
        card = replaced(draft, random, card, "damaged", out)
        cards.append(card)
    for one in cards[1:]:
        mine(draft, actor, draft.of_card(one, step=Step.DEBIT))
    if not (draft.visits["actor"] == actor.number).any():
        at = np.array([morning(draft, int(draft.population.families.home[actor.place]), MONTHS - 1, 9, 0.4)])
        shop = int(draft.population.families.home[actor.place])
        mine(draft, actor, draft.add(np.array([card]), at, shop, want=Want.FREE, share=0.6))


def _with_the_children(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The card lay in the cupboard while she was with her children in Banjarmasin; then there is much to buy."""
    card = actor.place
    back = int(random.integers(5, 9))
    for month in range(back):
        draft.drop(draft.in_month(draft.of_card(card), month))
    for month in range(back, MONTHS):
        rows = firsts(draft, [card], month)
        draft.visits["want"][rows] = random.choice([Want.AA, Want.AB, Want.BB], len(rows))
        mine(draft, actor, rows)


SCHEMES = (
    Scheme("lookalike-all-on-foot", "family", ("A1",), 2, free_regular, _on_foot, honest=True),
    Scheme("lookalike-slametan", "family", ("A3", "A8"), 3, free_regular, _slametan, honest=True),
    Scheme("lookalike-milk-for-twins", "family", ("A15",), 2, free_regular, _twins, honest=True),
    Scheme("lookalike-sand-barge", "family", ("A7", "A16"), 2, free_regular, _barge, honest=True),
    Scheme("lookalike-card-that-drowned", "family", ("A12",), 2, free_regular, _wet_card, honest=True),
    Scheme("lookalike-with-the-children", "family", ("A3", "A13"), 2, free_regular, _with_the_children, honest=True),
)
