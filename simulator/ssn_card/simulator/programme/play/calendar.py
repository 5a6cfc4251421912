# SPDX-License-Identifier: Apache-2.0
"""Moments of a script, seconds since 1970, as cards keep them: dates as numbers, times in BCD."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ssn_card.simulator.year.fields import BCD, DAYS, Ints, Octets

_DAY = 86_400
_BEFORE_2000 = (2000 - 1970) * 12


def date_numbers(days: NDArray[np.generic]) -> Ints:
    """Dates (:data:`ssn_card.simulator.year.fields.DAYS`) of days since 1970."""
    dates = days.astype("datetime64[D]")
    months = dates.astype("datetime64[M]")
    numbers: Ints = 1 + months.astype(np.int64) - _BEFORE_2000
    numbers = numbers * DAYS + 1 + (dates - months.astype("datetime64[D]")).astype(np.int64)
    return numbers


def day_of(seconds: NDArray[np.int64]) -> Ints:
    """Days since 1970 of moments."""
    days: Ints = seconds // _DAY
    return days


def clock_times(seconds: NDArray[np.int64]) -> Octets:
    """Hours, minutes and seconds in BCD, uint8 (n, 3), of moments."""
    rest = seconds % _DAY
    times: Octets = np.stack((BCD[rest // 3600], BCD[rest // 60 % 60], BCD[rest % 60]), axis=1)
    return times
