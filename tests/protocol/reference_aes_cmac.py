# SPDX-License-Identifier: Apache-2.0
"""AES-CMAC from NIST SP 800-38B with single AES blocks only: it checks our MACs, so it shares no code with them."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_BLOCK = 16
_R128 = 0x87  # section 5.3


def aes_block(key: bytes, block: bytes) -> bytes:
    """AES of one block."""
    encryptor = Cipher(algorithms.AES(key), modes.ECB()).encryptor()  # noqa: S305  (one block, as the standard asks for)
    return encryptor.update(block) + encryptor.finalize()


def _doubled(block: bytes) -> bytes:
    value = int.from_bytes(block, "big") << 1
    if value >> 128:
        value = (value & ((1 << 128) - 1)) ^ _R128
    return value.to_bytes(_BLOCK, "big")


def cmac(key: bytes, message: bytes) -> bytes:
    """Section 6.2, 16 bytes."""
    k1 = _doubled(aes_block(key, bytes(_BLOCK)))
    whole = bool(message) and len(message) % _BLOCK == 0
    padded = message if whole else message + b"\x80" + bytes(-(len(message) + 1) % _BLOCK)
    mask = k1 if whole else _doubled(k1)
    chain = bytes(_BLOCK)
    for at in range(0, len(padded), _BLOCK):
        block = padded[at : at + _BLOCK]
        if at + _BLOCK == len(padded):
            block = bytes(a ^ b for a, b in zip(block, mask, strict=True))
        chain = aes_block(key, bytes(a ^ b for a, b in zip(block, chain, strict=True)))
    return chain


def mac8(key: bytes, message: bytes) -> bytes:
    """The first 8 bytes, as on the card's interface."""
    return cmac(key, message)[:8]
