# SPDX-License-Identifier: Apache-2.0
"""Ways that several schemes of this author share: uneven months, menus of one's own, days of the week."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final

import numpy as np

from ssn_card.receipts import Basket

from ...plan.bags import heap, shopping
from ...plan.calendar import MONTH_LENGTHS, MONTH_STARTS, MONTHS, NEVER, Ints
from ...plan.draft import Draft, Rows, Want
from ...plan.goods import CODES, priced
from ...plan.ways import errands, free_regular, months, part, regular_at, some

MONDAY, TUESDAY, SATURDAY = 0, 1, 5
_THURSDAY: Final = 3  #: the weekday of 1 January 1970
_SIZES: Final = 24  #: baskets on a menu of this author
_DEAREST: Final = 590_000


def uneven(random: np.random.Generator, latest_start: int, least: int, skips: float = 0.1) -> list[int]:
    """A run of months of which some are left out: somebody was ill, afraid, or had no need."""
    run = list(months(random, latest_start, least))
    return [one for one in run if random.random() >= skips] or run


def around(draft: Draft, random: np.random.Generator, shop: int, count: float, own: float = 1.0) -> Ints:
    """So many free families: a share ``own`` of them the shop's, the others of its kecamatan."""
    home = some(random, regular_at(draft, shop), count * own)
    free = np.setdiff1d(free_regular(draft), home)
    beside = free[draft.population.families.kecamatan[free] == draft.population.places.shop_kecamatan[shop]]
    joined: Ints = np.concatenate((home, some(random, beside, count - len(home))))
    return joined


def weekday(month: int, day_of_week: int, which: int) -> int:
    """The day (since 1970) of a month's first, second, ... such weekday; ``which``: 0 for the first, up to 3."""
    start = int(MONTH_STARTS[month])
    return start + (day_of_week - (start + _THURSDAY)) % 7 + 7 * which


def menu(draft: Draft, baskets: Iterable[Basket], spread: int = 1) -> int:
    """A menu of one's own, without baskets of no goods."""
    return draft.goods.add_menu([one for one in baskets if one.total > 0], spread)


def household(draft: Draft, random: np.random.Generator, prices: Ints, spread: int = 3) -> int:
    """A menu of what families like to have, small and large, at such prices."""
    sizes = np.linspace(25_000, _DEAREST, _SIZES).astype(np.int64)
    return menu(draft, [shopping(random, prices, int(one)) for one in sizes], spread)


def round_heap(prices: Ints, rupiah: int, goods: Ints, shares: Ints) -> Basket:
    """Much of few goods for exactly so much: the first line takes what is over."""
    lines = [(one.staple, one.quantity, one.rupiah) for one in heap(prices, rupiah, goods, shares).items]
    code, quantity, amount = lines[0]
    lines[0] = (code, quantity, amount + rupiah - sum(line[2] for line in lines))
    return Basket.of(*lines)


def packed(prices: Ints, amounts: dict[int, int], raised: float = 1.0) -> Basket:
    """So much of some staples, each line at its price times ``raised``, to hundreds of rupiah."""
    quantity = np.zeros(len(CODES), np.int64)
    for staple, amount in amounts.items():
        quantity[staple] = amount
    return priced(quantity, (quantity * prices * raised / 100).round().astype(np.int64) * 100)


def want(draft: Draft, rows: Rows, own: int | Ints, share: Any) -> None:
    """These buy of a menu, for a share of what the card may spend."""
    visits = draft.visits
    visits["want"][rows], visits["menu"][rows], visits["share"][rows] = Want.FREE, own, share


def at_shop(draft: Draft, random: np.random.Generator, shop: int, months_: Iterable[int], share: float) -> list[Rows]:
    """A share of the shop's visits in each of these months, that are nobody's yet."""
    return [part(random, draft.in_month(draft.of_shop(shop), month), share) for month in months_]


def saved(draft: Draft, cards: Iterable[int], month: int, before: int, skips: Callable[[int], bool]) -> Rows:
    """First errands of cards in a month; those of ``before`` months ahead are not made, nor others of the month."""
    kept = []
    for card in cards:
        if skips(card):
            continue
        rows = errands(draft, card, month)
        if not len(rows):
            continue
        for one in range(max(0, month - before), month):
            draft.drop(errands(draft, card, one))
        draft.drop(rows[1:])
        kept.append(rows[:1])
    return np.concatenate([np.zeros(0, np.intp), *kept])


def clamp(month: int, day: int) -> int:
    """A day (since 1970) within a month; ``day``: 0 is its first."""
    return int(MONTH_STARTS[month]) + min(max(day, 0), int(MONTH_LENGTHS[month]) - 1)


def out_of_hand(draft: Draft) -> Ints:
    """First cards of families that are not handed over by the second month, or never, and that nothing befalls."""
    cards = draft.population.cards
    count = len(draft.population.families)
    whole = (cards.worked_until[:count] == NEVER) & (cards.deactivated_on[:count] == NEVER)
    whole &= cards.locked_on[:count] == NEVER
    delivered = cards.delivered_on[:count]
    lain: Ints = np.flatnonzero(whole & ((delivered == NEVER) | (delivered >= MONTH_STARTS[1])))
    return lain


YEAR: Final = range(MONTHS)
