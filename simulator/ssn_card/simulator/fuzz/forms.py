# SPDX-License-Identifier: Apache-2.0
"""What bytes look like, whoever sent them."""

from __future__ import annotations

from ssn_card.protocol.values import MAX_PIN, MIN_PIN

_PIN_FORMAT = 2  #: of ISO 9564-1


def is_pin_block(data: bytes) -> bool:
    """Whether a PIN block begins so: format and number of digits."""
    return data[0] >> 4 == _PIN_FORMAT and MIN_PIN <= data[0] & 0x0F <= MAX_PIN


def data_of(apdu: bytes) -> bytes | None:
    """The data field of a short command, empty where it has none; None: no short command at all."""
    if len(apdu) < 4:
        return None
    if len(apdu) <= 5:
        return b""
    data = apdu[5 : 5 + apdu[4]]
    return data if apdu[4] and len(apdu) in (5 + apdu[4], 6 + apdu[4]) else None
