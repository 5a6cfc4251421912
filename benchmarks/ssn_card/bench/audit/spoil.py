# SPDX-License-Identifier: Apache-2.0
"""A few faults among many receipts, for speed: engines that pay for each of them shall pay here too."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssn_card.audit.rows import Raw
from ssn_card.protocol.layouts import RECEIPT

#: Where a bit may be turned without putting the receipt elsewhere among the sorted ones.
_PLACES = np.array(
    [
        at
        for field in RECEIPT.fields
        if field.name not in ("seq", "serial")
        for at in range(RECEIPT.offset(field.name), RECEIPT.offset(field.name) + field.size)
    ]
)


class Spoiled(NamedTuple):
    """``raw``: receipts; ``which``: of which row each was made."""

    raw: Raw
    which: NDArray[np.intp]


def spoiled(raw: Raw, share: float, random: np.random.Generator) -> Spoiled:
    """Sorted receipts of which that share is wrong: a third each with a bit turned, left out and handed in twice."""
    chosen: NDArray[np.intp] = np.flatnonzero(random.random(len(raw)) < share)
    turned, left_out, doubled = (chosen[kind::3] for kind in range(3))
    changed = raw.copy()
    changed[turned, random.choice(_PLACES, len(turned))] ^= np.uint8(1) << random.integers(0, 8, len(turned), np.uint8)
    times = np.ones(len(raw), np.int64)
    times[left_out], times[doubled] = 0, 2
    which = np.arange(len(raw)).repeat(times)
    return Spoiled(changed[which], which)
