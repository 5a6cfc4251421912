# SPDX-License-Identifier: Apache-2.0
"""The static key set of one card, and where it comes from: a key provider and the card's diversification data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from ssn_card.keys import SERIAL_LENGTH, KeyProvider
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import Text
from ssn_card.protocol.labels import KeyLabel

from .errors import CardNotOurs

DIVERSIFICATION_LENGTH = 10  #: key diversification data in INITIALIZE UPDATE, bytes (table 7-2)
KEY_SET_ID = b"\x00\x00"  #: the last two bytes of ours: one diversification for all key sets


@dataclass(frozen=True, slots=True)
class StaticKeys:
    """Key-ENC, Key-MAC and Key-DEK of one card and key set (SCP03 table 6-1)."""

    enc: SecretKey
    mac: SecretKey
    dek: SecretKey


#: ``keys_for(diversification: 10 bytes, kvn) -> StaticKeys``
KeysFor: TypeAlias = Callable[[bytes, int], StaticKeys]


class KeySet(Enum):
    """The three SCP03 key sets of a card, each as its ENC, MAC and DEK label."""

    ISSUER = (KeyLabel.ISSUER_ENC, KeyLabel.ISSUER_MAC, KeyLabel.ISSUER_DEK)
    REGISTRY = (KeyLabel.REGISTRY_ENC, KeyLabel.REGISTRY_MAC, KeyLabel.REGISTRY_DEK)
    TRANSPORT = (KeyLabel.TRANSPORT_ENC, KeyLabel.TRANSPORT_MAC, KeyLabel.TRANSPORT_DEK)


def serial_of(diversification: bytes) -> bytes:
    """The card serial (8 bytes) in the 10 bytes of diversification data. Raises :class:`CardNotOurs`."""
    if len(diversification) != DIVERSIFICATION_LENGTH or diversification[SERIAL_LENGTH:] != KEY_SET_ID:
        raise CardNotOurs(
            Text(
                "The card's key diversification data are not a serial followed by 0000.",
                "Data diversifikasi kunci kartu bukan nomor seri yang diikuti 0000.",
            )
        )
    return diversification[:SERIAL_LENGTH]


def static_keys(provider: KeyProvider, key_set: KeySet, version: int, serial: bytes) -> StaticKeys:
    """The key set of the card with this 8-byte serial. Raises ``KeyMissing`` and what the provider raises."""
    enc, mac, dek = (provider.diversify(label, version, serial) for label in key_set.value)
    return StaticKeys(enc, mac, dek)


def keys_from(provider: KeyProvider, key_sets: Mapping[int, tuple[KeySet, int]]) -> KeysFor:
    """A ``keys_for`` callback: key version number on the card -> (key set, version of our master keys).

    The callback raises :class:`CardNotOurs` for a key version number that is not in ``key_sets``.
    """
    known = {int(kvn): entry for kvn, entry in key_sets.items()}

    def keys_for(diversification: bytes, kvn: int) -> StaticKeys:
        if kvn not in known:
            raise CardNotOurs(
                Text(f"We hold no keys for key version {kvn:02X}.", f"Tidak ada kunci untuk versi kunci {kvn:02X}.")
            )
        key_set, version = known[kvn]
        return static_keys(provider, key_set, version, serial_of(diversification))

    return keys_for
