# SPDX-License-Identifier: Apache-2.0
"""Masters in a PKCS#11 token: a card's key is computed in it, and a master never leaves it.

``TokenKeyring.open("pkcs11:token=ssn?module-path=...")`` is a :class:`~ssn_card.keys.KeyProvider` like a key file's.
"""

from __future__ import annotations

from .pins import PIN_VARIABLE, TokenPin
from .provider import TokenKeyring
from .uri import TokenUri, is_token_uri

__all__ = ["PIN_VARIABLE", "TokenKeyring", "TokenPin", "TokenUri", "is_token_uri"]
