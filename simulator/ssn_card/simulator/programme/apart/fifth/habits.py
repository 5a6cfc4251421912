# SPDX-License-Identifier: Apache-2.0
"""What the fifth author's people do alike, honest or not: a day's takings, cards in a row, errands at another shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from ssn_card.receipts import Basket

from ...plan.calendar import DAY, FIRST, MONTH_LENGTHS, MONTH_STARTS, MONTHS, NEVER, Ints
from ...plan.draft import Draft, Rows, Want
from ...plan.events import Step
from ...plan.scheme import free_families
from ...plan.ways import errands, in_turn, move, shops_with

YEAR_ROUND: Final = range(MONTHS)
_MIDDLING: Final = 40  #: families
_THURSDAY: Final = 3  #: 1 January 1970, where Monday is 0


def takings(draft: Draft, shop: int, month: int) -> Rows:
    """Debits of a month at a shop that are nobody's yet."""
    rows = draft.in_month(draft.of_shop(shop), month)
    kept: Rows = rows[draft.visits["card"][rows] != NEVER]
    return kept


def middling(least: int) -> Callable[[Draft], Ints]:
    """Candidates: shops that live by few enough families that some cards count; any shop where there is none such."""

    def candidates(draft: Draft) -> Ints:
        homes = np.bincount(draft.population.families.home, minlength=len(draft.population.places.shops))
        shops = shops_with(least)(draft)
        few = shops[homes[shops] <= _MIDDLING]
        return few if len(few) else shops

    return candidates


def holders(draft: Draft) -> Ints:
    """Families of no scheme with one good card, which they have had since before the year."""
    free = free_families(draft)
    had: Ints = free[draft.population.cards.delivered_on[free] < FIRST]
    return had


def far_shop(draft: Draft, random: np.random.Generator, family: int) -> int:
    """A shop of another kecamatan, nobody's yet if there is one."""
    away = draft.population.places.shop_kecamatan != draft.population.families.kecamatan[family]
    shops = np.flatnonzero(away) if away.any() else np.arange(len(away))
    free = np.intersect1d(shops, draft.free_shops())
    return int(random.choice(free if len(free) else shops))


def trips(draft: Draft, card: int, month: int, count: int) -> Rows:
    """So many debits of a card in a month, whose moments are set later: its errands, and more; none if it has none."""
    rows = errands(draft, card, month)
    draft.drop(rows[count:])
    rows = rows[:count]
    if not len(rows) or len(rows) == count:
        return rows
    first = draft.visits[rows[0]].copy()
    lacking = count - len(rows)
    more = draft.add(np.full(lacking, card), int(first["real"]), int(first["terminal"]) - 1)
    return np.concatenate((rows, more))


def row_up(
    draft: Draft,
    random: np.random.Generator,
    rows: Rows,
    shop: int,
    first: int,
    gaps: tuple[float, float],
    **more: Any,
) -> None:
    """These go one behind another at a shop from a moment on, in any order; ``gaps``: seconds between."""
    move(draft, random.permutation(rows), shop, in_turn(random, first, len(rows), gaps), **more)


def at(draft: Draft, shop: int, month: int, day: int, chance: float) -> int:
    """A moment: on that day of the month (0 is the first), at that part of the shop's hours."""
    return int(MONTH_STARTS[month] + day) * DAY + int(draft.hour(shop, chance))


def weekdays(month: int, weekday: int, from_day: int = 0) -> Ints:
    """Days of a month (0 is the first) that fall on a weekday (0 is Monday)."""
    every = np.arange(from_day, int(MONTH_LENGTHS[month]))
    found: Ints = every[(MONTH_STARTS[month] + every + _THURSDAY) % 7 == weekday]
    return found


def stock(draft: Draft, month: int, shop: int, make: Callable[[Ints], list[Basket]], spread: int) -> int:
    """A menu of a shop for a month, of baskets made up by its prices."""
    return draft.goods.add_menu(make(draft.goods.price(shop, month)), spread)


def refill(draft: Draft, rows: Rows, menu: int, share: Any, *, stocked: bool = True) -> None:
    """Other goods in these, of a menu, for such a share of what the card may spend; where and when stay."""
    visits = draft.visits
    visits["want"][rows], visits["menu"][rows] = Want.FREE, menu
    visits["share"][rows], visits["stocked"][rows] = share, stocked


def after_delivery(draft: Draft, shop: int, month: int, late: int, random: np.random.Generator) -> None:
    """Who would have come to a shop before its goods did, comes after: its boat is ``late`` days behind others'."""
    for half in (0, 15):
        rows = takings(draft, shop, month)
        day = draft.visits["real"][rows] // DAY - MONTH_STARTS[month]
        for card in np.unique(draft.visits["card"][rows[(day >= half) & (day < half + late)]]).tolist():
            _postpone(draft, errands(draft, card, month), shop, month, (half, half + late), random)


def _postpone(
    draft: Draft, rows: Rows, shop: int, month: int, days: tuple[int, int], random: np.random.Generator
) -> None:
    visits = draft.visits
    day = visits["real"][rows] // DAY - MONTH_STARTS[month]
    early = rows[(day >= days[0]) & (day < days[1]) & (visits["terminal"][rows] == shop + 1)]
    last = min(days[1] + 5, int(MONTH_LENGTHS[month]))
    for one in early.tolist():
        visits["real"][one] = at(draft, shop, month, int(random.integers(days[1], last)), float(random.random()))


def overrides(draft: Draft, rows: Rows, companion: int, rupiah: int, seconds: int) -> Rows:
    """A companion lifts the limit some seconds before each of these."""
    of = draft.visits[rows].copy()
    return draft.add(
        of["card"],
        of["real"] - seconds,
        of["terminal"].astype(np.int64) - 1,
        step=Step.OVERRIDE,
        amount=rupiah,
        companion=companion,
    )
