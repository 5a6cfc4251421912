# SPDX-License-Identifier: Apache-2.0
"""AES-CMAC and the key derivation of the card, on top of ``cryptography``.

Sources: NIST SP 800-38B (CMAC), NIST SP 800-108r1 section 4.1 (KDF in counter mode, here with CMAC as PRF and a
32-bit counter), GPC 2.3.1 section B.6 (key check value).
"""

from __future__ import annotations

from collections.abc import Iterable

from cryptography.hazmat.primitives import cmac, constant_time
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16  #: AES block, bytes
MAC_LENGTH = 8  #: truncated MAC on the card's interface, bytes


class SecretKey:
    """One AES-128 key that never shows its value: opaque ``repr``, no equality with bytes, not picklable.

    ``value()`` is the only way to the bytes, so that a search for it finds every place that handles a key.
    """

    __slots__ = ("_value", "name")

    def __init__(self, value: bytes, name: str = "key") -> None:
        """``value``: 16 bytes; ``name``: label for messages, such as ``"DEBIT v1"``. Raises ``ValueError``."""
        if len(value) != BLOCK:
            raise ValueError(f"{name}: an AES-128 key has 16 bytes, got {len(value)}")
        self._value = bytes(value)
        self.name = name

    def value(self) -> bytes:
        """The 16 key bytes."""
        return self._value

    def cmac(self, message: bytes) -> bytes:
        """Full 16-byte AES-CMAC of ``message`` (SP 800-38B section 6.2)."""
        mac = cmac.CMAC(algorithms.AES(self._value))
        mac.update(message)
        return mac.finalize()

    def mac8(self, message: bytes) -> bytes:
        """AES-CMAC truncated to its first 8 bytes, as on the card's interface."""
        return self.cmac(message)[:MAC_LENGTH]

    def verify_mac8(self, message: bytes, mac: bytes) -> bool:
        """Whether ``mac`` is the 8-byte MAC of ``message``; constant time."""
        return constant_time.bytes_eq(self.mac8(message), mac)

    def verifies_one(self, beginning: bytes, middles: Iterable[bytes], end: bytes, mac: bytes) -> bool:
        """Whether ``mac`` is that of ``beginning | middle | end`` for one of ``middles``; each in constant time."""
        begun = cmac.CMAC(algorithms.AES(self._value))
        begun.update(beginning)
        for middle in middles:
            candidate = begun.copy()
            candidate.update(middle + end)
            if constant_time.bytes_eq(candidate.finalize()[:MAC_LENGTH], mac):
                return True
        return False

    def encrypt_cbc(self, data: bytes, iv: bytes = bytes(BLOCK)) -> bytes:
        """AES-CBC without padding; ``data`` in whole blocks."""
        encryptor = Cipher(algorithms.AES(self._value), modes.CBC(iv)).encryptor()
        return encryptor.update(data) + encryptor.finalize()

    def decrypt_cbc(self, data: bytes, iv: bytes = bytes(BLOCK)) -> bytes:
        """Inverse of :meth:`encrypt_cbc`."""
        decryptor = Cipher(algorithms.AES(self._value), modes.CBC(iv)).decryptor()
        return decryptor.update(data) + decryptor.finalize()

    def kcv(self) -> bytes:
        """3-byte key check value: AES of sixteen 01 bytes (GPC 2.3.1 section B.6, as SCP03 uses it)."""
        return self.encrypt_cbc(b"\x01" * BLOCK)[:3]

    def derive(self, label: bytes, context: bytes, name: str) -> SecretKey:
        """One AES-128 key by SP 800-108 counter mode: a single CMAC call, so it also runs inside an HSM.

        The CMAC input is ``00000001 | label | 00 | context | 00000080`` (counter, label, separator, context, L in
        bits; SP 800-108r1 section 4.1).
        """
        return SecretKey(self.cmac(kdf_input(label, context)), name)

    def __repr__(self) -> str:
        return f"<SecretKey {self.name}>"

    def __reduce__(self) -> str:
        raise TypeError("a SecretKey is not serialised; wrap it instead")


def kdf_input(label: bytes, context: bytes) -> bytes:
    """The single PRF input block of an SP 800-108 counter-mode derivation of 128 bits."""
    return b"\x00\x00\x00\x01" + label + b"\x00" + context + b"\x00\x00\x00\x80"


def macs_equal(left: bytes, right: bytes) -> bool:
    """Constant-time comparison of two MACs or cryptograms."""
    return constant_time.bytes_eq(left, right)
