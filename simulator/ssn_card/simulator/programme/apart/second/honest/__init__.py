# SPDX-License-Identifier: Apache-2.0
"""Honest people of the second year that was met whom a careless rule takes for fraud, a scheme a file."""

from __future__ import annotations

from typing import Final

from ....plan.scheme import Scheme
from . import (
    at_the_bedside,
    boat_day,
    carer,
    every_other_month,
    flood,
    house_on_stilts,
    laid_ready,
    near_work,
    pickup,
    saturday,
    small_sets,
    two_trips,
    written_later,
)

HONEST: Final[tuple[Scheme, ...]] = (
    carer.SCHEME,
    saturday.SCHEME,
    laid_ready.SCHEME,
    small_sets.SCHEME,
    boat_day.SCHEME,
    at_the_bedside.SCHEME,
    pickup.SCHEME,
    flood.SCHEME,
    near_work.SCHEME,
    two_trips.SCHEME,
    every_other_month.SCHEME,
    house_on_stilts.SCHEME,
    written_later.SCHEME,
)
