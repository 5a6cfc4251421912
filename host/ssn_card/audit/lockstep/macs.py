# SPDX-License-Identifier: Apache-2.0
"""AES-CMAC of many receipts: block by block over all of them, for each card one call of ``cryptography`` a block.

NIST SP 800-38B, section 6.2. A receipt's first 80 bytes are whole blocks, so that only the subkey K1 is needed.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from numpy.typing import NDArray

from ssn_card.protocol.crypto import BLOCK, MAC_LENGTH
from ssn_card.protocol.layouts import RECEIPT

from ..rows import SIZE, Raw
from .fields import Bools

_MAC = RECEIPT.offset("mac")
_BLOCKS = _MAC // BLOCK
_ECB = modes.ECB()  # noqa: S305 the block cipher alone, of which CMAC is made here
_RB = 0x87  #: SP 800-38B, section 5.3
_BIG_ENDIAN = np.dtype(">u8")
_ZERO = memoryview(bytes(BLOCK))

_Halves = NDArray[np.uint64]  #: (…, 2): blocks


def genuine(raw: Raw, keys: Raw, key_of: NDArray[np.int32]) -> Bools:
    """Whether the MAC of each receipt is right; all of them are compared, to their last byte.

    Args:
        raw: uint8 (n, 88), contiguous.
        keys: uint8 (k, 16).
        key_of: (n,), the key of each, from 0; the fewer changes from row to row, the faster.
    """
    ends = np.append(np.flatnonzero(np.diff(key_of)) + 1, len(raw)).tolist()
    runs = list(zip([0, *ends[:-1]], ends, strict=True)) if len(raw) else []
    used = keys[key_of[[start for start, _ in runs]]] if runs else keys[:0]
    ciphers = [Cipher(algorithms.AES(key.tobytes()), _ECB).encryptor().update_into for key in used]
    # The library wants room for a block more than it writes.
    state, chained = (np.zeros((len(raw) + 1, 2), np.uint64) for _ in range(2))
    subkeys = _subkeys(ciphers).repeat([end - start for start, end in runs], axis=0)
    blocks = np.ndarray((len(raw), _BLOCKS), np.complex128, raw, strides=(SIZE, BLOCK))  # 16 bytes each, only copied
    before, behind = (memoryview(one.view(np.uint8).reshape(-1)) for one in (chained, state))
    for block in range(_BLOCKS):
        chained[:-1] = np.ascontiguousarray(blocks[:, block]).view(np.uint64).reshape(-1, 2)
        chained ^= state
        if block == _BLOCKS - 1:
            chained[:-1] ^= subkeys
        for encrypt, (start, end) in zip(ciphers, runs, strict=True):
            encrypt(before[BLOCK * start : BLOCK * end], behind[BLOCK * start : BLOCK * (end + 1)])
    return state[:-1, 0] == raw[:, _MAC : _MAC + MAC_LENGTH].view(np.uint64)[:, 0]


def _subkeys(ciphers: list[Callable[[memoryview, memoryview], int]]) -> _Halves:
    """K1 of each (SP 800-38B, section 6.1)."""
    encrypted = np.zeros((len(ciphers) + 1, 2), np.uint64)
    room = memoryview(encrypted.view(np.uint8).reshape(-1))
    for number, encrypt in enumerate(ciphers):
        encrypt(_ZERO, room[BLOCK * number : BLOCK * (number + 2)])
    high, low = encrypted[:-1].view(_BIG_ENDIAN).T.astype(np.uint64)
    doubled = np.stack((high << 1 | low >> 63, low << 1 ^ (high >> 63) * _RB), axis=1)
    return doubled.astype(_BIG_ENDIAN).view(np.uint64)
