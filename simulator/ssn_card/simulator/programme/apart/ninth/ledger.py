# SPDX-License-Identifier: Apache-2.0
"""What several schemes of this author need: plain sales of a shop, menus of baskets, and days of the week."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from ssn_card.receipts import Basket

from ...plan.bags import shopping
from ...plan.calendar import DAY, MONTH_STARTS, NEVER, Ints
from ...plan.draft import Draft, Rows, Want
from ...plan.events import Step

_WEEK: Final = 7


def sales(draft: Draft, shop: int, month: int) -> Rows:
    """Debits at a shop in a month that are nobody's yet, of cards with no cancellation and no override there then."""
    visits = draft.visits
    rows = draft.in_month(draft.of_shop(shop), month)
    rows = rows[visits["card"][rows] != NEVER]
    beside = [draft.in_month(draft.of_shop(shop, step=step), month) for step in (Step.CANCEL, Step.OVERRIDE)]
    mended = visits["card"][np.concatenate(beside)]
    kept: Rows = rows[~np.isin(visits["card"][rows], mended)]
    return kept


def by_time(draft: Draft, rows: Rows) -> Rows:
    """The same, the earliest first."""
    ordered: Rows = rows[np.argsort(draft.visits["real"][rows], kind="stable")]
    return ordered


def ask(draft: Draft, rows: Rows, menu: int, share: Any = 1.0) -> None:
    """These take of a menu, for such a share of what the card may spend."""
    visits = draft.visits
    visits["want"][rows], visits["menu"][rows], visits["share"][rows] = Want.FREE, menu, share


def ask_as_before(draft: Draft, random: np.random.Generator, rows: Rows, menu: int) -> None:
    """These take of a menu, for as much as they would have spent: nearly all in the place of a package."""
    visits = draft.visits
    packed = visits["want"][rows] != Want.FREE
    share = np.where(packed, random.uniform(0.86, 1.0, len(rows)), visits["share"][rows])
    ask(draft, rows, menu, share)


def any_of(draft: Draft, baskets: Sequence[Basket]) -> int:
    """A menu of which each visit takes any, however much the card may spend."""
    return draft.goods.add_menu(baskets, spread=len(baskets))


def household(
    draft: Draft, random: np.random.Generator, prices: Ints, rupiah: tuple[int, int] = (25_000, 300_000)
) -> int:
    """A menu of what households want, at such prices, from so much to so much."""
    wanted = np.linspace(*rupiah, 45).astype(np.int64) - random.integers(0, 3_000, 45)
    return draft.goods.add_menu([shopping(random, prices, int(one)) for one in wanted], spread=6)


def dearer(prices: Ints, goods: Any, times: Any) -> Ints:
    """Prices of which those of some goods are so many times as high, in steps of 50 rupiah."""
    raised = prices.astype(np.float64)
    raised[goods] *= times
    rounded: Ints = (raised / 50).round().astype(np.int64) * 50
    return rounded


def on_weekday(days: Ints, month: int, weekday: int) -> Ints:
    """Of each day of a month the next that is such a weekday, or the one before where the month ends first."""
    later = days + (weekday - days) % _WEEK
    moved: Ints = np.where(later >= MONTH_STARTS[month + 1], later - _WEEK, later)
    return moved


def same_day(draft: Draft, rows: Rows, seconds: Any) -> Ints:
    """Moments on the days of visits, at these seconds of the day."""
    moments: Ints = draft.visits["real"][rows] // DAY * DAY + seconds
    return moments


def after_closing(draft: Draft, random: np.random.Generator, shop: Any, minutes: tuple[int, int], count: int) -> Ints:
    """Seconds of the day, so many minutes from when a shop (place) has closed."""
    behind: Ints = draft.population.places.shut[shop] + 60 * random.integers(*minutes, count)
    return behind
