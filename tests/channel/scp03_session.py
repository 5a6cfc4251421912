# SPDX-License-Identifier: Apache-2.0
"""Opens our session against a card, with fixed keys and a fixed host challenge."""

from __future__ import annotations

from collections.abc import Callable

from ssn_card.channel import MINIMUM_LEVEL, Scp03Session, SecurityLevel, StaticKeys
from ssn_card.protocol.crypto import SecretKey

ENC = bytes.fromhex("404142434445464748494A4B4C4D4E4F")
MAC = bytes.fromhex("505152535455565758595A5B5C5D5E5F")
DEK = bytes.fromhex("606162636465666768696A6B6C6D6E6F")
HOST_CHALLENGE = bytes.fromhex("A0A1A2A3A4A5A6A7")
FULL = SecurityLevel(0x33)
LEVELS = tuple(SecurityLevel(value) for value in (0x01, 0x03, 0x11, 0x13, 0x33))


def fixed_keys(diversification: bytes, kvn: int) -> StaticKeys:
    return StaticKeys(SecretKey(ENC, "ENC"), SecretKey(MAC, "MAC"), SecretKey(DEK, "DEK"))


def open_session(
    transmit: Callable[[bytes], bytes], level: SecurityLevel = MINIMUM_LEVEL, kvn: int = 0x30
) -> Scp03Session:
    return Scp03Session.open(
        transmit,
        fixed_keys,
        kvn=kvn,
        level=level,
        minimum=SecurityLevel.C_MAC,
        random_bytes=lambda length: HOST_CHALLENGE[:length],
    )
