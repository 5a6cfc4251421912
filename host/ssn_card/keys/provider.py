# SPDX-License-Identifier: Apache-2.0
"""The interface of every source of keys."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection

from ssn_card.protocol.closing import Closing
from ssn_card.protocol.crypto import BLOCK, SecretKey
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.labels import KeyLabel

from .bulk import SERIAL_LENGTH, KeyBlock, check_serials
from .errors import KeyMissing

MIN_VERSION, MAX_VERSION = 1, 255  #: a key version is one byte on the card, and 0 is none


class KeyProvider(Closing, ABC):
    """Gives card keys: SP 800-108 counter mode with CMAC, label = purpose, context = serial (docs/protocol.md, keys).

    A subclass implements :meth:`_diversify`, :meth:`labels`, :meth:`versions` and :meth:`close`, and
    :meth:`_diversify_many` and :meth:`_diversify_card` where it can do better than one by one. An HSM computes
    CKM_AES_CMAC over ``kdf_input(label.value, serial)`` with its master key.
    """

    def diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        """The key ``label`` of version 1 to 255 of the card with this 8-byte serial.

        Raises ``KeyMissing``, ``ProviderClosed``, or ``InputError`` for a serial or version out of range.
        """
        check_version(version)
        check_serial(serial)
        return self._diversify(label, version, bytes(serial))

    def diversify_many(self, label: KeyLabel, version: int, serials: bytes) -> KeyBlock:
        """The keys ``label`` of version 1 to 255 of many cards, their 8-byte serials one behind the other.

        Those that are not held are masked in the answer, not raised. Raises ``ProviderClosed``, or ``InputError`` for
        a version out of range or bytes that are no serials.
        """
        check_version(version)
        check_serials(serials)
        return self._diversify_many(label, version, bytes(serials))

    def diversify_card(
        self, places: Collection[tuple[KeyLabel, int]], serial: bytes
    ) -> dict[tuple[KeyLabel, int], SecretKey]:
        """Several keys of one card, each a label and a version. Raises as :meth:`diversify`."""
        for _, version in places:
            check_version(version)
        check_serial(serial)
        return self._diversify_card(places, bytes(serial))

    @abstractmethod
    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        """:meth:`diversify` with checked arguments."""

    def _diversify_many(self, label: KeyLabel, version: int, serials: bytes) -> KeyBlock:
        """:meth:`diversify_many` with checked arguments: one by one."""
        values, missing = bytearray(), bytearray()
        for at in range(0, len(serials), SERIAL_LENGTH):
            try:
                values += self._diversify(label, version, serials[at : at + SERIAL_LENGTH]).value()
                missing.append(False)
            except KeyMissing:
                values += bytes(BLOCK)
                missing.append(True)
        return KeyBlock(bytes(values), bytes(missing), key_name(label, version))

    def _diversify_card(
        self, places: Collection[tuple[KeyLabel, int]], serial: bytes
    ) -> dict[tuple[KeyLabel, int], SecretKey]:
        """:meth:`diversify_card` with checked arguments: one by one."""
        return {place: self._diversify(*place, serial) for place in places}

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
