# SPDX-License-Identifier: Apache-2.0
"""The interface of every source of keys."""

from __future__ import annotations

from abc import ABC, abstractmethod

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.labels import KeyLabel

SERIAL_LENGTH = 8  #: card serial, bytes
MIN_VERSION, MAX_VERSION = 1, 255  #: a key version is one byte on the card, and 0 is none


class KeyProvider(Closing, ABC):
    """Gives card keys: SP 800-108 counter mode with CMAC, label = purpose, context = serial (docs/protocol.md, keys).

    A subclass implements :meth:`_diversify`, :meth:`labels`, :meth:`versions` and :meth:`close`. An HSM computes
    CKM_AES_CMAC over ``kdf_input(label.value, serial)`` with its master key.
    """

    def diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        """The key ``label`` of version 1 to 255 of the card with this 8-byte serial.

        Raises ``KeyMissing``, ``ProviderClosed``, or ``InputError`` for a serial or version out of range.
        """
        check_version(version)
        check_serial(serial)
        return self._diversify(label, version, bytes(serial))

    @abstractmethod
    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        """:meth:`diversify` with checked arguments."""

    @abstractmethod
    def labels(self) -> frozenset[KeyLabel]:
        """Every label of which at least one version is held."""

    @abstractmethod
    def versions(self, label: KeyLabel) -> tuple[int, ...]:
        """Versions held of ``label``, ascending; empty if none."""

    @abstractmethod
    def close(self) -> None:
        """Drop all keys; later use raises ``ProviderClosed``. Closing twice is allowed."""


def key_name(label: KeyLabel, version: int, serial: bytes | None = None) -> str:
    """Name of a key for messages: ``"DEBIT v1"``, or ``"DEBIT v1 of 0102030405060708"``."""
    return f"{label} v{version}" + (f" of {serial.hex().upper()}" if serial is not None else "")


def check_version(version: int) -> None:
    """Raises ``InputError`` unless the version is 1 to 255."""
    if not MIN_VERSION <= version <= MAX_VERSION:
        raise InputError(
            Text(f"A key version is 1 to 255, not {version}.", f"Versi kunci adalah 1 sampai 255, bukan {version}."),
            where="version",
        )


def check_serial(serial: bytes) -> None:
    """Raises ``InputError`` unless the serial has 8 bytes."""
    if len(serial) != SERIAL_LENGTH:
        raise InputError(
            Text(
                f"A card serial has {SERIAL_LENGTH} bytes, not {len(serial)}.",
                f"Nomor seri kartu terdiri atas {SERIAL_LENGTH} byte, bukan {len(serial)}.",
            ),
            where="serial",
        )
