# SPDX-License-Identifier: Apache-2.0
"""The holder's PIN, from docs/protocol.md and ISO 7816-4: three tries, good until the next SELECT."""

from __future__ import annotations

from dataclasses import dataclass

TRIES = 3
WRONG, BLOCKED, NONE, BAD_BLOCK = 0x63C0, 0x6983, 0x6984, 0x6A80


@dataclass
class ReferencePin:
    """``block``: its 8 bytes, or ``None`` on a card without PIN."""

    block: bytes | None = None
    tries: int = TRIES
    verified: bool = False

    def verify(self, block: bytes) -> int:
        """VERIFY; the status word."""
        if self.block is None:
            return NONE
        if self.tries == 0:
            return BLOCKED
        if not well_formed(block):
            return BAD_BLOCK
        self.verified = block == self.block
        self.tries = TRIES if self.verified else self.tries - 1
        if self.verified:
            return 0x9000
        return WRONG | self.tries if self.tries else BLOCKED

    def change(self, old: bytes, new: bytes) -> int:
        """CHANGE REFERENCE DATA; the status word. Nobody has given the new PIN yet."""
        if self.block is not None and self.tries and not well_formed(new):
            return BAD_BLOCK
        sw = self.verify(old)
        if sw == 0x9000:
            self.block, self.verified = new, False
        return sw

    def unblock(self) -> None:
        """The tries start anew, whatever they were."""
        self.tries = TRIES

    def try_lost(self) -> None:
        """Power went after the try was counted and before the comparison: the safe side."""
        self.tries = max(self.tries - 1, 0)


def well_formed(block: bytes) -> bool:
    """Format 2 with 4 to 12 digits."""
    return block[0] >> 4 == 2 and 4 <= block[0] & 15 <= 12
