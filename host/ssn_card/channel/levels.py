# SPDX-License-Identifier: Apache-2.0
"""Security levels of SCP03 (v1.1.1, table 7-3) and what a card says it offers (table 5-1)."""

from __future__ import annotations

from enum import IntFlag

from ssn_card.protocol.errors import Text

from .errors import LevelNotSupported


class SecurityLevel(IntFlag):
    """P1 of EXTERNAL AUTHENTICATE: what protects each command and answer that follows."""

    C_MAC = 0x01  #: commands carry a MAC
    C_DECRYPTION = 0x02  #: command data are encrypted
    R_MAC = 0x10  #: answers carry a MAC
    R_ENCRYPTION = 0x20  #: answer data are encrypted


#: Our cards take no personalization below this.
MINIMUM_LEVEL = SecurityLevel.C_MAC | SecurityLevel.C_DECRYPTION

_C_MAC, _C_DEC = SecurityLevel.C_MAC, SecurityLevel.C_DECRYPTION
_R_MAC, _R_ENC = SecurityLevel.R_MAC, SecurityLevel.R_ENCRYPTION

#: Table 7-3 without its last row: "no secure messaging" is never asked for by this host.
_DEFINED = (
    _C_MAC,
    _C_MAC | _C_DEC,
    _C_MAC | _R_MAC,
    _C_MAC | _C_DEC | _R_MAC,
    _C_MAC | _C_DEC | _R_MAC | _R_ENC,
)

# Parameter "i", table 5-1.
I_PSEUDO_RANDOM = 0x10
I_R_MAC = 0x20
I_R_ENCRYPTION = 0x40
I_RESERVED = 0x8F


def check_level(level: SecurityLevel, minimum: SecurityLevel) -> None:
    """Refuse a level outside table 7-3 or below ``minimum``. Raises :class:`LevelNotSupported`."""
    if level not in _DEFINED:
        raise LevelNotSupported(
            Text(
                f"SCP03 knows no security level {int(level):02X}.",
                f"SCP03 tidak mengenal tingkat keamanan {int(level):02X}.",
            )
        )
    if level & minimum != minimum:
        raise LevelNotSupported(
            Text(
                f"Security level {int(level):02X} is below the minimum {int(minimum):02X}.",
                f"Tingkat keamanan {int(level):02X} di bawah batas minimum {int(minimum):02X}.",
            )
        )


def check_offered(level: SecurityLevel, i: int) -> None:
    """Refuse a level that needs what the card's parameter ``i`` does not offer. Raises :class:`LevelNotSupported`.

    ``i`` is not authenticated, so this only gives an early and clear message: a card that lied here would fail its
    first R-MAC instead.
    """
    if (level & _R_MAC and not i & I_R_MAC) or (level & _R_ENC and not i & I_R_ENCRYPTION):
        raise LevelNotSupported(
            Text(
                f"The card (i = {i:02X}) does not offer security level {int(level):02X}.",
                f"Kartu (i = {i:02X}) tidak menyediakan tingkat keamanan {int(level):02X}.",
            )
        )
