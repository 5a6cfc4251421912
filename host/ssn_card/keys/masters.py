# SPDX-License-Identifier: Apache-2.0
"""A provider over master keys in memory: the part that the file keyring and the development keyring share."""

from __future__ import annotations

from collections.abc import Mapping

from ssn_card.protocol.crypto import BLOCK, SecretKey
from ssn_card.protocol.labels import KeyLabel

from .bulk import SERIAL_LENGTH, KeyBlock, derive_many
from .check_value import check_value
from .errors import KeyMissing, ProviderClosed
from .provider import KeyProvider, check_version, key_name


class MasterKeys(KeyProvider):
    """Derives card keys from masters in memory."""

    def __init__(self, masters: Mapping[tuple[KeyLabel, int], SecretKey], where: str) -> None:
        """``masters``: by label and version; ``where``: name of the source for messages, such as its path."""
        self._masters: dict[tuple[KeyLabel, int], SecretKey] | None = dict(masters)
        self._where = where

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        return self._master(label, version).derive(label.value, serial, key_name(label, version, serial))

    def _diversify_many(self, label: KeyLabel, version: int, serials: bytes) -> KeyBlock:
        cards, name = len(serials) // SERIAL_LENGTH, key_name(label, version)
        master = self._open_masters().get((label, version))
        if master is None:
            return KeyBlock(bytes(BLOCK * cards), b"\x01" * cards, name)
        return KeyBlock(derive_many(master, label.value, serials), bytes(cards), name)

    def labels(self) -> frozenset[KeyLabel]:
        """Every label of which at least one version is held."""
        return frozenset(label for label, _ in self._open_masters())

    def versions(self, label: KeyLabel) -> tuple[int, ...]:
        """Versions held of ``label``, ascending; empty if none."""
        return tuple(sorted(version for held, version in self._open_masters() if held is label))

    def check_value(self, label: KeyLabel, version: int) -> bytes:
        """Key check value of a master, 3 bytes: for comparing keyrings over the telephone. Raises ``KeyMissing``."""
        check_version(version)
        return check_value(self._master(label, version).value())

    def close(self) -> None:
        """Drop the master keys."""
        self._masters = None

    def __repr__(self) -> str:
        if self._masters is None:
            return f"<{type(self).__name__} {self._where}: closed>"
        names = ", ".join(str(label) for label in sorted(self.labels(), key=str))
        return f"<{type(self).__name__} {self._where}: {names or 'no keys'}>"

    def _open_masters(self) -> dict[tuple[KeyLabel, int], SecretKey]:
        if self._masters is None:
            raise ProviderClosed(self._where)
        return self._masters

    def _master(self, label: KeyLabel, version: int) -> SecretKey:
        master = self._open_masters().get((label, version))
        if master is None:
            raise KeyMissing(label, version, where=self._where)
        return master
