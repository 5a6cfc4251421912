# SPDX-License-Identifier: Apache-2.0
"""Small wrongs, a few times a year: too little for anybody to find in figures, and not counted as planted.

They are there because a city has them, and because a rule that finds one by chance has not suspected the honest.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from ...plan.calendar import DAY, MINUTE, Ints
from ...plan.draft import Actor, Draft, Rows, Want
from ...plan.events import Step
from ...plan.goods import priced
from ...plan.scheme import Scheme, free_companions, free_families
from ...plan.ways import shops_with

_DEARER: Final = 1.12


def _some(random: np.random.Generator, rows: Rows, count: tuple[int, int]) -> Rows:
    drawn: Rows = random.permutation(rows)[: int(random.integers(*count))]
    return drawn


def _dear_week(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Before a feast a shop takes an eighth more than it should of a few who ask for a package."""
    rows = draft.of_shop(actor.place)
    month = int(random.choice([2, 6, 11]))
    chosen = _some(random, draft.in_month(rows, month), (3, 7))
    chosen = chosen if len(chosen) else rows[:1]
    prices = np.ceil(draft.goods.prices.city[month] * _DEARER).astype(np.int64)
    amounts = np.array([5, 15, 1, 1, 2, 1, 1])
    draft.visits["want"][chosen], draft.visits["share"][chosen] = Want.FREE, 1.0
    draft.visits["menu"][chosen] = draft.goods.add_menu(
        [priced(amounts, amounts * prices), priced(amounts // 2, amounts // 2 * prices)]
    )
    draft.claim(chosen, draft.label(actor.scheme, actor.rules), actor)


def _behind_the_door(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A shop opens once more for acquaintances."""
    rows = _some(random, draft.of_shop(actor.place), (3, 7))
    shut = int(draft.population.places.shut[actor.place])
    day = draft.visits["real"][rows] // DAY
    draft.visits["real"][rows] = day * DAY + shut + random.integers(20 * MINUTE, 80 * MINUTE, len(rows))
    draft.claim(rows, draft.label(actor.scheme, actor.rules), actor)


def _cash_once(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A family gets cash for a basket that it leaves there, twice or thrice."""
    rows = _some(random, draft.of_card(actor.place, step=Step.DEBIT), (2, 4))
    draft.visits["stocked"][rows] = False
    draft.claim(rows, draft.label(actor.scheme, actor.rules), actor)


def _lent_card(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A cousin elsewhere in the city borrows the card."""
    rows = _some(random, draft.of_card(actor.place, step=Step.DEBIT), (2, 4))
    draft.visits["terminal"][rows] = 1 + random.integers(len(draft.population.places.shops))
    draft.claim(rows, draft.label(actor.scheme, actor.rules), actor)


def _favour(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A companion raises a limit without much of a reason, two or three times."""
    families = draft.population.families
    free = free_families(draft)
    hers = free[families.companion[free] == actor.place]
    for card in _some(random, np.repeat(hers, 3), (2, 4)).tolist():
        rows = draft.of_card(card, step=Step.DEBIT)
        row = rows[[int(random.integers(len(rows)))]]
        at, shop = draft.visits["real"][row] - 3 * MINUTE, draft.visits["terminal"][row].astype(np.int64) - 1
        raised = draft.add(np.full(1, card), at, shop, step=Step.OVERRIDE, amount=100_000, companion=actor.place)
        draft.claim(raised, draft.label(actor.scheme, actor.rules), actor)


def _with_families(draft: Draft) -> Ints:
    families = draft.population.families
    own = np.bincount(families.companion[free_families(draft)], minlength=len(draft.population.companions))
    every = free_companions(draft)
    return every[own[every] > 0]


def _scheme(
    name: str,
    subject: str,
    rule: str,
    actors: int,
    candidates: Callable[[Draft], Ints],
    apply: Callable[[Draft, Actor, np.random.Generator], None],
) -> Scheme:
    return Scheme(f"petty-{name}", subject, (rule,), actors, candidates, apply)


PETTY: Final[tuple[Scheme, ...]] = (
    _scheme("dear-week", "shop", "A10", 2, shops_with(10), _dear_week),
    _scheme("behind-the-door", "shop", "A17", 2, shops_with(10), _behind_the_door),
    _scheme("cash-once", "card", "A8", 3, free_families, _cash_once),
    _scheme("lent-card", "card", "A16", 3, free_families, _lent_card),
    _scheme("favour", "companion", "A11", 2, _with_families, _favour),
)
