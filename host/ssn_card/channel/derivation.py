# SPDX-License-Identifier: Apache-2.0
"""Session keys and cryptograms of SCP03 (v1.1.1, sections 4.1.5, 6.2.1 and 6.2.2), for AES-128 in S8 mode."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from ssn_card.protocol.crypto import SecretKey

CHALLENGE = 8  #: challenges and cryptograms, bytes
KEY_BITS = 128
CRYPTOGRAM_BITS = 64


class Derivation(IntEnum):
    """Derivation constants, table 4-1."""

    CARD_CRYPTOGRAM = 0x00
    HOST_CRYPTOGRAM = 0x01
    S_ENC = 0x04
    S_MAC = 0x06
    S_RMAC = 0x07


class SessionKeys(NamedTuple):
    """The keys of one session; ``repr`` shows their names only."""

    enc: SecretKey
    mac: SecretKey
    rmac: SecretKey


def derivation_input(constant: Derivation, bits: int, context: bytes) -> bytes:
    """PRF input of section 4.1.5: label (11 zero bytes, constant) | 00 | L (2 bytes) | counter 01 | context.

    The counter stays 01 because AES-128 never needs more than one PRF block (``bits`` at most 128).
    """
    return bytes(11) + bytes([constant, 0x00]) + bits.to_bytes(2, "big") + b"\x01" + context


def session_keys(enc: SecretKey, mac: SecretKey, host_challenge: bytes, card_challenge: bytes) -> SessionKeys:
    """S-ENC from Key-ENC, S-MAC and S-RMAC from Key-MAC (table 6-2); the context is both challenges, 8 bytes each."""
    context = host_challenge + card_challenge

    def derive(key: SecretKey, constant: Derivation) -> SecretKey:
        return SecretKey(key.cmac(derivation_input(constant, KEY_BITS, context)), constant.name)

    return SessionKeys(derive(enc, Derivation.S_ENC), derive(mac, Derivation.S_MAC), derive(mac, Derivation.S_RMAC))


def card_cryptogram(s_mac: SecretKey, host_challenge: bytes, card_challenge: bytes) -> bytes:
    """What the card must answer, 8 bytes (section 6.2.2.2)."""
    return _cryptogram(s_mac, Derivation.CARD_CRYPTOGRAM, host_challenge + card_challenge)


def host_cryptogram(s_mac: SecretKey, host_challenge: bytes, card_challenge: bytes) -> bytes:
    """What the host proves itself with, 8 bytes (section 6.2.2.3)."""
    return _cryptogram(s_mac, Derivation.HOST_CRYPTOGRAM, host_challenge + card_challenge)


def _cryptogram(s_mac: SecretKey, constant: Derivation, context: bytes) -> bytes:
    return s_mac.cmac(derivation_input(constant, CRYPTOGRAM_BITS, context))[: CRYPTOGRAM_BITS // 8]
