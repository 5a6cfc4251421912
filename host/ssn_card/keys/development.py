# SPDX-License-Identifier: Apache-2.0
"""Published master keys for demonstrations and tests. Everyone has them: never put them on a card that holds money."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from ssn_card.protocol.crypto import BLOCK, SecretKey
from ssn_card.protocol.labels import KeyLabel

from .masters import MasterKeys
from .provider import check_version, key_name

#: Every development master is the first 16 bytes of SHA-256 over this phrase, a space, and a name as "DEBIT v1".
PHRASE = "SSN Card DEVELOPMENT keys, published, never for a real card:"


class DevelopmentKeyring(MasterKeys):
    """Masters of every label, derived from a public phrase."""

    def __repr__(self) -> str:
        return "<DevelopmentKeyring DEVELOPMENT: published keys, never for a real card>"


def development_master(label: KeyLabel, version: int) -> SecretKey:
    """The published master key of a label and version. Raises ``InputError`` for a version outside 1 to 255."""
    check_version(version)
    name = key_name(label, version)
    return SecretKey(hashlib.sha256(f"{PHRASE} {name}".encode("ascii")).digest()[:BLOCK], f"DEVELOPMENT {name}")


def development_keyring(versions: Iterable[int] = (1, 2, 3)) -> DevelopmentKeyring:
    """A provider of the published keys of every label, in these versions."""
    masters = {(label, version): development_master(label, version) for version in set(versions) for label in KeyLabel}
    return DevelopmentKeyring(masters, "DEVELOPMENT")
