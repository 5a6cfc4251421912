# SPDX-License-Identifier: Apache-2.0
"""Sealing a file to the public key of whoever is to open it: an auditor, the maker of cards.

A key pair of the file's own and the recipient's give a secret by X25519 (RFC 7748), out of which HKDF-SHA256 (RFC 5869)
makes the two keys of a :class:`~.sealing.Sealer`. Only the recipient opens the file. It does not say who made it, so
both sides compare its SHA-256 by another way.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import Field

from .errors import SealedToAnother, UnknownKeyFile
from .sealing import DERIVED, HEX, FileModel, Sealer, damaged

_KEY = 32  #: bytes of a public key
_INFO = b"ssn-card keys for a recipient/1"


class X25519Parameters(FileModel):
    """Whose key, and the file's own."""

    name: Literal["x25519"] = "x25519"
    recipient: str = Field(pattern=HEX, min_length=2 * _KEY, max_length=2 * _KEY)
    ephemeral: str = Field(pattern=HEX, min_length=2 * _KEY, max_length=2 * _KEY)


RecipientSealer: TypeAlias = Sealer[X25519Parameters]


def sealed_to(recipient: X25519PublicKey, where: str) -> RecipientSealer:
    """A sealer that this recipient alone can have again. Raises ``UnknownKeyFile`` for a key that is none."""
    own = X25519PrivateKey.generate()
    parameters = X25519Parameters(
        recipient=recipient.public_bytes_raw().hex(), ephemeral=own.public_key().public_bytes_raw().hex()
    )
    try:
        return _sealer(own.exchange(recipient), parameters)
    except ValueError:  # a point of small order
        raise UnknownKeyFile("PEM public key, X25519", where) from None


def opened_by(key: X25519PrivateKey, parameters: X25519Parameters, where: str) -> RecipientSealer:
    """The sealer of a file. Raises :class:`SealedToAnother`, ``KeyringDamaged``."""
    if key.public_key().public_bytes_raw().hex() != parameters.recipient:
        raise SealedToAnother(where)
    try:
        secret = key.exchange(X25519PublicKey.from_public_bytes(bytes.fromhex(parameters.ephemeral)))
    except ValueError:
        raise damaged(where) from None
    return _sealer(secret, parameters)


def _sealer(secret: bytes, parameters: X25519Parameters) -> RecipientSealer:
    salt = bytes.fromhex(parameters.ephemeral + parameters.recipient)
    return Sealer(HKDF(SHA256(), DERIVED, salt, _INFO).derive(secret), parameters)
