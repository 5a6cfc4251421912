# SPDX-License-Identifier: Apache-2.0
"""Identifiers and small enumerations of the card: AID, versions, life states, receipt types, tag blocks."""

from __future__ import annotations

from enum import IntEnum, IntFlag

#: ISO 7816-5 proprietary AIDs (first nibble F: not registered with an authority).
PACKAGE_AID = bytes.fromhex("F053534E43415244")
APPLET_AID = PACKAGE_AID + b"\x01"

PROTOCOL_VERSION = 1  #: first byte of the SELECT answer
RECEIPT_LAYOUT_VERSION = 1

MAX_AMOUNT = 0x7FFF_FFFF  #: every amount and total is below 2^31 rupiah
LOG_ENTRIES = 30  #: receipts that the card promises to keep
APDU_BUFFER = 133  #: bytes of APDU buffer that Java Card guarantees (JCRE 2.2.2, section 9.3: 128 + 5)
NEVER = MAX_AMOUNT  #: ``pin_above`` of a card that never asks for a PIN
PIN_TRIES = 3
WITHOUT_PIN = 0xFF  #: ``pin_tries`` of a card that has no PIN
MIN_PIN, MAX_PIN = 4, 12  #: digits (ISO 9564-1)
MAX_NAME = 40  #: bytes of UTF-8 of the holder's name on the card


class StateClass(IntEnum):
    """What a stranger may learn of a card's life: whether it can be personalized, used, or is over."""

    BLANK = 0
    PERSONALIZED = 1


class LifeState(IntEnum):
    """Life state of a personalized card, set by entitlement updates (docs/protocol.md, life states)."""

    ISSUED = 1
    ACTIVE = 2
    BLOCKED = 3
    TERMINATED = 4


class KeySelection(IntFlag):
    """Keys of an entitlement that are in their next version; a bit once set stays set."""

    NONE = 0
    UPDATE = 1
    OVERRIDE = 2
    DEBIT = 4
    RECEIPT = 8


class ReceiptType(IntEnum):
    """What a receipt records."""

    DEBIT = 1
    CANCEL = 2
    OVERRIDE = 3
    UPDATE = 4


class PinState(IntEnum):
    """What the receipt of a movement says about the PIN."""

    NOT_DUE = 0  #: the card has one, and it was not given
    GIVEN = 1  #: it was given in this session
    NONE = 2  #: the card has no PIN


class Tag(IntEnum):
    """First byte of the constant last block of every MAC'd message: it keeps the kinds of message apart."""

    COMMAND = 0x01
    ANSWER = 0x02
    UPDATE = 0x03
    PIN = 0x04
    NUMBER = 0x05


class KeyVersionNumber(IntEnum):
    """Key version numbers of the SCP03 key sets (GPC 2.3.1 table 11-64: SCP03 uses 30 to 3F)."""

    ISSUER = 0x30
    REGISTRY = 0x31
    TRANSPORT = 0x3F


SCP_IDENTIFIER = 0x03
SCP03_I_PARAMETER = 0x60  #: random card challenge, R-MAC and R-ENCRYPTION, S8 mode (SCP03 section 5.1)
