# SPDX-License-Identifier: Apache-2.0
"""Events by their terminal, for whoever asks for a few of thousands."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.intp]


class AtTerminals:
    """Places of events by their terminal."""

    def __init__(self, events: NDArray[np.void]) -> None:
        terminals = events["terminal"]
        self._order = np.argsort(terminals, kind="stable")
        self._sorted = terminals[self._order]

    def of(self, terminal: int) -> Places:
        """Those at one."""
        first, last = np.searchsorted(self._sorted, np.array([terminal, terminal + 1], self._sorted.dtype))
        return self._order[first:last]
