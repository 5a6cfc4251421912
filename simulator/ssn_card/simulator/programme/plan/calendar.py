# SPDX-License-Identifier: Apache-2.0
"""The year of the plan: days are whole numbers since 1970, moments seconds since 1970, both local (WITA)."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]

YEAR: Final = 2026
MONTHS: Final = 12
DAY: Final = 86_400  #: seconds
HOUR: Final = 3_600
MINUTE: Final = 60
NEVER: Final = -1  #: in the place of a day


def day_of(date: dt.date) -> int:
    """Number of a day."""
    return (date - dt.date(1970, 1, 1)).days


def date_of(day: int) -> dt.date:
    """The day of a number."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(day))


FIRST: Final = day_of(dt.date(YEAR, 1, 1))
LAST: Final = day_of(dt.date(YEAR, 12, 31))
#: First day of each month, and of the one after the last.
MONTH_STARTS: Final[Ints] = np.array([day_of(dt.date(YEAR + m // 12, m % 12 + 1, 1)) for m in range(MONTHS + 1)])
MONTH_LENGTHS: Final[Ints] = np.diff(MONTH_STARTS)


def month_in_year(days: Any) -> Any:
    """Place of the month of each day, 0 for January; of a day outside of the year the nearest."""
    return np.clip(np.searchsorted(MONTH_STARTS, days, side="right") - 1, 0, MONTHS - 1)
