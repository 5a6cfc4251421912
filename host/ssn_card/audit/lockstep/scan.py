# SPDX-License-Identifier: Apache-2.0
"""What is carried from row to row of a card, found for all rows at once."""

from __future__ import annotations

import numpy as np

from .fields import Bools, Ints, Places

#: Beyond any sum of amounts that fits into memory.
OPEN = 1 << 60


def latest(event: Bools) -> Places:
    """The newest row with an event, up to and with each row; -1: none."""
    rows = np.arange(len(event))
    rows[~event] = -1
    return np.maximum.accumulate(rows)


def settled(add: Ints, least: Ints, most: Ints) -> Ints:
    """The value behind each of a run of steps ``min(max(value + add, least), most)``.

    One of those steps behind another is such a step again, and one with ``least == most`` forgets what was before. So
    each is put together with the one before, then with what these have come to two before, four, eight, until all have
    forgotten: as many rounds as the longest run has binary digits. Where a run begins, the step must forget.
    """
    add, least, most = add.copy(), least.copy(), most.copy()
    step = 1
    while len(rows := np.flatnonzero(least != most)):
        before, low, high, more = rows - step, least[rows], most[rows], add[rows]
        least[rows], most[rows], add[rows] = (
            np.clip(least[before] + more, low, high),
            np.clip(most[before] + more, low, high),
            add[before] + more,
        )
        step *= 2
    return least
