# SPDX-License-Identifier: Apache-2.0
"""Honest: shops whose invoices say less, or later, than what lay on the shelf."""

from __future__ import annotations

from typing import Final

import numpy as np

from ...plan.bags import heap
from ...plan.calendar import MONTH_STARTS, MONTHS
from ...plan.draft import Actor, Draft
from ...plan.goods import CHICKEN, EGGS
from ...plan.scheme import Scheme
from ...plan.ways import between, boldness, days_of, mine, part, shops_with
from .ledger import any_of, ask_as_before, sales

_HALF: Final = 15  #: days: the second delivery of a month


def _keepers_yard(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """Eggs and cockerels of the keeper's own yard, for which no supplier writes an invoice."""
    shop, how = actor.place, boldness(random)
    goods = np.array([EGGS, CHICKEN])
    for month in range(MONTHS):
        rows = part(random, sales(draft, shop, month), between(0.14, 0.3, how))
        prices, sums = draft.goods.price(shop, month), np.sort(random.integers(24_000, 190_000, 12))
        shares = random.integers(45, 100, len(sums))
        baskets = [heap(prices, int(one), goods, np.array([e, 100 - e])) for one, e in zip(sums, shares, strict=True)]
        ask_as_before(draft, random, rows, any_of(draft, baskets))
        draft.visits["stocked"][rows] = False
        mine(draft, actor, rows)


def _brothers_invoice(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """For some weeks the stock comes with a brother's lorry, and stands on the brother's invoices."""
    shop, how = actor.place, boldness(random)
    first = int(random.integers(1, 9))
    for month in range(first, first + int(random.integers(2, 4))):
        rows = part(random, sales(draft, shop, month), between(0.4, 0.75, how))
        draft.visits["stocked"][rows] = False
        mine(draft, actor, rows)


def _paper_comes_later(draft: Draft, actor: Actor, random: np.random.Generator) -> None:
    """The wholesaler unloads on trust, and dates the paper when he comes by for the money."""
    shop, late = actor.place, int(random.integers(3, 7))
    draft.late_stock[shop] = late
    for month in range(MONTHS):
        rows = sales(draft, shop, month)
        behind = (days_of(draft, rows) - MONTH_STARTS[month]) % _HALF
        mine(draft, actor, rows[behind < late - 1])


STOCK: Final = (
    Scheme("lookalike-keepers-yard", "shop", ("A14",), 1, shops_with(14), _keepers_yard, honest=True),
    Scheme("lookalike-brothers-invoice", "shop", ("A14",), 1, shops_with(14), _brothers_invoice, honest=True),
    Scheme("lookalike-paper-comes-later", "shop", ("A6",), 1, shops_with(14), _paper_comes_later, honest=True),
)
