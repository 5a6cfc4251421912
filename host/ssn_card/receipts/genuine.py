# SPDX-License-Identifier: Apache-2.0
"""Which receipts are genuine, by the RECEIPT keys that somebody holds."""

from __future__ import annotations

from functools import lru_cache

from ssn_card.keys import KeyMissing, KeyProvider
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.labels import KeyLabel

from .receipt import Receipt

_KEYS = 1 << 16  #: card keys held at once


class ReceiptKeys:
    """Keys of cards out of the bank's masters, or out of an auditor's file of them."""

    def __init__(self, provider: KeyProvider) -> None:
        self._provider = provider
        self.of = lru_cache(_KEYS)(self._diversified)  #: by serial and version; ``None`` where the provider has none

    @property
    def versions(self) -> tuple[int, ...]:
        """Versions of RECEIPT that the provider has."""
        return tuple(self._provider.versions(KeyLabel.RECEIPT))

    def has(self, receipt: Receipt) -> bool:
        """Whether there is a key for the card and version that the receipt names."""
        return self.of(receipt.serial, receipt.key_version) is not None

    def genuine(self, receipt: Receipt) -> bool:
        """Whether the receipt's MAC is right, under the key that it names."""
        key = self.of(receipt.serial, receipt.key_version)
        return key is not None and receipt.is_genuine(key)

    def _diversified(self, serial: bytes, version: int) -> SecretKey | None:
        try:
            return self._provider.diversify(KeyLabel.RECEIPT, version, serial)
        except (KeyMissing, InputError):
            return None
