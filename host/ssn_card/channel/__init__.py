# SPDX-License-Identifier: Apache-2.0
"""SCP03: the secure channel between the bank (or the registry) and a card.

Source: GlobalPlatform Card Specification v2.2 Amendment D, "Secure Channel Protocol '03'", v1.1.1, in its S8 mode with
AES-128. A channel dies with the first thing that does not verify, and drops its keys::

    keys_for = keys_from(provider, {KeyVersionNumber.ISSUER: (KeySet.ISSUER, 1)})
    with Scp03Session.open(transmit, keys_for, kvn=KeyVersionNumber.ISSUER) as channel:
        data, sw = channel.send(apdu)
"""

from __future__ import annotations

from .errors import (
    BadCommand,
    CardNotOurs,
    ChannelError,
    ChannelRefused,
    CommandTooLong,
    HostRejected,
    LevelNotSupported,
    MalformedOpening,
    ResponseMacError,
    SecureChannelDead,
)
from .levels import MINIMUM_LEVEL, SecurityLevel
from .scp03 import Scp03Session
from .static_keys import KeySet, KeysFor, StaticKeys, keys_from, serial_of, static_keys

__all__ = [
    "MINIMUM_LEVEL",
    "BadCommand",
    "CardNotOurs",
    "ChannelError",
    "ChannelRefused",
    "CommandTooLong",
    "HostRejected",
    "KeySet",
    "KeysFor",
    "LevelNotSupported",
    "MalformedOpening",
    "ResponseMacError",
    "Scp03Session",
    "SecureChannelDead",
    "SecurityLevel",
    "StaticKeys",
    "keys_from",
    "serial_of",
    "static_keys",
]
