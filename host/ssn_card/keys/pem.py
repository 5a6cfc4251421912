# SPDX-License-Identifier: Apache-2.0
"""Somebody's own key pair in PEM, as other programs know it: Ed25519 to sign with, X25519 to receive keys with.

PKCS#8 under a password (PBES2) for the private part, SubjectPublicKeyInfo for the public one. ``cryptography`` and
OpenSSL turn the password into a key by 2,048 rounds of PBKDF2, which is little: the password is what protects a copied
file. One that ``openssl pkcs8 -topk8 -scrypt`` has made is taken too.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar, cast

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from .errors import KeyringNotFound, UnknownKeyFile, WrongPassword
from .files import reading, writing
from .passwords import new_password_bytes, password_bytes

_HEAD = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"
_LONGEST = 1 << 14  #: bytes of a key file

_Private = TypeVar("_Private", Ed25519PrivateKey, X25519PrivateKey)
_Public = TypeVar("_Public", Ed25519PublicKey, X25519PublicKey)


@dataclass(frozen=True)
class PemKind(Generic[_Private, _Public]):
    """One algorithm's key files."""

    name: str
    private: Any  #: the class, which is abstract to mypy
    public: Any

    def create(self, path: Path, password: str | None = None) -> _Private:
        """Make a key in a new file with mode 0600; :func:`public_pem` writes its public part out.

        ``password`` falls back to ``SSN_KEYRING_PASSWORD``. Raises ``KeyringExists``, ``KeyFileNotWritten``,
        ``PasswordMissing``, ``PasswordWeak``.
        """
        secret = new_password_bytes(password, str(path))
        key: _Private = self.private.generate()
        with writing(path, replace=False) as stream:
            stream.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(secret)))
        return key

    def read_private(self, path: Path, password: str | None = None) -> _Private:
        """The key of a file; ``password`` falls back to ``SSN_KEYRING_PASSWORD``.

        Raises ``WrongPassword``, ``UnknownKeyFile`` for anything but an encrypted key of this algorithm,
        ``KeyringNotFound``, ``PasswordMissing``; warns with ``ExposedKeyFileWarning``.
        """
        kind = f"PEM PKCS#8, {self.name}, encrypted"
        secret = password_bytes(password, str(path))
        with reading(path) as stream:
            pem = _content(stream.read(_LONGEST + 1), kind, path)
        if not pem.lstrip().startswith(_HEAD):
            raise UnknownKeyFile(kind, str(path))
        try:
            key = load_pem_private_key(pem, secret)
        except ValueError:
            raise WrongPassword(str(path)) from None
        except (TypeError, UnsupportedAlgorithm):
            raise UnknownKeyFile(kind, str(path)) from None
        if not isinstance(key, self.private):
            raise UnknownKeyFile(kind, str(path))
        return cast(_Private, key)

    def read_public(self, path: Path) -> _Public:
        """The public part out of a file. Raises ``UnknownKeyFile``, ``KeyringNotFound``."""
        kind = f"PEM public key, {self.name}"
        try:
            with path.open("rb") as stream:
                pem = _content(stream.read(_LONGEST + 1), kind, path)
        except OSError:
            raise KeyringNotFound(str(path)) from None
        try:
            key = load_pem_public_key(pem)
        except (ValueError, UnsupportedAlgorithm):
            raise UnknownKeyFile(kind, str(path)) from None
        if not isinstance(key, self.public):
            raise UnknownKeyFile(kind, str(path))
        return cast(_Public, key)


SIGNING: PemKind[Ed25519PrivateKey, Ed25519PublicKey] = PemKind("Ed25519", Ed25519PrivateKey, Ed25519PublicKey)
RECEIVING: PemKind[X25519PrivateKey, X25519PublicKey] = PemKind("X25519", X25519PrivateKey, X25519PublicKey)


def public_pem(key: Ed25519PublicKey | X25519PublicKey) -> bytes:
    """The public part as PEM, for others."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def _content(read: bytes, kind: str, path: Path) -> bytes:
    if len(read) > _LONGEST:
        raise UnknownKeyFile(kind, str(path))
    return read
