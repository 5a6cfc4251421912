# SPDX-License-Identifier: Apache-2.0
"""MACs of a receipt of each of many cards: by the processor's AES instructions, or one by one where it has none."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ssn_card.audit.engine import choose
from ssn_card.audit.wanted import Wanted
from ssn_card.protocol.crypto import SecretKey

from .fields import SIGNED, Ints, Octets


class CardMacs(Protocol):
    """One RECEIPT key a card."""

    def replace(self, who: Ints, keys: Octets) -> None:
        """Other keys, (k, 16), for some cards."""

    def of(self, rows: Octets) -> NDArray[np.uint64]:
        """The MAC of each row, (n, 88) and contiguous, each under its card's key: eight bytes as one number."""


def card_macs(keys: Octets) -> CardMacs:
    """The quickest for these keys, (n, 16)."""
    return _Compiled(keys) if choose().name == Wanted.KERNEL else _OneByOne(keys)


class _Compiled:
    def __init__(self, keys: Octets) -> None:
        from ssn_card.audit.kernel import aes  # only where numba is, which compiles it

        self._aes = aes
        self._each = np.arange(len(keys))
        self._schedules = aes.expanded(keys)

    def replace(self, who: Ints, keys: Octets) -> None:
        self._schedules[who] = self._aes.expanded(keys)

    def of(self, rows: Octets) -> NDArray[np.uint64]:
        whole: Octets = self._aes.macs(rows, self._schedules, self._each)
        return whole.view(np.uint64)[:, 0]


class _OneByOne:
    def __init__(self, keys: Octets) -> None:
        self._keys = [SecretKey(key.tobytes()) for key in keys]

    def replace(self, who: Ints, keys: Octets) -> None:
        for card, key in zip(who.tolist(), keys, strict=True):
            self._keys[card] = SecretKey(key.tobytes())

    def of(self, rows: Octets) -> NDArray[np.uint64]:
        macs = (key.mac8(row[:SIGNED].tobytes()) for key, row in zip(self._keys, rows, strict=True))
        return np.frombuffer(b"".join(macs), np.uint64)
