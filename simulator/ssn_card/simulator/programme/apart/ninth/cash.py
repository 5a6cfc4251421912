# SPDX-License-Identifier: Apache-2.0
"""Money over the counter in the place of goods."""

from __future__ import annotations

from typing import Final

import numpy as np

from ssn_card.receipts import Basket

from ...plan.bags import exact
from ...plan.calendar import MINUTE, Ints
from ...plan.draft import Actor, Draft
from ...plan.goods import CHICKEN, FISH, MILK, OIL, RICE, SUGAR, priced
from ...plan.scheme import Scheme
from ...plan.ways import (
    between,
    boldness,
    firsts,
    mine,
    moment,
    months,
    move,
    regular_at,
    shops_with,
    some,
    strangers,
)
from .ledger import any_of, ask, same_day

_WINDOW: Final = (200_000, 250_000, 300_000, 300_000)  #: what is wanted in money, before the keeper's part of it
_PAIRS: Final = ((RICE, OIL), (RICE, SUGAR), (RICE, MILK), (OIL, FISH), (CHICKEN, MILK), (SUGAR, FISH))
_TICKETS: Final = (50_000, 75_000, 100_000, 100_000, 100_000, 120_000)
_ODD: Final = 3_700  #: rupiah by which a keeper who has heard of audits misses the round sum


def _typed(random: np.random.Generator, prices: Ints, rupiah: int, how: float) -> Basket:
    """What the keeper types to make the sum: two kinds of goods only, or a list that looks better."""
    if random.random() < between(0.35, 0.8, how):
        goods, share = _PAIRS[int(random.integers(len(_PAIRS)))], int(random.integers(50, 88))
        return _two_lines(prices, rupiah, goods, share)
    return exact(random, prices, rupiah - (0 if random.random() < how else int(random.integers(0, _ODD))))


def _two_lines(prices: Ints, rupiah: int, goods: tuple[int, int], share: int) -> Basket:
    """Exactly so much of two kinds of goods; the first, which is most of it, takes what does not divide."""
    amounts, lines = np.zeros(len(prices), np.int64), np.zeros(len(prices), np.int64)
    much, little = goods
    amounts[little] = max(1, rupiah * (100 - share) // 100 // prices[little])
    lines[little] = amounts[little] * prices[little]
    lines[much] = rupiah - lines[little]
    amounts[much] = max(1, round(lines[much] / prices[much]))
    return priced(amounts, lines)


def _cash_window(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Eighty for a hundred, from the drawer; word of it goes round, and people come from elsewhere, too."""
    shop, how = actor.place, boldness(random)
    own = some(random, regular_at(draft, shop), between(8, 14, how))
    cards = np.concatenate((own, some(random, strangers(draft, shop), between(5, 12, how))))
    regular = random.beta(3, 2, len(cards))  # some come nearly each month, some twice a year
    for month in months(random, 2, 7):
        coming = cards[random.random(len(cards)) < regular]
        rows = firsts(draft, coming, month)
        if not len(rows):
            continue
        prices = draft.goods.price(shop, month)
        sums = random.choice(_WINDOW, 14)
        menu = any_of(draft, [_typed(random, prices, int(one), how) for one in sums])
        early = random.random(len(rows)) < 0.7
        shops = np.full(len(rows), shop)
        at = np.where(early, moment(draft, random, month, (0, 9), shops), moment(draft, random, month, (9, 28), shops))
        move(draft, rows, shop, at, given=True, stocked=random.random(len(rows)) > between(0.7, 0.95, how))
        ask(draft, rows, menu)
        mine(draft, actor, rows)


def _split_ticket(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Cash as well, but in slips so small that nobody at the bank reads them: two to four of them a customer."""
    shop, how = actor.place, boldness(random)
    cards = some(random, regular_at(draft, shop), between(7, 11, how))
    for month in months(random, 3, 6):
        rows = firsts(draft, cards[random.random(len(cards)) < between(0.4, 0.6, how)], month)
        prices = draft.goods.price(shop, month)
        menu = any_of(draft, [exact(random, prices, int(one)) for one in random.permutation(_TICKETS)])
        for row in rows.tolist():
            first = np.array([row])
            start = int(same_day(draft, first, draft.hour(shop, random.uniform(0.05, 0.6)))[0])
            gaps = random.integers(1 * MINUTE, 32 * MINUTE, int(random.integers(1, 4)))
            if random.random() > how:  # sends the customer for a walk
                gaps[-1] += int(random.integers(60 * MINUTE, 150 * MINUTE))
            move(draft, first, shop, start, given=True, stocked=False)
            ask(draft, first, menu)
            card = int(draft.visits["card"][row])
            more = draft.add(
                np.full(len(gaps), card), start + np.cumsum(gaps), shop, given=True, stocked=random.random() < 0.2
            )
            ask(draft, more, menu)
            mine(draft, actor, np.concatenate((first, more)))


CASH: Final = (
    Scheme("fraud-cash-window", "shop", ("A2", "A8", "A14"), 1, shops_with(12), _cash_window),
    Scheme("fraud-split-ticket", "shop", ("A1", "A2"), 1, shops_with(10), _split_ticket),
)
