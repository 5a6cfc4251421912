# SPDX-License-Identifier: Apache-2.0
"""An entitlement, read, and whether it may follow another; from docs/protocol.md. Shares no code with ``ssn_card``."""

from __future__ import annotations

from dataclasses import dataclass

from .wire import number

LIMIT = 1 << 31
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
ISSUED, ACTIVE, BLOCKED, TERMINATED = 1, 2, 3, 4
NO_MONTH = b"\x00\x00"
NEXT_UPDATE, NEXT_OVERRIDE, NEXT_DEBIT, NEXT_RECEIPT = 1, 2, 4, 8  # bits of key_selection
INVALID, NOT_A_DATE = 0x940F, 0x9407


def possible(moment: bytes) -> bool:
    """Whether 6 bytes are a BCD moment of 2000 to 2079."""
    digits = moment.hex()
    if not digits.isdecimal():
        return False
    year, month, day, hour, minute, second = (int(digits[i : i + 2]) for i in range(0, 12, 2))
    if not (year < 80 and 1 <= month <= 12):
        return False
    last = DAYS[month - 1] + (month == 2 and year % 4 == 0)
    return 1 <= day <= last and hour < 24 and minute < 60 and second < 60


@dataclass(frozen=True)
class Entitlement:
    """The 55 bytes, read."""

    raw: bytes

    @classmethod
    def none(cls) -> Entitlement:
        """What a card has before its first update."""
        return cls(bytes(34) + bytes((ISSUED,)) + bytes(20))

    @property
    def seq(self) -> int:
        return number(self.raw, 0)

    @property
    def loaded(self) -> int:
        return number(self.raw, 4)

    @property
    def expired(self) -> int:
        return number(self.raw, 8)

    @property
    def limit(self) -> int:
        return number(self.raw, 12)

    @property
    def override_max(self) -> int:
        return number(self.raw, 16)

    @property
    def debit_max(self) -> int:
        return number(self.raw, 20)

    @property
    def pin_above(self) -> int:
        return number(self.raw, 24)

    @property
    def categories(self) -> int:
        return number(self.raw, 28, 2)

    @property
    def until(self) -> bytes:
        return self.raw[30:33]

    @property
    def keys(self) -> int:
        return self.raw[33]

    @property
    def state(self) -> int:
        return self.raw[34]

    @property
    def issued(self) -> bytes:
        return self.raw[37:43]

    @property
    def pin_count(self) -> int:
        return self.raw[43]

    @property
    def mend_count(self) -> int:
        return self.raw[44]

    @property
    def mended_to(self) -> bytes:
        return self.raw[45:47]

    def refusal(self, old: Entitlement) -> int:
        """0, or the status word where this one cannot follow ``old``."""
        if (
            max(self.seq, self.loaded, self.limit + self.override_max, self.debit_max, self.pin_above) >= LIMIT
            or self.shrinks(old)
            or self.expired > self.loaded
            or not ISSUED <= self.state <= TERMINATED
            or (old.state == TERMINATED and self.state != TERMINATED)
            or self.keys > 15
        ):
            return INVALID
        dates_possible = possible(self.issued) and possible(self.until + bytes(3))
        mended_possible = self.mend_count == 0 or possible(self.mended_to + b"\x01" + bytes(3))
        return 0 if dates_possible and mended_possible else NOT_A_DATE

    def shrinks(self, old: Entitlement) -> bool:
        """Whether anything that only grows does not."""
        return (
            self.loaded < old.loaded
            or self.expired < old.expired
            or self.pin_count < old.pin_count
            or self.mend_count < old.mend_count
            or old.keys & ~self.keys != 0
        )
