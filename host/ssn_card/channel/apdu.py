# SPDX-License-Identifier: Apache-2.0
"""A short command APDU taken apart, and the class byte of secure messaging (GPC 2.3.1 section 11.1.4)."""

from __future__ import annotations

from typing import NamedTuple

from ssn_card.protocol.errors import Text

from .errors import BadCommand

HEADER = 4  #: CLA INS P1 P2
_CHANNEL_BITS = 0x03  #: logical channels 1 to 3
_FURTHER_CHANNELS = 0x40  #: channels 4 to 19 use another coding of the class byte
_ISO_SECURE_MESSAGING = 0x08  #: bit 4
_GP_SECURE_MESSAGING = 0x04  #: bit 3
MAX_DATA = 255


class Command(NamedTuple):
    """Header (4 bytes), data (0 to 255 bytes) and Le (0 to 255, where 0 means 256), or None without Le."""

    header: bytes
    data: bytes
    le: int | None


def parse_command(apdu: bytes) -> Command:
    """Take a short APDU of any of the four cases apart. Raises :class:`BadCommand`."""
    if len(apdu) < HEADER:
        raise BadCommand(
            Text(f"A command has at least {HEADER} bytes, not {len(apdu)}.", f"Perintah minimal {HEADER} byte.")
        )
    header, body = bytes(apdu[:HEADER]), bytes(apdu[HEADER:])
    if header[0] & (_CHANNEL_BITS | _FURTHER_CHANNELS):
        raise BadCommand(Text("Only logical channel 0 is supported.", "Hanya kanal logis 0 yang didukung."))
    if not body:
        return Command(header, b"", None)
    if len(body) == 1:
        return Command(header, b"", body[0])
    length, rest = body[0], body[1:]
    if length == 0 or len(rest) not in (length, length + 1):
        raise BadCommand(
            Text(
                f"Lc is {length}, but {len(rest)} bytes follow it.",
                f"Lc bernilai {length}, tetapi diikuti {len(rest)} byte.",
            ),
        )
    return Command(header, rest[:length], rest[length] if len(rest) > length else None)


def secured_class(cla: int) -> int:
    """The class byte of a wrapped command: bit 4 cleared, bit 3 set (SCP03 section 6.2.4); 80 gives 84, 00 gives 04."""
    return cla & ~_ISO_SECURE_MESSAGING | _GP_SECURE_MESSAGING
