# SPDX-License-Identifier: Apache-2.0
"""The money on a card, and what else a movement or update changes, as the honest side keeps account of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from ssn_card.protocol import commands
from ssn_card.protocol.commands import Command
from ssn_card.protocol.crypto import MAC_LENGTH
from ssn_card.protocol.layouts import ENTITLEMENT, MOVEMENT
from ssn_card.protocol.values import LifeState, PinState

_SIZES = {field.name: field.size for field in ENTITLEMENT.fields}
_AMOUNT, _MONTH = MOVEMENT.offset("amount"), MOVEMENT.offset("timestamp")


@dataclass(frozen=True)
class Purse:
    """The money and its rules. Amounts in rupiah.

    Args:
        granted: all that was loaded less what expired unspent.
        floor: the balance below which a PIN is due.
        choice: whether the holder may choose a PIN.
        newest: the 36 bytes of the newest movement.
        month: the card's.
        entitlement, update_mac: the 55 bytes of the update in force, and its MAC.
    """

    seq: int = 0
    balance: int = 0
    granted: int = 0
    floor: int = 0
    choice: bool = False
    last_mac: bytes = bytes(8)
    newest: bytes = bytes(MOVEMENT.size)
    month: bytes = bytes(2)
    month_spent: int = 0
    entitlement: bytes = bytes(ENTITLEMENT.size)
    update_mac: bytes = b""

    def rule(self, name: str) -> int:
        """A number of the entitlement."""
        return int.from_bytes(self.field(name))

    def field(self, name: str) -> bytes:
        """The bytes of a field of the entitlement."""
        at = ENTITLEMENT.offset(name)
        return self.entitlement[at : at + _SIZES[name]]

    @property
    def room(self) -> int:
        """What may be spent without the PIN; negative: nothing."""
        return self.balance - self.floor

    def after(self, command: Command, data: bytes, pin: PinState) -> Purse:
        """Once an authentic movement or update is done, but for its receipt's MAC; the same object where it changes
        nothing. ``pin``: what the receipt of a movement says of it.
        """
        if command is commands.UPDATE:
            return self._updated(data[:-MAC_LENGTH], data[-MAC_LENGTH:])
        body = data[:-MAC_LENGTH]
        done = dataclasses.replace(self, seq=self.seq + 1, newest=body, last_mac=b"", choice=False)
        amount = int.from_bytes(body[_AMOUNT : _AMOUNT + 4])
        if command is commands.DEBIT:
            return done._debited(amount, body[_MONTH : _MONTH + 2], pin)
        if command is commands.CANCEL:
            return done._cancelled(amount)
        return done

    def _debited(self, amount: int, month: bytes, pin: PinState) -> Purse:
        balance = self.balance - amount
        return dataclasses.replace(
            self,
            balance=balance,
            month=month,
            month_spent=amount + (self.month_spent if month == self.month else 0),
            floor=balance - self.rule("pin_above") if pin is PinState.GIVEN else self.floor,
        )

    def _cancelled(self, amount: int) -> Purse:
        balance = self.balance + amount
        return dataclasses.replace(
            self,
            balance=balance,
            month_spent=self.month_spent - amount,
            floor=max(self.floor, balance - self.rule("pin_above")),
        )

    def _updated(self, body: bytes, mac: bytes) -> Purse:
        fresh = dataclasses.replace(self, entitlement=body, update_mac=mac, last_mac=b"")
        if fresh.rule("update_seq") <= self.rule("update_seq"):
            return self
        loaded = fresh.rule("loaded_total")
        balance = min(self.balance + loaded - self.rule("loaded_total"), loaded - fresh.rule("expired_total"))
        step = balance - self.balance
        mended = fresh.rule("mend_count") > self.rule("mend_count")
        return dataclasses.replace(
            fresh,
            seq=self.seq + 1,
            balance=balance,
            granted=self.granted + step,
            floor=self.floor + step + self.rule("pin_above") - fresh.rule("pin_above"),
            choice=self.choice or fresh.rule("pin_count") > self.rule("pin_count"),
            month=min(self.month, fresh.field("mended_to")) if mended else self.month,
        )


#: What a card says of itself before any update: issued, nothing loaded.
ISSUED = Purse(
    entitlement=bytes(ENTITLEMENT.offset("state"))
    + bytes((LifeState.ISSUED,))
    + bytes(ENTITLEMENT.size - ENTITLEMENT.offset("state") - 1)
)
