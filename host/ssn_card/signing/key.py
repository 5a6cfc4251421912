# SPDX-License-Identifier: Apache-2.0
"""The auditor's own key, Ed25519 (RFC 8032): it signs attestations and nothing else.

PEM as other programs know it: PKCS#8 under a password (PBES2) for the private part, SubjectPublicKeyInfo for the public
one. ``cryptography`` and OpenSSL turn the password into a key by 2,048 rounds of PBKDF2, which is little: the password
is what protects a copied file. One that ``openssl pkcs8 -topk8 -scrypt`` has made is taken too.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from ssn_card.keys import KeyringNotFound, UnknownKeyFile, WrongPassword
from ssn_card.keys.files import reading, writing
from ssn_card.keys.passwords import new_password_bytes, password_bytes

_PRIVATE: Final = "PEM PKCS#8, Ed25519, encrypted"
_PUBLIC: Final = "PEM public key, Ed25519"
_HEAD = b"-----BEGIN ENCRYPTED PRIVATE KEY-----"
_LONGEST = 1 << 14  #: bytes of a key file


def create_signing_key(path: Path, password: str | None = None) -> Ed25519PublicKey:
    """Make a key in a new file with mode 0600; returns its public part, which :func:`public_pem` writes out.

    ``password`` falls back to ``SSN_KEYRING_PASSWORD``. Raises ``KeyringExists``, ``KeyFileNotWritten``,
    ``PasswordMissing``, ``PasswordWeak``.
    """
    secret = new_password_bytes(password, str(path))
    key = Ed25519PrivateKey.generate()
    with writing(path, replace=False) as stream:
        stream.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(secret)))
    return key.public_key()


def read_signing_key(path: Path, password: str | None = None) -> Ed25519PrivateKey:
    """The key of a file; ``password`` falls back to ``SSN_KEYRING_PASSWORD``.

    Raises ``WrongPassword``, ``UnknownKeyFile`` for anything but an encrypted Ed25519 key, ``KeyringNotFound``,
    ``PasswordMissing``; warns with ``ExposedKeyFileWarning``.
    """
    secret = password_bytes(password, str(path))
    with reading(path) as stream:
        pem = _content(stream.read(_LONGEST + 1), _PRIVATE, path)
    if not pem.lstrip().startswith(_HEAD):
        raise UnknownKeyFile(_PRIVATE, str(path))
    try:
        key = load_pem_private_key(pem, secret)
    except ValueError:
        raise WrongPassword(str(path)) from None
    except (TypeError, UnsupportedAlgorithm):
        raise UnknownKeyFile(_PRIVATE, str(path)) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UnknownKeyFile(_PRIVATE, str(path))
    return key


def public_pem(key: Ed25519PublicKey) -> bytes:
    """The public part as PEM, for those who check."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def read_public_key(path: Path) -> Ed25519PublicKey:
    """The public part out of a file. Raises ``UnknownKeyFile``, ``KeyringNotFound``."""
    try:
        with path.open("rb") as stream:
            pem = _content(stream.read(_LONGEST + 1), _PUBLIC, path)
    except OSError:
        raise KeyringNotFound(str(path)) from None
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise UnknownKeyFile(_PUBLIC, str(path)) from None
    if not isinstance(key, Ed25519PublicKey):
        raise UnknownKeyFile(_PUBLIC, str(path))
    return key


def _content(read: bytes, kind: str, path: Path) -> bytes:
    if len(read) > _LONGEST:
        raise UnknownKeyFile(kind, str(path))
    return read
