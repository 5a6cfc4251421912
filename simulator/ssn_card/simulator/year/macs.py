# SPDX-License-Identifier: Apache-2.0
"""MACs of a receipt of each of many cards: by the processor's AES instructions, or one by one where it has none."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ssn_card.audit.kernel import aes
from ssn_card.protocol.crypto import SecretKey

from .fields import SIGNED, Ints, Octets


class CardMacs:
    """One RECEIPT key a card."""

    def __init__(self, keys: Octets) -> None:
        """``keys``: (n, 16)."""
        self._fast = aes.available() is None
        self._each = np.arange(len(keys))
        self._schedules = aes.expanded(keys) if self._fast else keys.copy()

    def replace(self, who: Ints, keys: Octets) -> None:
        """Other keys for some cards."""
        self._schedules[who] = aes.expanded(keys) if self._fast else keys

    def of(self, rows: Octets) -> NDArray[np.uint64]:
        """The MAC of each row, (n, 88) and contiguous, each under its card's key: eight bytes as one number."""
        if self._fast:
            whole: Octets = aes.macs(rows, self._schedules, self._each)
            return whole.view(np.uint64)[:, 0]
        pairs = zip(self._schedules, rows, strict=True)
        macs = b"".join(SecretKey(key.tobytes()).mac8(row[:SIGNED].tobytes()) for key, row in pairs)
        return np.frombuffer(macs, np.uint64)
