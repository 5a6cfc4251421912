# SPDX-License-Identifier: Apache-2.0
"""What this author's people have in common: seasons with pauses, a shop's plain trade, moments at the till."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import numpy as np

from ...plan.bags import shopping
from ...plan.calendar import DAY, HOUR, MONTH_STARTS, MONTHS, Ints
from ...plan.draft import Actor, Draft, Rows, Want
from ...plan.events import Step
from ...plan.ways import between, free_regular, mine, months, part, shops_with

_MUCH: Final = 0.4
HALF: Final = 15  #: days of the first half of a month, for which a shop buys at once


def season(random: np.random.Generator, how: float, latest: int, least: int) -> Sequence[int]:
    """Months in which somebody is at it; the careful leave more of them out."""
    run = months(random, latest, least)
    kept = [month for month in run if random.random() < between(0.75, 0.97, how)]
    return kept if len(kept) >= min(3, least) else run


def trade(draft: Draft, shop: int, month: int) -> Rows:
    """A shop's debits of a month that are nobody's, by time, without cards whose debits were taken back or raised."""
    visits = draft.visits
    rows = draft.in_month(draft.of_shop(shop), month)
    beside = [draft.in_month(draft.of_shop(shop, step=step), month) for step in (Step.CANCEL, Step.OVERRIDE)]
    rows = rows[~np.isin(visits["card"][rows], visits["card"][np.concatenate(beside)])]
    ordered: Rows = rows[np.argsort(visits["real"][rows], kind="stable")]
    return ordered


def some_trade(draft: Draft, random: np.random.Generator, shop: int, month: int, share: float, most: int) -> Rows:
    """About such a share of it, and no more than so many."""
    rows = part(random, trade(draft, shop, month), share)
    kept: Rows = np.sort(random.permutation(rows)[:most])
    return kept


def certain(draft: Draft, actor: Actor, shop: int) -> None:
    """Where chance left an actor nothing to do, one purchase of the shop is its own."""
    if not (draft.visits["actor"] == actor.number).any():
        rows = np.concatenate([trade(draft, shop, month) for month in range(MONTHS)])
        mine(draft, actor, rows[:1])


def roomy(draft: Draft, rows: Rows) -> Rows:
    """Those for a package, or for much of what the card may spend: where somebody saves there is no room for more."""
    visits = draft.visits
    kept: Rows = rows[(visits["want"][rows] != Want.FREE) | (visits["share"][rows] > _MUCH)]
    return kept


def sizes(random: np.random.Generator, count: int, most: int = 299_000) -> Sequence[int]:
    """Of so many bags, small ones for who saves among them."""
    small: list[int] = random.integers(10_000, 50_000, count // 4).tolist()
    return [10_000, *small, *random.integers(50_000, most, count - len(small)).tolist()]


def wants(draft: Draft, rows: Rows, menu: int, share: Any = None) -> None:
    """What these are for: of a menu, for such a share of what the card may spend, or for the share that was meant."""
    visits = draft.visits
    if share is None:
        packaged = visits["want"][rows] != Want.FREE
        share = np.where(packaged, 1.0, visits["share"][rows])
    visits["want"][rows], visits["menu"][rows], visits["share"][rows] = Want.FREE, menu, share


def shelf(draft: Draft, random: np.random.Generator, prices: Ints, sizes: Iterable[int], spread: int) -> int:
    """A menu of what households want at such prices for about so much each."""
    return draft.goods.add_menu([shopping(random, prices, size) for size in sizes], spread)


def dearly(
    draft: Draft,
    actor: Actor,
    random: np.random.Generator,
    month: int,
    goods: Iterable[int],
    percent: Iterable[float],
    *,
    bags: int,
    share: float,
    most: int,
) -> None:
    """A shop's actor asks so much more for some goods: of a share of a month's trade, and no more than so many."""
    prices = dearer(draft.goods.price(actor.place, month), goods, percent)
    menu = shelf(draft, random, prices, sizes(random, bags), 3)
    rows = some_trade(draft, random, actor.place, month, share, most)
    wants(draft, rows, menu)
    mine(draft, actor, rows)


def dearer(prices: Ints, goods: Iterable[int], percent: Iterable[float]) -> Ints:
    """Prices where these goods cost so much more, to the next 100 rupiah."""
    raised = prices.copy()
    for one, more in zip(goods, percent, strict=True):
        raised[one] = -(-int(prices[one] * (100 + more)) // 10_000) * 100
    return raised


def night(random: np.random.Generator, day: Any, first: float, last: float) -> Any:
    """A moment of each day between two hours."""
    return np.asarray(day) * DAY + (random.uniform(first, last, np.shape(day)) * HOUR).astype(np.int64)


def morning(draft: Draft, shop: int, month: int, day: int, chance: float) -> int:
    """A moment at a shop: ``day`` of the month, 0 is the first; ``chance``: 0 to 1 of the hours when people come."""
    last = int(MONTH_STARTS[month + 1] - MONTH_STARTS[month]) - 1
    return int((MONTH_STARTS[month] + min(day, last)) * DAY + draft.hour(shop, chance))


def shops_and_strangers(least: int) -> Callable[[Draft], Ints]:
    """Candidates: shops that are nobody's yet, where so many regular families live in other kecamatan."""

    def candidates(draft: Draft) -> Ints:
        shops = shops_with(least)(draft)
        kecamatan = draft.population.families.kecamatan[free_regular(draft)]
        away = np.array([(kecamatan != one).sum() for one in draft.population.places.shop_kecamatan[shops]])
        kept: Ints = shops[away >= least]
        return kept

    return candidates


def replaced(draft: Draft, random: np.random.Generator, card: int, reason: str, out: int) -> int:
    """Another card for a family whose card is gone since a day; returns its place."""
    blocked = out + int(random.integers(1, 3))
    made = blocked + int(random.integers(1, 4))
    given = made + int(random.integers(1, 5))
    lost, closed, done, back = (np.array([day]) for day in (out, blocked, made, given))
    new = draft.replace_cards(np.array([card]), reason, lost=lost, blocked=closed, made=done, delivered=back)
    return int(new[0])


def another_shop(draft: Draft, random: np.random.Generator, family: int, *, same: bool = False) -> int:
    """A shop where the family does not buy by itself, in another kecamatan or, ``same``, in its own; or any."""
    places, families = draft.population.places, draft.population.families
    every = np.arange(len(places.shops))
    near = places.shop_kecamatan == families.kecamatan[family]
    found = every[(near if same else ~near) & (every != families.home[family])]
    return int(random.choice(found if len(found) else every))
