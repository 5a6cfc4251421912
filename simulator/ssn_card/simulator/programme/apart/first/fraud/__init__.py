# SPDX-License-Identifier: Apache-2.0
"""Fraud that the rules have met, a scheme a file: six shops and a companion, then what is rarer, a few of each."""

from __future__ import annotations

from typing import Final

from ....plan.scheme import Scheme
from . import (
    after_hours,
    bought_far_away,
    cash_for_cards,
    collected_cards,
    credit_collected,
    kept_back,
    lost_again,
    made_up_sales,
    one_bag,
    other_goods,
    paid_before_goods,
    second_swipe,
    sold_favours,
)

FRAUD: Final[tuple[Scheme, ...]] = (
    collected_cards.SCHEME,
    cash_for_cards.SCHEME,
    one_bag.SCHEME,
    paid_before_goods.SCHEME,
    kept_back.SCHEME,
    sold_favours.SCHEME,
    second_swipe.SCHEME,
    made_up_sales.SCHEME,
    credit_collected.SCHEME,
    other_goods.SCHEME,
    after_hours.SCHEME,
    bought_far_away.SCHEME,
    lost_again.SCHEME,
)
