# SPDX-License-Identifier: Apache-2.0
"""What shops buy of suppliers: twice a month, before it is sold, with something over for customers without a card."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ssn_card.receipts import Basket

from .calendar import DAY, MONTH_STARTS, MONTHS, Ints, month_in_year
from .columns import days, texts
from .draft import Draft
from .events import Fault, Step
from .goods import CODES
from .settle import SettledYear

_HALVES: Final = 2 * MONTHS
_SECOND: Final = 15  #: days: the second half of a month begins behind them
_MARGIN: Final = (1.04, 1.30)  #: bought for what is sold to cards
_WHOLESALE: Final = (0.86, 0.95)  #: of the city's price


def invoices(draft: Draft, settled: SettledYear, baskets: tuple[Basket, ...], random: np.random.Generator) -> pa.Table:
    """Rows of invoices.csv. What was never bought, though it was claimed, is missing."""
    sold = _sold(draft, settled, baskets)
    shops = len(sold)
    bought = np.ceil(sold * random.uniform(*_MARGIN, sold.shape)).astype(np.int64)
    shop, half, staple = np.nonzero(bought)
    order = np.lexsort((staple, half, shop))
    shop, half, staple = shop[order], half[order], staple[order]
    late = np.array([draft.late_stock.get(one, 0) for one in range(shops)])
    begins = MONTH_STARTS[half // 2] + _SECOND * (half % 2)
    day = begins - random.integers(1, 4, (shops, _HALVES))[shop, half] + late[shop]
    quantity = bought[shop, half, staple]
    price = draft.goods.prices.city[half // 2, staple] * random.uniform(*_WHOLESALE, len(shop))
    ids = np.array([one.id for one in draft.population.places.shops])
    numbers = np.char.add(np.char.add(ids[shop], "-"), np.char.zfill((half + 1).astype(str), 2))
    return pa.table(
        {
            "id_ewarong": texts(ids[shop]),
            "invoice": texts(numbers),
            "bought_on": days(day),
            "code": texts(np.array(CODES)[staple]),
            "quantity": pa.array(quantity),
            "amount_rp": pa.array((price * quantity / 100).round().astype(np.int64) * 100),
        }
    )


def _sold(draft: Draft, settled: SettledYear, baskets: tuple[Basket, ...]) -> Ints:
    """Goods that were bought to be sold, (shop, half month, staple): an own stock, not the events' clock."""
    events, visits = settled.events, draft.visits[settled.row]
    which = (events["step"] == Step.DEBIT) & (events["fault"] != Fault.TORN) & visits["stocked"]
    amounts = _amounts(baskets)
    day = visits["real"][which] // DAY
    month = month_in_year(day)
    half = month * 2 + (day - MONTH_STARTS[month] >= _SECOND)
    shops = len(draft.population.places.shops)
    place = (events["terminal"][which].astype(np.int64) - 1) * _HALVES + half
    basket = events["basket"][which]
    sold = [np.bincount(place, amounts[basket, one], shops * _HALVES) for one in range(len(CODES))]
    return np.stack(sold, axis=1).astype(np.int64).reshape(shops, _HALVES, len(CODES))


def _amounts(baskets: tuple[Basket, ...]) -> NDArray[np.int64]:
    amounts = np.zeros((len(baskets), len(CODES)), np.int64)
    for number, basket in enumerate(baskets):
        for item in basket.items:
            amounts[number, CODES.index(item.staple)] += item.quantity
    return amounts
