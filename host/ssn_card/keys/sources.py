# SPDX-License-Identifier: Apache-2.0
"""Masters wherever they are: a token by its PKCS#11 URI, else an encrypted file by its path."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from .keyring import SoftwareKeyring
from .token import TokenKeyring, is_token_uri

if TYPE_CHECKING:
    from .masters import MasterKeys


def open_keys(source: str | Path, secret: str | None = None) -> MasterKeys | TokenKeyring:
    """Open masters.

    Args:
        source: ``pkcs11:...`` (RFC 7512), or the path of a key file.
        secret: PIN or password; falls back to what each of them falls back to.

    Raises:
        KeyringError: a class for each reason.
    """
    if is_token_uri(str(source)):
        return TokenKeyring.open(str(source), secret)
    return SoftwareKeyring.open(source, secret)
