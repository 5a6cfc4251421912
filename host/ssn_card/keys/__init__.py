# SPDX-License-Identifier: Apache-2.0
"""Where keys come from: providers that derive one card's key from a master key of a purpose.

A provider answers ``diversify(label, version, serial)``. :class:`TokenKeyring` does it in a PKCS#11 token, which no
master leaves; :class:`SoftwareKeyring` from an encrypted file, for development; :class:`CardKeyFile` has keys of listed
cards and no master. :func:`open_keys` opens one of the first two by its name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ssn_card.protocol.lazy import lazily

from .bulk import SERIAL_LENGTH, KeyBlock
from .errors import (
    CardKeyMissing,
    KeyExists,
    KeyFileNotWritten,
    KeyMissing,
    KeyringChanged,
    KeyringDamaged,
    KeyringError,
    KeyringExists,
    KeyringNotFound,
    PasswordMissing,
    PasswordWeak,
    ProviderClosed,
    RoleHoldsNoMasters,
    SealedToAnother,
    UnknownKeyFile,
    WrongPassword,
)
from .passwords import PASSWORD_VARIABLE
from .provider import KeyProvider

if TYPE_CHECKING:
    from .card_keys import CardKeyFile, export_card_keys, export_receipt_keys
    from .development import DevelopmentKeyring, development_keyring
    from .files import ExposedKeyFileWarning
    from .keyring import SoftwareKeyring
    from .sources import open_keys
    from .token import TokenKeyring
else:  # a program with keys of its own needs none of them, nor pydantic, which reads the files
    __getattr__ = lazily(
        __name__,
        {
            ".card_keys": ("CardKeyFile", "export_card_keys", "export_receipt_keys"),
            ".development": ("DevelopmentKeyring", "development_keyring"),
            ".files": ("ExposedKeyFileWarning",),
            ".keyring": ("SoftwareKeyring",),
            ".sources": ("open_keys",),
            ".token": ("TokenKeyring",),
        },
    )

__all__ = [
    "PASSWORD_VARIABLE",
    "SERIAL_LENGTH",
    "CardKeyFile",
    "CardKeyMissing",
    "DevelopmentKeyring",
    "ExposedKeyFileWarning",
    "KeyBlock",
    "KeyExists",
    "KeyFileNotWritten",
    "KeyMissing",
    "KeyProvider",
    "KeyringChanged",
    "KeyringDamaged",
    "KeyringError",
    "KeyringExists",
    "KeyringNotFound",
    "PasswordMissing",
    "PasswordWeak",
    "ProviderClosed",
    "RoleHoldsNoMasters",
    "SealedToAnother",
    "SoftwareKeyring",
    "TokenKeyring",
    "UnknownKeyFile",
    "WrongPassword",
    "development_keyring",
    "export_card_keys",
    "export_receipt_keys",
    "open_keys",
]
