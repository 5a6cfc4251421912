# SPDX-License-Identifier: Apache-2.0
"""Who buys where: the only stall on a bank, a closed bridge, a hospital, a foster kitchen, a boy with a bicycle."""

from __future__ import annotations

import numpy as np

from ....plan.bags import heap
from ....plan.calendar import DAY
from ....plan.draft import Actor, Draft
from ....plan.goods import CHICKEN, EGGS, OIL, RICE
from ....plan.scheme import Scheme
from ....plan.ways import (
    between,
    boldness,
    days_of,
    earliest,
    errands,
    firsts,
    in_turn,
    mine,
    move,
    part,
    regular_at,
    shops_with,
    some,
    strangers,
)
from ..manners import certain, morning, season, shops_and_strangers, wants


def _only_stall(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """There is no other on this side of the river, and the crossing costs more than a tin of milk."""
    shop = actor.place
    for card in some(random, regular_at(draft, shop), between(9, 14, boldness(random))).tolist():
        for month in range(12):
            rows = errands(draft, card, month)
            away = rows[draft.visits["terminal"][rows] != shop + 1]
            at = days_of(draft, away) * DAY + draft.hour(shop, random.random(len(away)))
            move(draft, away, shop, np.sort(at))
            mine(draft, actor, rows)


def _bridge(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The bridge is closed for repair: for some on its far side the next stall is now one in another kecamatan."""
    shop = actor.place
    away = strangers(draft, shop)
    home = draft.population.families.home[away]
    count = np.bincount(home)
    bank = away[home == int(random.choice(np.flatnonzero(count >= min(8, count.max()))))]
    first = int(random.integers(0, 8))
    for card in some(random, bank, between(7, 13, boldness(random))).tolist():
        for month in range(first, first + int(random.integers(2, 5))):
            rows = part(random, errands(draft, card, month), 0.75)
            move(draft, rows, shop, days_of(draft, rows) * DAY + np.sort(draft.hour(shop, random.random(len(rows)))))
            mine(draft, actor, rows)
    certain(draft, actor, shop)


def _hospital(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Who has somebody in the wards buys across the street, whatever end of the city he lives in."""
    how, shop = boldness(random), actor.place
    for card in some(random, strangers(draft, shop), between(18, 32, how)).tolist():
        first = int(random.integers(0, 12))
        for month in range(first, min(12, first + int(random.integers(1, 4)))):
            rows = earliest(draft, [card], month)
            move(draft, rows, shop, days_of(draft, rows) * DAY + draft.hour(shop, random.random(len(rows))))
            mine(draft, actor, rows)
    certain(draft, actor, shop)


def _children(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Families who keep foster children cook together; the matron and the boys come for it with all their cards."""
    how, shop = boldness(random), actor.place
    cards = some(random, regular_at(draft, shop), between(4, 7, how))
    for month in season(random, how, 2, 8):
        prices, bags = draft.goods.price(shop, month), []
        for size in random.integers(190_000, 298_000, 5).tolist():
            third = int(random.choice([OIL, CHICKEN]))
            bags.append(heap(prices, size, np.array([RICE, EGGS, third]), np.array([55, 25, 19])))
        rows = random.permutation(firsts(draft, part(random, cards, 0.92), month))
        begin = morning(draft, shop, month, int(random.integers(1, 9)), random.uniform(0.1, 0.8))
        move(draft, rows, shop, in_turn(random, begin, len(rows), (100, 360)))
        wants(draft, rows, draft.goods.add_menu(bags, 3), 1.0)
        mine(draft, actor, rows)


def _bicycle(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """A boy of the alley takes the cards of old neighbours along, two or five at a time, and carries it all home."""
    how, shop = boldness(random), actor.place
    cards = some(random, regular_at(draft, shop), between(5, 9, how))
    for month in season(random, how, 3, 7):
        rows = random.permutation(earliest(draft, part(random, cards, 0.85), month))
        for trip, group in enumerate(np.array_split(rows, 2)):
            begin = morning(draft, shop, month, 7 * trip + int(random.integers(0, 6)), random.uniform(0.1, 0.85))
            move(draft, group, shop, in_turn(random, begin, len(group), (90, 400)))
            mine(draft, actor, group)


SCHEMES = (
    Scheme("lookalike-this-side-of-the-river", "shop", ("A7",), 1, shops_with(12), _only_stall, honest=True),
    Scheme("lookalike-closed-bridge", "shop", ("A7", "A16"), 1, shops_and_strangers(12), _bridge, honest=True),
    Scheme("lookalike-across-from-the-wards", "shop", ("A16",), 1, shops_and_strangers(12), _hospital, honest=True),
    Scheme("lookalike-foster-kitchen", "shop", ("A4", "A8"), 1, shops_with(12), _children, honest=True),
    Scheme("lookalike-boy-with-a-bicycle", "shop", ("A4", "A7"), 1, shops_with(12), _bicycle, honest=True),
)
