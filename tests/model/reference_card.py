# SPDX-License-Identifier: Apache-2.0
"""The rules of the card once more, in plain integers, from docs/protocol.md and the design of the card.

No APDUs, sessions or challenges: a command has been authenticated when it comes here, an update by the key version that
is named with it. Money is kept as the four totals that only grow, and the balance follows from them, whereas the applet
keeps the balance: so conservation is compared, not assumed. Shares no code with ``ssn_card``.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import NamedTuple

from .reference_pin import ReferencePin
from .wire import number, receipt_mac

LOG = 30
LIMIT = 1 << 31
DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
T_DEBIT, T_CANCEL, T_OVERRIDE, T_UPDATE = 1, 2, 3, 4
ISSUED, ACTIVE, BLOCKED, TERMINATED = 1, 2, 3, 4
NO_MONTH = b"\x00\x00"
FORFEIT, UNBLOCK_PIN = 1, 2
NEXT_UPDATE, NEXT_OVERRIDE, NEXT_DEBIT, NEXT_RECEIPT = 1, 2, 4, 8  # bits of key_selection


class Outcome(NamedTuple):
    """Status word, and with 9000 the receipt (72 bytes)."""

    sw: int
    receipt: bytes | None = None


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
    """The 48 bytes, read."""

    raw: bytes

    @property
    def seq(self) -> int:
        return number(self.raw, 0)

    @property
    def loaded(self) -> int:
        return number(self.raw, 4)

    @property
    def limit(self) -> int:
        return number(self.raw, 8)

    @property
    def override_max(self) -> int:
        return number(self.raw, 12)

    @property
    def debit_max(self) -> int:
        return number(self.raw, 16)

    @property
    def pin_above(self) -> int:
        return number(self.raw, 20)

    @property
    def categories(self) -> int:
        return number(self.raw, 24, 2)

    @property
    def until(self) -> bytes:
        return self.raw[26:29]

    @property
    def keys(self) -> int:
        return self.raw[29]

    @property
    def state(self) -> int:
        return self.raw[30]

    @property
    def flags(self) -> int:
        return self.raw[31]

    @property
    def issued(self) -> bytes:
        return self.raw[34:40]


class ReferenceCard:
    """One personalized card. ``receipts`` are all it ever made, oldest first."""

    def __init__(
        self, serial: bytes, receipt_keys: tuple[bytes, ...], holder: bytes = b"", pin: bytes | None = None
    ) -> None:
        """``receipt_keys``: from version 1 on; ``holder``: beneficiary id and identity block; ``pin``: its block."""
        self.serial = serial
        self._receipt_keys = receipt_keys
        self.holder = holder
        self.pin = ReferencePin(pin)
        self.entitlement = Entitlement(bytes(30) + bytes((ISSUED,)) + bytes(17))
        self.spent = self.refunded = self.withdrawn = 0
        self.month = self.extra_month = NO_MONTH
        self.month_spent = self.extra = 0
        self.receipts: list[bytes] = []
        self._update_mac: bytes | None = None
        self._update_receipt = b""

    def copy(self) -> ReferenceCard:
        """Another card in the same state."""
        twin = copy.copy(self)
        twin.pin, twin.receipts = copy.copy(self.pin), list(self.receipts)
        return twin

    def version(self, bit: int) -> int:
        """Version in force, 1 or 2, of the key with this bit in key_selection."""
        return 2 if self.entitlement.keys & bit else 1

    def select(self) -> bytes:
        """What SELECT tells besides the challenge, 14 bytes. A PIN given before counts no more."""
        self.pin.verified = False
        bits = (NEXT_DEBIT, NEXT_RECEIPT, NEXT_UPDATE, NEXT_OVERRIDE)
        return b"\x01\x01" + self.serial + bytes(map(self.version, bits))

    @property
    def balance(self) -> int:
        return self.entitlement.loaded + self.refunded - self.spent - self.withdrawn

    @property
    def last_mac(self) -> bytes:
        return self.receipts[-1][64:] if self.receipts else bytes(8)

    @property
    def last_type(self) -> int:
        return self.receipts[-1][48] if self.receipts else 0

    def month_limit(self, month: bytes) -> int:
        """What may be spent in a month in all."""
        return self.entitlement.limit + (self.extra if month == self.extra_month else 0)

    def spent_in(self, month: bytes) -> int:
        return self.month_spent if month == self.month else 0

    def debit(self, body: bytes) -> Outcome:
        refusal = self._movement(body)
        amount, categories, month = number(body, 0), number(body, 4, 2), body[6:8]
        if refusal:
            return Outcome(refusal)
        if amount > self.entitlement.debit_max:
            return Outcome(0x9403)
        if amount > self.entitlement.pin_above and not self.pin.verified:
            return Outcome(0x9412)
        if not categories or categories & ~self.entitlement.categories:
            return Outcome(0x9404)
        if self.spent_in(month) + amount > self.month_limit(month):
            return Outcome(0x9402)
        if amount > self.balance:
            return Outcome(0x9401)
        self.month_spent = self.spent_in(month) + amount
        self.month = month
        self.spent += amount
        return self._receipt(T_DEBIT, body)

    def cancel(self, body: bytes) -> Outcome:
        refusal = self._movement(body)
        if refusal:
            return Outcome(refusal)
        last = self.receipts[-1]
        if (
            self.last_type != T_DEBIT
            or body[:6] != last[:6]  # amount, categories
            or body[6:8] != last[6:8]  # month
            or body[12:16] != last[12:16]  # terminal
            or body[20:28] != self.last_mac
            or self.refunded + number(body, 0) >= LIMIT
        ):
            return Outcome(0x9410)
        self.refunded += number(body, 0)
        self.month_spent -= number(body, 0)
        return self._receipt(T_CANCEL, body)

    def override(self, body: bytes) -> Outcome:
        refusal = self._movement(body)
        if refusal:
            return Outcome(refusal)
        month = body[6:8]
        extra = (self.extra if month == self.extra_month else 0) + number(body, 0)
        if extra > self.entitlement.override_max:
            return Outcome(0x9411)
        self.extra_month, self.extra = month, extra
        return self._receipt(T_OVERRIDE, body)

    def update(self, body: bytes, mac: bytes, version: int = 1) -> Outcome:
        """``version``: of the UPDATE key that made ``mac``; the one before serves for the update in force only."""
        new, old = Entitlement(body), self.entitlement
        if version != self.version(NEXT_UPDATE) and (version, new.seq, mac) != (1, old.seq, self._update_mac):
            return Outcome(0x6988)
        if new.seq < old.seq:
            return Outcome(0x940D)
        if new.seq == old.seq:
            return Outcome(0x9000, self._update_receipt) if mac == self._update_mac else Outcome(0x940E)
        if (
            max(new.seq, new.loaded, new.limit + new.override_max, new.debit_max, new.pin_above) >= LIMIT
            or new.loaded < old.loaded
            or not ISSUED <= new.state <= TERMINATED
            or (old.state == TERMINATED and new.state != TERMINATED)
            or new.flags > 3
            or new.keys > 15
            or old.keys & ~new.keys
        ):
            return Outcome(0x940F)
        if not possible(new.issued) or not possible(new.until + bytes(3)):
            return Outcome(0x9407)
        receipt_key = self.version(NEXT_RECEIPT)
        self.entitlement = new
        if new.flags & FORFEIT:
            self.withdrawn += self.balance
        if new.flags & UNBLOCK_PIN:
            self.pin.unblock()
        self._update_mac = mac
        # loaded_total, categories, issued_at, update_seq, state, flags, policy, MAC
        movement = body[4:8] + body[24:26] + body[34:40] + body[:4] + body[30:34] + mac
        outcome = self._receipt(T_UPDATE, movement, receipt_key)
        self._update_receipt = self.receipts[-1]
        return outcome

    def correct(self, identity: bytes) -> Outcome:
        """STORE DATA of a corrected identity in an ISSUER session."""
        self.holder = self.holder[:8] + identity
        return Outcome(0x9000)

    def recover(self, terminal_and_txn: bytes) -> bytes:
        """The answer to RECOVER: 72 or 16 bytes. ``terminal_and_txn``: 8 bytes."""
        log = self.receipts[-LOG:]
        for receipt in reversed(log):
            if receipt[48] != T_UPDATE and receipt[12:20] == terminal_and_txn:
                return receipt
        if not log:
            return bytes(16)
        moment = next((receipt[6:12] for receipt in log if receipt[48] != T_UPDATE), bytes(6))
        return log[0][28:32] + log[-1][28:32] + moment + bytes(2)

    def log(self, age: int) -> bytes | None:
        """The answer to READ LOG, or ``None`` (6A83)."""
        return self.receipts[-1 - age] if 0 <= age < min(LOG, len(self.receipts)) else None

    def status(self) -> bytes:
        """The answer to GET STATUS, 76 bytes."""
        numbers = (len(self.receipts), self.balance, self.month_spent)
        totals = (self.extra, self.refunded, self.withdrawn)
        return (
            b"".join(value.to_bytes(4, "big") for value in numbers)
            + self.last_mac
            + self.month
            + self.extra_month
            + b"".join(value.to_bytes(4, "big") for value in totals)
            + self.entitlement.raw[:40]
        )

    def _movement(self, body: bytes) -> int:
        """What every movement must satisfy; 0 or the status word."""
        state, moment = self.entitlement.state, body[6:12]
        if state != ACTIVE:
            return {ISSUED: 0x940A, BLOCKED: 0x940B, TERMINATED: 0x940C}[state]
        if not 0 < number(body, 0) < LIMIT:
            return 0x9408
        if not possible(moment):
            return 0x9407
        if moment[:3] > self.entitlement.until:
            return 0x9405
        if moment[:2] < self.month:
            return 0x9406
        if self.receipts and self.last_type != T_UPDATE and self.receipts[-1][12:20] == body[12:20]:
            return 0x9409
        return 0

    def _receipt(self, kind: int, body: bytes, key_version: int | None = None) -> Outcome:
        version = key_version or self.version(NEXT_RECEIPT)
        seq = len(self.receipts) + 1
        result = b"".join(value.to_bytes(4, "big") for value in (seq, self.balance, self.month_spent)) + self.last_mac
        constants = bytes((kind, 1, version)) + self.serial + bytes(5)
        signed = body + result + constants
        receipt = signed + receipt_mac(self._receipt_keys[version - 1], signed)
        self.receipts.append(receipt)
        return Outcome(0x9000, receipt)
