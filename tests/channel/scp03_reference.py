# SPDX-License-Identifier: Apache-2.0
"""SCP03 a second time, from the text of GPC 2.2 Amendment D v1.1.1, on AES-ECB alone.

It shares no code with ``ssn_card``: agreement of the two is evidence, so keep it that way.
"""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

ZERO = bytes(16)


def aes(key: bytes, block: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block)  # noqa: S305


def aes_inverse(key: bytes, block: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.ECB()).decryptor().update(block)  # noqa: S305


def xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


def double(block: bytes) -> bytes:
    """Multiplication by x in GF(2^128), SP 800-38B section 6.1."""
    shifted = int.from_bytes(block, "big") << 1
    if shifted >> 128:
        shifted ^= (1 << 128) | 0x87
    return shifted.to_bytes(16, "big")


def cmac(key: bytes, message: bytes) -> bytes:
    """SP 800-38B section 6.2."""
    k1 = double(aes(key, ZERO))
    blocks = [message[i : i + 16] for i in range(0, len(message), 16)] or [b""]
    last = blocks.pop()
    last = xor(last, k1) if len(last) == 16 else xor(pad(last), double(k1))
    state = ZERO
    for block in [*blocks, last]:
        state = aes(key, xor(state, block))
    return state


def pad(data: bytes) -> bytes:
    """Section 4.1.4."""
    data += b"\x80"
    while len(data) % 16:
        data += b"\x00"
    return data


def unpad(data: bytes) -> bytes:
    """Inverse of :func:`pad`; ``ValueError`` for anything :func:`pad` does not make."""
    for length in range(len(data) - 16, len(data)):
        if pad(data[:length]) == data:
            return data[:length]
    raise ValueError("padding")


def cbc_encrypt(key: bytes, icv: bytes, data: bytes) -> bytes:
    out = b""
    for i in range(0, len(data), 16):
        icv = aes(key, xor(icv, data[i : i + 16]))
        out += icv
    return out


def cbc_decrypt(key: bytes, icv: bytes, data: bytes) -> bytes:
    out = b""
    for i in range(0, len(data), 16):
        out += xor(icv, aes_inverse(key, data[i : i + 16]))
        icv = data[i : i + 16]
    return out


def derive(key: bytes, constant: int, length: int, context: bytes) -> bytes:
    """Section 4.1.5; ``length`` in bytes."""
    label = bytes(11) + bytes([constant])
    return cmac(key, label + b"\x00" + (8 * length).to_bytes(2, "big") + b"\x01" + context)[:length]


def command_icv(s_enc: bytes, counter: int) -> bytes:
    """Section 6.2.6."""
    return aes(s_enc, counter.to_bytes(16, "big"))


def response_icv(s_enc: bytes, counter: int) -> bytes:
    """Section 6.2.7."""
    return aes(s_enc, b"\x80" + counter.to_bytes(16, "big")[1:])
