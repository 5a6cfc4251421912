# SPDX-License-Identifier: Apache-2.0
"""The rules of the card once more, in plain integers, from docs/protocol.md and the design of the card.

No APDUs, sessions or challenges: a command has been authenticated when it comes here, an update by the key version
that is named with it. Money is kept as totals that only grow, and the balance follows from them, whereas the applet
keeps the balance: so conservation is compared, not assumed. Likewise the PIN: kept is what may still be spent without
it, whereas the applet keeps the balance below which it is due. Shares no code with ``ssn_card``.
"""

from __future__ import annotations

import copy
from typing import NamedTuple

from .reference_entitlement import (
    ACTIVE,
    BLOCKED,
    ISSUED,
    LIMIT,
    NEXT_DEBIT,
    NEXT_OVERRIDE,
    NEXT_RECEIPT,
    NEXT_UPDATE,
    NO_MONTH,
    TERMINATED,
    Entitlement,
    possible,
)
from .reference_pin import ReferencePin
from .wire import GIVEN, MAC, NO_PIN, NOT_GIVEN, T_CANCEL, T_DEBIT, T_OVERRIDE, T_UPDATE, TYPE, number, receipt_mac

LOG = 30


class Outcome(NamedTuple):
    """Status word, and with 9000 the receipt (88 bytes)."""

    sw: int
    receipt: bytes | None = None


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
        self.entitlement = Entitlement.none()
        self.spent = self.refunded = self.withdrawn = 0
        self.free = 0  #: what may still be spent without the PIN; below 0 where pin_above has shrunk
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
        """What SELECT tells besides number and challenge, 14 bytes. A PIN given before counts no more."""
        self.pin.given = False
        bits = (NEXT_DEBIT, NEXT_RECEIPT, NEXT_UPDATE, NEXT_OVERRIDE)
        return self.serial + b"\x01\x01" + bytes(map(self.version, bits))

    @property
    def granted(self) -> int:
        return self.entitlement.loaded - self.withdrawn

    @property
    def balance(self) -> int:
        return self.granted - (self.spent - self.refunded)

    @property
    def floor(self) -> int:
        return self.balance - self.free

    @property
    def last_mac(self) -> bytes:
        return self.receipts[-1][MAC:] if self.receipts else bytes(8)

    @property
    def last_type(self) -> int:
        return self.receipts[-1][TYPE] if self.receipts else 0

    @property
    def pin_state(self) -> int:
        return NO_PIN if self.pin.block is None else GIVEN if self.pin.given else NOT_GIVEN

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
        if not categories or categories & ~self.entitlement.categories:
            return Outcome(0x9404)
        if self.spent_in(month) + amount > min(self.month_limit(month), LIMIT - 1):
            return Outcome(0x9402)
        if amount > self.balance:
            return Outcome(0x9401)
        if self.pin_state == NOT_GIVEN and amount > self.free:
            return Outcome(0x9412)
        self.free = self.entitlement.pin_above if self.pin_state == GIVEN else self.free - amount
        self.month_spent = self.spent_in(month) + amount
        self.month = month
        self.spent += amount
        return self._moved(T_DEBIT, body)

    def cancel(self, body: bytes) -> Outcome:
        refusal = self._movement(body)
        if refusal:
            return Outcome(refusal)
        last = self.receipts[-1][4:]
        if (
            self.last_type != T_DEBIT
            or body[:6] != last[:6]  # amount, categories
            or body[6:8] != last[6:8]  # month
            or body[12:16] != last[12:16]  # terminal
            or body[20:28] != self.last_mac
        ):
            return Outcome(0x9410)
        self.refunded += number(body, 0)
        self.month_spent -= number(body, 0)
        self.free = min(self.free + number(body, 0), self.entitlement.pin_above)
        return self._moved(T_CANCEL, body)

    def override(self, body: bytes) -> Outcome:
        refusal = self._movement(body)
        if refusal:
            return Outcome(refusal)
        month = body[6:8]
        extra = (self.extra if month == self.extra_month else 0) + number(body, 0)
        if extra > self.entitlement.override_max:
            return Outcome(0x9411)
        self.extra_month, self.extra = month, extra
        return self._moved(T_OVERRIDE, body)

    def update(self, body: bytes, mac: bytes, version: int = 1) -> Outcome:
        """``version``: of the UPDATE key that made ``mac``. The one before serves for the update in force only, the
        next one for an update that moves the key on."""
        new, old = Entitlement(body), self.entitlement
        in_force = self.version(NEXT_UPDATE)
        if version < in_force and (new.seq, mac) != (old.seq, self._update_mac):
            return Outcome(0x6988)
        if version > in_force and not new.keys & NEXT_UPDATE:
            return Outcome(0x6988)
        if new.seq < old.seq:
            return Outcome(0x940D)
        if new.seq == old.seq:
            return Outcome(0x9000, self._update_receipt) if mac == self._update_mac else Outcome(0x940E)
        refusal = new.refusal(old)
        if refusal:
            return Outcome(refusal)
        receipt_key = self.version(NEXT_RECEIPT)
        self.entitlement = new
        self.withdrawn = max(self.withdrawn, new.expired - (self.spent - self.refunded))
        self.free += new.pin_above - old.pin_above
        self.pin.open |= new.pin_count > old.pin_count
        if new.mend_count > old.mend_count:
            self.month = min(self.month, new.mended_to)
        self._update_mac = mac
        # loaded_total to policy_id, the day of issue
        self._update_receipt = self._receipt(T_UPDATE, body[4:40], bytes((new.pin_count, new.mend_count)), receipt_key)
        return Outcome(0x9000, self._update_receipt)

    def correct(self, identity: bytes) -> Outcome:
        """STORE DATA of a corrected identity in an ISSUER session."""
        self.holder = self.holder[:8] + identity
        return Outcome(0x9000)

    def read(self, seq: int) -> bytes | int:
        """The answer to READ RECEIPT: the receipt, or the newest number."""
        newest = len(self.receipts)
        return self.receipts[seq - 1] if max(newest - LOG, 0) < seq <= newest else newest

    def status(self) -> bytes:
        """The answer to GET STATUS, 85 bytes."""
        return (
            b"".join(value.to_bytes(4, "big") for value in (len(self.receipts), self.balance, self.month_spent))
            + self.last_mac
            + self.entitlement.raw[:4]
            + self.granted.to_bytes(4, "big")
            + self.month
            + self.extra_month
            + self.extra.to_bytes(4, "big")
            + self.floor.to_bytes(4, "big", signed=True)
            + self.pin.shown
            + self.entitlement.raw[4:47]
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
        return 0

    def _moved(self, kind: int, body: bytes) -> Outcome:
        self.pin.open = False
        tail = bytes((self.pin_state, 0))
        return Outcome(0x9000, self._receipt(kind, body, tail, self.version(NEXT_RECEIPT)))

    def _receipt(self, kind: int, body: bytes, tail: bytes, key_version: int) -> bytes:
        signed = (
            (len(self.receipts) + 1).to_bytes(4, "big")
            + body
            + self.balance.to_bytes(4, "big")
            + self.month_spent.to_bytes(4, "big")
            + self.last_mac
            + self.entitlement.raw[:4]
            + self.granted.to_bytes(4, "big")
            + bytes((kind, 1, key_version))
            + self.serial
            + self.month
            + tail
            + bytes(1)
        )
        receipt = signed + receipt_mac(self._receipt_keys[key_version - 1], signed)
        self.receipts.append(receipt)
        return receipt
