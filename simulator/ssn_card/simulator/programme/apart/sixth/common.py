# SPDX-License-Identifier: Apache-2.0
"""What the sixth author's schemes share: whose errands, at which shop, with which made-up baskets."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from ssn_card.receipts import Basket

from ...plan.calendar import DAY, MONTH_STARTS, Ints
from ...plan.draft import Draft, Rows
from ...plan.scheme import free_families
from ...plan.ways import in_turn, move, regular, shops_with

_LEAST, _MOST = 12, 1_500  #: strangers to draw from


def sitting(
    draft: Draft,
    random: np.random.Generator,
    rows: Rows,
    shop: int,
    start: int,
    gaps: tuple[float, float],
    **more: Any,
) -> None:
    """Rows one behind the other at a shop, from a moment on; ``gaps``: seconds; ``more``: other fields."""
    move(draft, rows, shop, in_turn(random, start, len(rows), gaps), **more)


def opening(draft: Draft, shop: int, month: int, day: int, chance: float) -> int:
    """A moment of a month's day (0: the first) in a shop's hours, 0 to 1 of them."""
    return int((MONTH_STARTS[month] + day) * DAY + draft.hour(shop, chance))


def weekday(month: int, which: int, name: int) -> int:
    """Day in its month (0: the first) of the first, second, ... (0, 1, ...) Monday (0) to Sunday (6)."""
    return int((name - (MONTH_STARTS[month] + 3) % 7) % 7 + 7 * which)


def menu(draft: Draft, baskets: Iterable[Basket], spread: int = 1) -> int:
    """A menu of distinct baskets."""
    distinct = {one.total: one for one in baskets}
    return draft.goods.add_menu(distinct.values(), spread)


def strangers(draft: Draft, random: np.random.Generator, shop: int, *, far: bool) -> Ints:
    """Regular families with another usual shop: of its kecamatan, or ``far``: of others; the shop's own in a village.

    All are of no scheme yet; of a larger city some of them.
    """
    free = free_families(draft)
    families, places = draft.population.families, draft.population.places
    same = families.kecamatan[free] == places.shops[shop].kecamatan
    other = free[(same != far) & (families.home[free] != shop)]
    found = regular(draft, _few(random, other))
    return found if len(found) >= _LEAST else regular(draft, _few(random, free))


def _few(random: np.random.Generator, families: Ints) -> Ints:
    return np.sort(random.permutation(families)[:_MOST])


def quiet_shops(least: int) -> Callable[[Draft], Ints]:
    """Candidates: shops that are nobody's yet, with so many regular families, and not the busiest of the city."""

    def candidates(draft: Draft) -> Ints:
        shops, homes = shops_with(least)(draft), draft.population.families.home
        every = np.bincount(homes, minlength=len(draft.population.places.shops))
        kept: Ints = shops[every[shops] <= 1.25 * np.mean(every[every > 0])]
        return kept

    return candidates
