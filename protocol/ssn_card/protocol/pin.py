# SPDX-License-Identifier: Apache-2.0
"""The PIN block on the card's interface: ISO 9564-1 format 2, 8 bytes. A PIN never shows in an error."""

from __future__ import annotations

from .errors import InputError, Text
from .layouts import PIN_BLOCK
from .values import MAX_PIN, MIN_PIN


def pin_block(pin: str) -> bytes:
    """The block of a PIN of 4 to 12 decimal digits. Raises :class:`InputError`, which does not hold the PIN."""
    if not (pin.isascii() and pin.isdigit() and MIN_PIN <= len(pin) <= MAX_PIN):
        raise InputError(
            Text(f"A PIN has {MIN_PIN} to {MAX_PIN} digits.", f"PIN terdiri atas {MIN_PIN} sampai {MAX_PIN} angka."),
            where="pin",
        )
    return bytes.fromhex(f"2{len(pin):X}{pin}".ljust(2 * PIN_BLOCK.size, "F"))
