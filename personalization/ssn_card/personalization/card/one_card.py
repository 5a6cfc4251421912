# SPDX-License-Identifier: Apache-2.0
"""The keys of the card in hand, derived once each, and all that it is going to need in one turn of the provider."""

from __future__ import annotations

from collections.abc import Iterable

from ssn_card.keys import KeyProvider
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.labels import KeyLabel


class OneCardKeys(KeyProvider):
    """Remembers the keys of one card for as long as it is in hand; close it then. The provider stays open."""

    def __init__(self, provider: KeyProvider, serial: bytes, places: Iterable[tuple[KeyLabel, int]] = ()) -> None:
        """``places``: keys that are derived together when the first of them is asked for."""
        self._provider = provider
        self._serial = serial
        self._together = tuple(places)
        self._keys: dict[tuple[KeyLabel, int], SecretKey] = {}

    def labels(self) -> frozenset[KeyLabel]:
        """Those of the provider."""
        return self._provider.labels()

    def versions(self, label: KeyLabel) -> tuple[int, ...]:
        """Those of the provider."""
        return self._provider.versions(label)

    def close(self) -> None:
        """Drop the card's keys; twice is allowed."""
        self._keys.clear()

    def _diversify(self, label: KeyLabel, version: int, serial: bytes) -> SecretKey:
        place = (label, version)
        if serial != self._serial:  # a card that tells another serial half-way
            return self._provider.diversify(label, version, serial)
        if place not in self._keys:
            places = self._together if place in self._together else (place,)
            self._keys.update(self._provider.diversify_card(places, serial))
        return self._keys[place]
