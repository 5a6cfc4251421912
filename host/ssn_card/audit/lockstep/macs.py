# SPDX-License-Identifier: Apache-2.0
"""AES-CMAC of many receipts: block by block over all of them, for each card one call of ``cryptography`` a block.

NIST SP 800-38B, section 6.2. A receipt's first 80 bytes are whole blocks, so that only the subkey K1 is needed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

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
#: The library wants room for a block more than it writes, so there is one behind what it writes to.
_ZERO = memoryview(bytes(BLOCK))

_Halves = NDArray[np.uint64]  #: (…, 2): blocks


def genuine(raw: Raw, keys: Raw, key_of: NDArray[np.int32]) -> Bools:
    """Whether the MAC of each receipt is right; all of them are compared, to their last byte.

    Args:
        raw: uint8 (n, 88), contiguous.
        keys: uint8 (k, 16).
        key_of: (n,), the key of each, from 0; the fewer changes from row to row, the faster.
    """
    starts = np.flatnonzero(np.diff(key_of, prepend=-1))
    if len(starts) > 2 * len(keys):
        return _by_key(raw, keys, key_of)
    values, runs = keys.tobytes(), list(pairwise([*starts.tolist(), len(raw)]))
    ciphers = [
        Cipher(algorithms.AES(values[place : place + BLOCK]), _ECB).encryptor().update_into
        for place in (BLOCK * key_of[starts]).tolist()
    ]
    chained, state = np.empty((len(raw), 2), np.uint64), np.zeros((len(raw) + 1, 2), np.uint64)
    before, behind = _octets(chained), _octets(state)
    parts = [
        (encrypt, before[BLOCK * start : BLOCK * end], behind[BLOCK * start : BLOCK * (end + 1)])
        for encrypt, (start, end) in zip(ciphers, runs, strict=True)
    ]
    blocks = np.ndarray((len(raw), _BLOCKS), np.complex128, raw, strides=(SIZE, BLOCK))  # 16 bytes each, only copied
    for block in range(_BLOCKS):
        halves = np.ascontiguousarray(blocks[:, block]).view(np.uint64).reshape(-1, 2)
        np.bitwise_xor(halves, state[:-1], out=chained)
        if block == _BLOCKS - 1:
            chained ^= _subkeys(ciphers).repeat(np.diff(starts, append=len(raw)), axis=0)
        for encrypt, part, into in parts:
            encrypt(part, into)
    found: Bools = state[:-1, 0] == raw[:, _MAC : _MAC + MAC_LENGTH].view(np.uint64)[:, 0]
    return found


def _by_key(raw: Raw, keys: Raw, key_of: NDArray[np.int32]) -> Bools:
    """Where keys take turns, which no card's do."""
    order = np.argsort(key_of, kind="stable")
    right = np.empty(len(raw), np.bool_)
    right[order] = genuine(raw[order], keys, key_of[order])
    return right


def _subkeys(ciphers: Sequence[Callable[[memoryview, memoryview], int]]) -> _Halves:
    """K1 of each (SP 800-38B, section 6.1)."""
    encrypted = np.zeros((len(ciphers) + 1, 2), np.uint64)
    room = _octets(encrypted)
    for number, encrypt in enumerate(ciphers):
        encrypt(_ZERO, room[BLOCK * number : BLOCK * (number + 2)])
    high, low = encrypted[:-1].view(_BIG_ENDIAN).T.astype(np.uint64)
    doubled = np.stack((high << 1 | low >> 63, low << 1 ^ (high >> 63) * _RB), axis=1)
    return doubled.astype(_BIG_ENDIAN).view(np.uint64)


def _octets(halves: _Halves) -> memoryview:
    return halves.view(np.uint8).reshape(-1).data
