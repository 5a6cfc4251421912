# SPDX-License-Identifier: Apache-2.0
"""Honest: what a shop sells well, and how its customers like to pay for it."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...plan.bags import exact, heap
from ...plan.calendar import DAY, HOUR, MINUTE, MONTH_STARTS, MONTHS, Ints
from ...plan.draft import Actor, Draft, Want
from ...plan.goods import EGGS, OIL, RICE
from ...plan.scheme import Scheme
from ...plan.ways import (
    between,
    boldness,
    errands,
    firsts,
    in_turn,
    mine,
    months,
    move,
    part,
    regular_at,
    shops_with,
    some,
)
from .ledger import any_of, ask, ask_as_before, dearer, household, sales, same_day

_SUMS: Final = (50_000, 100_000, 100_000, 150_000, 150_000, 200_000, 250_000)
_SHOULDERED: Final = (110_000, 145_000, 180_000)  #: rupiah
_WAITING: Final = (60.0, 420.0)  #: seconds between two who stand in the line of the first morning


def _fine_rice(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Banjar people want their own rice, which is dearer than the rice of the list; the rest costs what it costs."""
    shop, how = actor.place, boldness(random)
    times = random.uniform(1.07, 1.17)
    for month in range(int(random.integers(0, 4)), MONTHS):
        rows = part(random, sales(draft, shop, month), between(0.25, 0.55, how))
        menu = household(draft, random, dearer(draft.goods.price(shop, month), RICE, times), (45_000, 300_000))
        ask_as_before(draft, random, rows, menu)
        mine(draft, actor, rows)


def _even_sums(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Customers count on their fingers what is left: the last eggs are added singly, until it is an even sum."""
    shop, how = actor.place, boldness(random)
    for month in range(MONTHS):
        rows = part(random, sales(draft, shop, month), between(0.15, 0.4, how))
        rows = rows[draft.visits["want"][rows] == Want.FREE]
        prices = draft.goods.price(shop, month)
        ask_as_before(draft, random, rows, draft.goods.add_menu([exact(random, prices, one) for one in _SUMS], 2))
        mine(draft, actor, rows)


def _egg_for_the_first(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Who comes on the first day gets an egg for each kilogram; so they stand in line, and take all they may."""
    shop, how = actor.place, boldness(random)
    fond = some(random, regular_at(draft, shop), between(8, 15, how))
    for month in months(random, 3, 6):
        rows = firsts(draft, random.permutation(fond[random.random(len(fond)) < between(0.5, 0.85, how)]), month)
        start = int(MONTH_STARTS[month]) * DAY + int(draft.hour(shop, 0.0)) + int(random.integers(0, HOUR))
        share = random.uniform(0.88, 1.0, len(rows))
        want = random.choice([Want.A, Want.B, Want.FREE], len(rows), p=[0.3, 0.25, 0.45])
        move(draft, rows, shop, in_turn(random, start, len(rows), _WAITING), want=want, share=share)
        mine(draft, actor, rows)


def _up_the_hill(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """On a hill: first the rice on the shoulder, then, by another child, what can break."""
    shop, how = actor.place, boldness(random)
    uphill = some(random, regular_at(draft, shop), between(6, 12, how))
    for month in range(MONTHS):
        rows = firsts(draft, uphill[random.random(len(uphill)) < between(0.4, 0.7, how)], month)
        prices = draft.goods.price(shop, month)
        heavy = [heap(prices, one, np.array([RICE, OIL]), np.array([78, 22])) for one in _SHOULDERED]
        move(draft, rows, shop, same_day(draft, rows, draft.hour(shop, random.uniform(0.0, 0.55, len(rows)))))
        ask(draft, rows, any_of(draft, heavy))
        climb = random.integers(18 * MINUTE, 170 * MINUTE, len(rows))
        cards, at = draft.visits["card"][rows], draft.visits["real"][rows] + climb
        light = draft.add(cards, at, shop, want=Want.FREE, share=random.uniform(0.7, 1.0, len(rows)))
        mine(draft, actor, np.concatenate((rows, light)))


def _by_the_sack(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Large families club two months together for a sack of rice, which is cheaper to carry home by motorcycle."""
    shop, how = actor.place, boldness(random)
    for card in some(random, regular_at(draft, shop), between(5, 10, how)).tolist():
        for month in range(int(random.integers(1, 3)), MONTHS, 2 if random.random() < 0.7 else 3):
            before, rows = errands(draft, card, month - 1), errands(draft, card, month)
            if not len(rows) or not len(before):
                continue
            draft.drop(np.concatenate((before, rows[1:])))
            prices = draft.goods.price(shop, month)
            goods, sums = np.array([RICE, OIL, EGGS]), random.integers(400_000, 560_000, 3)
            draft.visits["terminal"][rows[:1]] = shop + 1
            ask(draft, rows[:1], any_of(draft, [heap(prices, int(one), goods, np.array([76, 12, 12])) for one in sums]))
            mine(draft, actor, rows[:1])


def _with_free_errands(draft: Draft) -> Ints:
    """Shops to many of whose sales no package belongs."""
    among, visits = shops_with(12)(draft), draft.visits
    sold = [np.concatenate([sales(draft, shop, month) for month in range(MONTHS)]) for shop in among.tolist()]
    free = [int((visits["want"][rows] == Want.FREE).sum()) for rows in sold]
    kept: Ints = among[np.array(free, np.int64) > 60]
    return kept


HABITS: Final = (
    Scheme("lookalike-fine-rice", "shop", ("A10",), 2, shops_with(14), _fine_rice, honest=True),
    Scheme("lookalike-even-sums", "shop", ("A2",), 1, _with_free_errands, _even_sums, honest=True),
    Scheme("lookalike-egg-for-the-first", "shop", ("A4", "A5"), 1, shops_with(12), _egg_for_the_first, honest=True),
    Scheme("lookalike-up-the-hill", "shop", ("A1",), 1, shops_with(10), _up_the_hill, honest=True),
    Scheme("lookalike-by-the-sack", "shop", ("A3",), 1, shops_with(10), _by_the_sack, honest=True),
)
