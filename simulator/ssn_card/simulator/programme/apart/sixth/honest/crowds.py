# SPDX-License-Identifier: Apache-2.0
"""Many at once for a reason: the boat, the market, a flood, a companion who leads, a neighbour who carries cards."""

from __future__ import annotations

import numpy as np

from ....plan.calendar import DAY, HOUR, MINUTE, MONTH_STARTS, Ints
from ....plan.draft import Actor, Draft
from ....plan.ways import (
    between,
    boldness,
    customers,
    earliest,
    label_of,
    moment,
    months,
    move,
    part,
    regular_at,
    regular_of,
    some,
)
from ..common import sitting, strangers, weekday

_FEASTS = (2, 6, 11)  #: months in which families go above the limit with their companion by themselves


def floating_shop(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A shop's boat calls twice a month at a Mahakam village without a road, and serves who waits on the landing.

    Honest: prices and baskets are as everywhere, other families and another order each time, nobody empties the card,
    and the same families also buy at their own shops in the same months.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    village = _of_one_kelurahan(draft, random, strangers(draft, random, shop, far=True), least=10)
    village = some(random, village, between(12, 24, how))
    calls = np.sort(random.choice(np.arange(2, 20), 2, replace=False))
    for month in months(random, 2, 8):
        waiting = random.permutation(earliest(draft, part(random, village, between(0.6, 0.85, how)), month))
        for call, rows in zip(calls.tolist(), np.array_split(waiting, 2), strict=True):
            start = int((MONTH_STARTS[month] + call + random.integers(0, 3)) * DAY)
            start += int(draft.hour(shop, random.uniform(0.1, 0.5)))
            sitting(draft, random, rows, shop, start, (between(110, 55, how), between(260, 170, how)))
            draft.claim(rows, label, actor)


def _of_one_kelurahan(draft: Draft, random: np.random.Generator, families: Ints, *, least: int) -> Ints:
    """Those of one kelurahan with so many of them, or of the largest."""
    where = draft.population.families.kelurahan[families]
    found, count = np.unique(where, return_counts=True)
    enough = found[count >= min(least, count.max())]
    found_there: Ints = families[where == random.choice(enough)]
    return found_there


def sunday_market(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The shop stands at the Sunday market, where its neighbours come between dawn prayer and noon, queueing.

    Honest: only on Sundays, at each another part of the shop's own neighbours, who are there once, with baskets of
    every size at the list price; on other days the shop is like any.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    people = customers(draft, shop)
    for month in months(random, 1, 9):
        rows = random.permutation(earliest(draft, part(random, people, between(0.55, 0.85, how)), month))
        for which, queue in enumerate(np.array_split(rows, 2)):
            day = MONTH_STARTS[month] + weekday(month, 2 * which, 6)
            start = int(day * DAY + draft.hour(shop, random.uniform(0.02, 0.15)))
            sitting(draft, random, queue, shop, start, (40, between(420, 240, how)))
            draft.claim(queue, label, actor)


def flood_refuge(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The Karang Mumus stands in another shop for months, and its families come to the one on the dry side.

    Honest: they are customers of one other shop, which sells little in those months, each with the baskets and on the
    days of always; afterwards they are back.
    """
    shop, label = actor.place, label_of(draft, actor)
    homes = draft.population.families.home
    wet = int(random.choice(homes[strangers(draft, random, shop, far=False)]))
    others = regular_at(draft, wet)
    first = int(random.integers(0, 7))
    for month in range(first, first + int(random.integers(4, 6))):
        for card in others.tolist():
            rows = draft.in_month(draft.of_card(card), month)
            rows = rows[draft.visits["terminal"][rows] == wet + 1]
            draft.visits["terminal"][rows] = shop + 1
            draft.claim(rows, label, actor)


def hospital_gate(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The shop by the hospital: who tends somebody there buys there, from everywhere in the city.

    Honest: every month other families, of all kelurahan, each once or for a month, at list prices and any hour of the
    open ones; none comes again and again.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    visitors = some(random, strangers(draft, random, shop, far=True), between(32, 48, how))
    stay = months(random, 1, 10)
    for card in visitors.tolist():
        month = int(random.choice(np.array(stay)))
        rows = draft.in_month(draft.of_card(card), month)
        draft.visits["terminal"][rows] = shop + 1
        draft.claim(rows, label, actor)


def companion_walks_along(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A companion walks with her old and unlettered families to the shop once a month, and helps them with the PIN.

    Honest: six or seven, all hers, at the shop where they buy anyway, minutes apart, each with another basket, in
    another order; they buy the rest alone, and her signature is as rare as others'.
    """
    how, label = boldness(random), label_of(draft, actor)
    families = regular_of(draft, actor.place)
    homes = draft.population.families.home[families]
    shop = int(np.bincount(homes).argmax())
    day = int(random.integers(2, 12))
    for month in [one for one in months(random, 2, 9) if one not in _FEASTS]:
        rows = random.permutation(earliest(draft, families, month))
        at = int((MONTH_STARTS[month] + day + random.integers(0, 4)) * DAY + draft.hour(shop, random.uniform(0.1, 0.6)))
        sitting(draft, random, rows, shop, at, (between(120, 70, how), between(420, 260, how)), given=True)
        draft.claim(rows, label, actor)


def carries_for_the_old(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A young neighbour carries the cards of three or four old people of her lane, with a list from each.

    Honest: one lane's few cards at the shop next door, on another day each month, each with its own basket, as
    large as its owner told; her own card is among them, and children buy with the old people's elsewhere at times.
    """
    how, label = boldness(random), label_of(draft, actor)
    shop = int(draft.population.families.home[actor.place])
    lane = regular_at(draft, shop)
    lane = lane[lane != actor.place]
    cards = np.r_[actor.place, some(random, lane, between(3, 4.4, how))]
    for month in months(random, 2, 9):
        rows = random.permutation(earliest(draft, cards, month))
        at = int(moment(draft, random, month, (1, 15), shop))
        sitting(draft, random, rows, shop, at, (between(90, 50, how), between(300, 180, how)))
        draft.claim(rows, label, actor)


def after_the_shift(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The neighbours work in the coal barges' and mines' day shift, and the shop serves them when the bus is back.

    Honest: the shop's own neighbours, at sums that are not round, some of them each evening within two hours of the
    bus; on free days the same families come by day.
    """
    shop, how, label = actor.place, boldness(random), label_of(draft, actor)
    workers = some(random, customers(draft, shop), between(8, 13, how))
    bus = int(draft.population.places.shut[shop]) + 50 * MINUTE
    for month in months(random, 2, 9):
        for card in workers.tolist():
            rows = draft.in_month(draft.of_card(card), month)
            rows = part(random, rows[draft.visits["terminal"][rows] == shop + 1], 0.75)
            day = draft.visits["real"][rows] // DAY
            move(draft, rows, shop, day * DAY + bus + random.integers(0, 3 * HOUR // 2, len(rows)))
            draft.claim(rows, label, actor)
