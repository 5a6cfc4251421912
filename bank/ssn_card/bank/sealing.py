# SPDX-License-Identifier: Apache-2.0
"""Personal data at rest: AES-256-GCM, bound to the row that it belongs to."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ssn_card.protocol.crypto import SecretKey

from .errors import BankStoreDamaged
from .known import sealing_key

_NONCE: Final = 12  #: bytes; by chance, for fewer than 2^32 seals under one secret (SP 800-38D section 8.3)


class FieldSealer:
    """Seals what a row says of a person; ``place`` names the row, so that nothing can be moved to another."""

    __slots__ = ("_aead",)

    def __init__(self, secret: SecretKey) -> None:
        self._aead = AESGCM(sealing_key(secret))

    def seal(self, data: Mapping[str, Any], place: str) -> bytes:
        """Nonce (12) | ciphertext | tag (16) of the data as JSON."""
        return self.seal_bytes(json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), place)

    def opened(self, sealed: bytes, place: str) -> dict[str, Any]:
        """What :meth:`seal` was given for that place. Raises :class:`BankStoreDamaged`."""
        data: dict[str, Any] = json.loads(self.opened_bytes(sealed, place))
        return data

    def seal_bytes(self, data: bytes, place: str) -> bytes:
        """The same of bytes, such as a picture of a signature."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, data, place.encode())

    def opened_bytes(self, sealed: bytes, place: str) -> bytes:
        """What :meth:`seal_bytes` was given for that place. Raises :class:`BankStoreDamaged`."""
        try:
            return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
        except (InvalidTag, ValueError):
            raise BankStoreDamaged(place) from None

    def __repr__(self) -> str:
        return "<FieldSealer>"
