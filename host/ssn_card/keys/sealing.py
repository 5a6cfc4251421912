# SPDX-License-Identifier: Apache-2.0
"""Protection of key files: AES-256-GCM for each key, one HMAC-SHA256 over the file; scrypt (RFC 7914).

GCM with its place as associated data stops an exchange of two keys; the seal over the whole file also shows a key
that was removed, or a clear field that was changed.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Generic, Literal, TypeAlias, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from pydantic import BaseModel, ConfigDict, Field, field_validator

from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import Text

from .errors import KeyringDamaged, WrongPassword

_SALT, _NONCE, _KEY = 16, 12, 32  #: bytes
DERIVED = 2 * _KEY  #: bytes of the secret that becomes the two keys of a :class:`Sealer`
_CHECK_MESSAGE = b"ssn-card password check"
HEX = r"^(?:[0-9a-f]{2})*$"


class FileModel(BaseModel):
    """A part of a key file: exact types, no unknown fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ScryptParameters(FileModel):
    """How a password becomes keys. The bounds stop a changed file from asking for hours or gigabytes."""

    name: Literal["scrypt"] = "scrypt"
    salt: str = Field(pattern=HEX, min_length=2 * _SALT, max_length=8 * _SALT)
    n: int = Field(default=1 << 15, ge=1 << 14, le=1 << 20)  #: memory is 128 * n * r bytes: 32 MiB
    r: int = Field(default=8, ge=8, le=16)
    p: int = Field(default=1, ge=1, le=8)

    @field_validator("n")
    @classmethod
    def _power_of_two(cls, n: int) -> int:
        if n & (n - 1):
            raise ValueError("n must be a power of two")
        return n

    @classmethod
    def fresh(cls) -> ScryptParameters:
        """Today's cost with a random salt."""
        return cls(salt=os.urandom(_SALT).hex())


_Parameters = TypeVar("_Parameters", bound=FileModel)


class Sealer(Generic[_Parameters]):
    """Two keys out of a secret: one encrypts each key, one seals the file."""

    __slots__ = ("_aead", "_seal_key", "parameters")

    def __init__(self, derived: bytes, parameters: _Parameters) -> None:
        """``derived``: :data:`DERIVED` bytes, good as keys; ``parameters``: how to have them again."""
        self.parameters = parameters
        self._aead = AESGCM(derived[:_KEY])
        self._seal_key = derived[_KEY:]

    def check_word(self) -> str:
        """Hex word that only these keys give."""
        return hmac.new(self._seal_key, _CHECK_MESSAGE, hashlib.sha256).hexdigest()

    def verify_password(self, check_word: str, where: str) -> None:
        """Raises :class:`WrongPassword`."""
        if not hmac.compare_digest(self.check_word().encode(), check_word.encode()):
            raise WrongPassword(where)

    def encrypt(self, key: SecretKey, place: bytes) -> str:
        """Hex of nonce (12) | ciphertext (16) | tag (16); ``place`` is the associated data."""
        return self.encrypt_bytes(key.value(), place).hex()

    def encrypt_bytes(self, content: bytes, place: bytes) -> bytes:
        """Nonce (12) | ciphertext | tag (16) of what is more than a key."""
        nonce = os.urandom(_NONCE)
        return nonce + self._aead.encrypt(nonce, content, place)

    def decrypt(self, sealed: bytes, place: bytes, name: str, where: str) -> SecretKey:
        """The key that was encrypted for ``place``. Raises :class:`KeyringDamaged` at ``where``."""
        content = self.decrypt_bytes(sealed, place, where)
        try:
            return SecretKey(content, name)
        except ValueError:
            # Without a cause: it could describe the plaintext.
            raise damaged(where) from None

    def decrypt_bytes(self, sealed: bytes, place: bytes, where: str) -> bytes:
        """The inverse of :meth:`encrypt_bytes`. Raises :class:`KeyringDamaged` at ``where``."""
        try:
            return self._aead.decrypt(sealed[:_NONCE], sealed[_NONCE:], place)
        except (InvalidTag, ValueError):
            raise damaged(where) from None

    def new_seal(self) -> hmac.HMAC:
        """A running seal: ``update`` it with the file's bytes, then compare with :func:`verify_seal`."""
        return hmac.new(self._seal_key, digestmod=hashlib.sha256)

    def __repr__(self) -> str:
        return "<Sealer>"


ScryptSealer: TypeAlias = Sealer[ScryptParameters]


def password_sealer(password: bytes, parameters: ScryptParameters) -> ScryptSealer:
    """The keys that a password gives under these parameters."""
    salt = bytes.fromhex(parameters.salt)
    scrypt = Scrypt(salt=salt, length=DERIVED, n=parameters.n, r=parameters.r, p=parameters.p)
    return Sealer(scrypt.derive(password), parameters)


def seals_match(seal: hmac.HMAC, expected: str) -> bool:
    """Whether the hex word ``expected`` is the seal; constant time."""
    return hmac.compare_digest(seal.hexdigest().encode(), expected.encode())


def damaged(where: str) -> KeyringDamaged:
    """The error for a part of a key file that is not as it was written."""
    return KeyringDamaged(
        Text("The key file is damaged or was changed.", "Berkas kunci rusak atau telah diubah."), where=where
    )
