# SPDX-License-Identifier: Apache-2.0
"""A signer's own key, Ed25519 (RFC 8032): it signs statements and nothing else."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ssn_card.keys.pem import SIGNING


def create_signing_key(path: Path, password: str | None = None) -> Ed25519PublicKey:
    """Make a key in a new file with mode 0600; returns its public part, which ``public_pem`` writes out.

    ``password`` falls back to ``SSN_KEYRING_PASSWORD``. Raises ``KeyringExists``, ``KeyFileNotWritten``,
    ``PasswordMissing``, ``PasswordWeak``.
    """
    return SIGNING.create(path, password).public_key()


def read_signing_key(path: Path, password: str | None = None) -> Ed25519PrivateKey:
    """The key of a file; ``password`` falls back to ``SSN_KEYRING_PASSWORD``.

    Raises ``WrongPassword``, ``UnknownKeyFile`` for anything but an encrypted Ed25519 key, ``KeyringNotFound``,
    ``PasswordMissing``; warns with ``ExposedKeyFileWarning``.
    """
    return SIGNING.read_private(path, password)


def read_public_key(path: Path) -> Ed25519PublicKey:
    """The public part out of a file. Raises ``UnknownKeyFile``, ``KeyringNotFound``."""
    return SIGNING.read_public(path)
