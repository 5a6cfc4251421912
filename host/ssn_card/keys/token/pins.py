# SPDX-License-Identifier: Apache-2.0
"""The PIN of a token: from the file that its URI names, else from the environment; asking is the command line's."""

from __future__ import annotations

import hmac
import os
from pathlib import Path

from ssn_card.keys.errors import KeyringNotFound
from ssn_card.keys.files import reading
from ssn_card.protocol.errors import Text

from .errors import TokenPinFileUnusable, TokenPinMissing
from .uri import TokenUri

PIN_VARIABLE = "SSN_TOKEN_PIN"


class TokenPin:
    """A PIN that shows itself nowhere; kept as long as the token is open, to log in again when it comes back."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def value(self) -> str:
        """The PIN."""
        return self._value

    def equals(self, other: TokenPin) -> bool:
        """Whether the two are the same; constant time."""
        return hmac.compare_digest(self._value.encode(), other.value().encode())

    def __repr__(self) -> str:
        return "<TokenPin>"

    def __reduce__(self) -> str:
        raise TypeError("a TokenPin is not serialised")


def pin_of(uri: TokenUri) -> TokenPin | None:
    """The PIN, where the URI or the environment has it.

    Raises :class:`TokenPinFileUnusable`; warns with ``ExposedKeyFileWarning``.
    """
    if uri.pin_source is not None:
        return TokenPin(_first_line(uri.pin_source))
    given = os.environ.get(PIN_VARIABLE)
    return TokenPin(given) if given else None


def required_pin(uri: TokenUri) -> TokenPin:
    """As :func:`pin_of`. Raises :class:`TokenPinMissing` too."""
    pin = pin_of(uri)
    if pin is None:
        raise TokenPinMissing(str(uri))
    return pin


def _first_line(path: Path) -> str:
    try:
        with reading(path) as stream:
            line = stream.readline(1 << 10).decode().rstrip("\r\n")
    except KeyringNotFound:
        raise TokenPinFileUnusable(Text("it cannot be read", "tidak dapat dibaca"), str(path)) from None
    except (OSError, UnicodeDecodeError):
        raise TokenPinFileUnusable(Text("it is no text", "bukan teks"), str(path)) from None
    if not line:
        raise TokenPinFileUnusable(Text("its first line is empty", "baris pertamanya kosong"), str(path))
    return line
