# SPDX-License-Identifier: Apache-2.0
"""Honest people whom a careless rule takes for fraud, as the rules have met them, a scheme a file."""

from __future__ import annotations

from typing import Final

from ....plan.scheme import Scheme
from . import (
    always_the_same,
    careless,
    ill_child,
    led_group,
    market_day,
    neighbour,
    new_shop,
    only_shop,
    ramadan,
    whole_thousands,
)

HONEST: Final[tuple[Scheme, ...]] = (
    new_shop.SCHEME,
    only_shop.SCHEME,
    market_day.SCHEME,
    whole_thousands.SCHEME,
    ramadan.SCHEME,
    led_group.SCHEME,
    neighbour.SCHEME,
    always_the_same.SCHEME,
    ill_child.SCHEME,
    careless.SCHEME,
)
