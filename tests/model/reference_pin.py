# SPDX-License-Identifier: Apache-2.0
"""The holder's PIN, from docs/protocol.md and ISO 7816-4: three tries, good for the session, chosen where it may be."""

from __future__ import annotations

from dataclasses import dataclass

TRIES = 3
WRONG, BLOCKED, NONE, BAD_BLOCK, NOT_ALLOWED, CONTACTS_ONLY = 0x63C0, 0x6983, 0x6984, 0x6A80, 0x6985, 0x9414


@dataclass
class ReferencePin:
    """``block``: its 8 bytes, or ``None`` on a card without PIN; ``open``: whether the holder may choose one."""

    block: bytes | None = None
    tries: int = TRIES
    given: bool = False
    open: bool = False

    def verify(self, block: bytes, contacts: bool = True) -> int:
        """VERIFY; the status word."""
        if self.block is None:
            return NONE
        if self.tries == 0:
            return BLOCKED
        if self.tries == 1 and not contacts:
            return CONTACTS_ONLY
        if not well_formed(block):
            return BAD_BLOCK
        if block == self.block:
            self.given, self.tries = True, TRIES
            return 0x9000
        self.tries -= 1
        return WRONG | self.tries if self.tries else BLOCKED

    def change(self, block: bytes) -> int:
        """CHANGE REFERENCE DATA; the status word. A PIN given stays given, one chosen is not given by that."""
        if not (self.given or self.open):
            return NOT_ALLOWED
        if not well_formed(block):
            return BAD_BLOCK
        self.block, self.tries, self.open = block, TRIES, False
        return 0x9000

    def try_lost(self) -> None:
        """Power went after the try was counted and before the comparison: the safe side."""
        self.tries = max(self.tries - 1, 0)

    @property
    def shown(self) -> bytes:
        """Choice and tries, as GET STATUS tells them."""
        return bytes((self.open, 0xFF if self.block is None else self.tries))


def well_formed(block: bytes) -> bool:
    """Format 2 with 4 to 12 digits."""
    return block[0] >> 4 == 2 and 4 <= block[0] & 15 <= 12
