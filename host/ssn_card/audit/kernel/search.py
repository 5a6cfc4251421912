# SPDX-License-Identifier: Apache-2.0
"""Which single byte of a receipt was changed: every other value of every byte tried, by the compiled AES.

Some 20,000 MACs, as :mod:`ssn_card.receipts.diagnosis` does one by one.
"""

from __future__ import annotations

import numpy as np

from ssn_card.protocol.crypto import SecretKey
from ssn_card.receipts import Receipt
from ssn_card.receipts.receipt import MAC_OFFSET

from ..rows import SIZE
from .aes import BLOCK, expanded, macs
from .compiled import compiled

_VALUES = 256


@compiled
def _changed(raw, schedules):
    """Offset of the byte under another value of which the MAC is right, or -1."""
    tried = np.empty((_VALUES, SIZE), np.uint8)
    key_of = np.zeros(_VALUES, np.int64)
    for value in range(_VALUES):
        tried[value] = raw
    for offset in range(MAC_OFFSET):
        for value in range(_VALUES):
            tried[value, offset] = value
        found = macs(tried, schedules, key_of)
        for value in range(_VALUES):
            different = 0
            for at in range(SIZE - MAC_OFFSET):
                different |= found[value, at] ^ raw[MAC_OFFSET + at]
            if different == 0:
                return offset
        for value in range(_VALUES):
            tried[value, offset] = raw[offset]
    return -1


def single_byte(receipt: Receipt, key: SecretKey) -> int | None:
    """A :data:`ssn_card.receipts.diagnosis.ByteSearch`."""
    raw = np.frombuffer(receipt.raw, np.uint8)
    schedules = expanded(np.frombuffer(key.value(), np.uint8).reshape(1, BLOCK))
    offset = _changed(raw, schedules)
    schedules.fill(0)
    return None if offset < 0 else offset
