# SPDX-License-Identifier: Apache-2.0
"""Baskets to choose from: the shipped staples at prices around those of the table."""

from __future__ import annotations

import numpy as np

from ssn_card.programme.staple import load_staples
from ssn_card.receipts import Basket

from .fields import Ints

_STEP = 100  #: rupiah: prices are whole hundreds
_MOST = 12  #: of one kind of goods


class Assortment:
    """Baskets, the cheapest first.

    ``totals``, ``categories``: (n,); ``digests``: uint64 (n, 2).
    """

    def __init__(self, count: int, random: np.random.Generator) -> None:
        staples = tuple(load_staples())
        drawn = sorted((_drawn(staples, random) for _ in range(count)), key=lambda one: one.total)
        self.baskets: tuple[Basket, ...] = tuple(drawn)
        self.totals = np.array([one.total for one in drawn], np.int64)
        self.categories = np.array([one.categories for one in drawn], np.int64)
        self.digests = np.frombuffer(b"".join(one.digest() for one in drawn), np.uint64).reshape(-1, 2)
        self._up_to = np.searchsorted(self.totals, np.arange(0, self.totals[-1] + 2 * _STEP, _STEP), side="right")

    def up_to(self, rupiah: Ints) -> Ints:
        """How many of the baskets cost no more; none where that is less than nothing."""
        return self._up_to[np.clip(rupiah // _STEP, 0, len(self._up_to) - 1)]


def _drawn(staples: tuple, random: np.random.Generator) -> Basket:  # type: ignore[type-arg]
    chosen = random.choice(len(staples), size=int(random.integers(1, 4)), replace=False)
    items = []
    for number in sorted(chosen):
        staple, quantity = staples[number], int(random.integers(1, _MOST))
        price = int(staple.reference_price * random.uniform(0.85, 1.2)) * quantity
        items.append((staple.code, quantity, max(_STEP, price // _STEP * _STEP)))
    return Basket.of(*items)
