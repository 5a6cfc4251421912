# SPDX-License-Identifier: Apache-2.0
"""The keys of a tablet's packages: DEBIT of the cards to be visited, and of no other."""

from __future__ import annotations

from collections.abc import Iterable

from ssn_card.keys import CardKeyMissing, KeyMissing, KeyProvider, ProviderClosed
from ssn_card.keys.provider import key_name
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.labels import KeyLabel

from ..forms.package import PersonToVisit

_WHERE = "package"


class PackageKeys(KeyProvider):
    """Answers for the cards of packages; lives as long as the tablet is unlocked."""

    def __init__(self, persons: Iterable[PersonToVisit]) -> None:
        self._keys: dict[tuple[bytes, int], SecretKey] | None = {}
        for person in persons:
            serial = bytes.fromhex(person.serial)
            for one in person.keys:
                name = key_name(KeyLabel.DEBIT, one.version, serial)
                self._keys[serial, one.version] = SecretKey(bytes.fromhex(one.key), name)

    def labels(self) -> frozenset[KeyLabel]:
        """DEBIT alone."""
        return frozenset({KeyLabel.DEBIT} if self._living() else ())

    def versions(self, label: KeyLabel) -> tuple[int, ...]:
        """Versions of which at least one card's key is held."""
        return tuple(sorted({version for _, version in self._living()})) if label is KeyLabel.DEBIT else ()

    def close(self) -> None:
        """Drop the keys."""
        self._keys = None

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        held = self._living()
        if label is not KeyLabel.DEBIT:
            raise KeyMissing(label, version, where=_WHERE)
        key = held.get((serial, version))
        if key is None:
            raise CardKeyMissing(label, version, _WHERE, serial)
        return key

    def _living(self) -> dict[tuple[bytes, int], SecretKey]:
        if self._keys is None:
            raise ProviderClosed(_WHERE)
        return self._keys

    def __repr__(self) -> str:
        return "<PackageKeys>"
