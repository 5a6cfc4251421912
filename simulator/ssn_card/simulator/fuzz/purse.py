# SPDX-License-Identifier: Apache-2.0
"""The money on a card as the honest side keeps account of it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from ssn_card.protocol import commands
from ssn_card.protocol.commands import Command
from ssn_card.protocol.crypto import MAC_LENGTH
from ssn_card.protocol.layouts import ENTITLEMENT, MOVEMENT
from ssn_card.protocol.values import LifeState, UpdateFlag

_SIZES = {field.name: field.size for field in ENTITLEMENT.fields}
_AMOUNT, _MONTH = MOVEMENT.offset("amount"), MOVEMENT.offset("timestamp")


@dataclass(frozen=True)
class Purse:
    """The money and its rules. Amounts in rupiah.

    Args:
        newest: the 28 bytes of the newest movement.
        month: of the newest debit.
        entitlement, update_mac: the 48 bytes of the update in force, and its MAC.
    """

    seq: int = 0
    balance: int = 0
    refunded: int = 0
    withdrawn: int = 0
    last_mac: bytes = bytes(8)
    newest: bytes = bytes(MOVEMENT.size)
    month: bytes = bytes(2)
    entitlement: bytes = bytes(ENTITLEMENT.size)
    update_mac: bytes = b""

    def rule(self, name: str) -> int:
        """A number of the entitlement."""
        at = ENTITLEMENT.offset(name)
        return int.from_bytes(self.entitlement[at : at + _SIZES[name]])

    def after(self, command: Command, data: bytes) -> Purse:
        """Once an authentic movement or update is done, but for its receipt's MAC; the same object where it changes
        nothing."""
        if command is commands.UPDATE:
            return self._updated(data[:-MAC_LENGTH], data[-MAC_LENGTH:])
        body = data[:-MAC_LENGTH]
        done = dataclasses.replace(self, seq=self.seq + 1, newest=body, last_mac=b"")
        amount = int.from_bytes(body[_AMOUNT : _AMOUNT + 4])
        if command is commands.DEBIT:
            return dataclasses.replace(done, balance=self.balance - amount, month=body[_MONTH : _MONTH + 2])
        if command is commands.CANCEL:
            return dataclasses.replace(done, balance=self.balance + amount, refunded=self.refunded + amount)
        return done

    def _updated(self, body: bytes, mac: bytes) -> Purse:
        fresh = Purse(entitlement=body)
        if fresh.rule("update_seq") <= self.rule("update_seq"):
            return self
        balance = self.balance + fresh.rule("loaded_total") - self.rule("loaded_total")
        forfeited = balance if fresh.rule("flags") & UpdateFlag.FORFEIT else 0
        return dataclasses.replace(
            self,
            seq=self.seq + 1,
            balance=balance - forfeited,
            withdrawn=self.withdrawn + forfeited,
            entitlement=body,
            update_mac=mac,
            last_mac=b"",
        )


#: What a card says of itself before any update: issued, nothing loaded.
ISSUED = Purse(
    entitlement=bytes(ENTITLEMENT.offset("state"))
    + bytes((LifeState.ISSUED,))
    + bytes(ENTITLEMENT.size - ENTITLEMENT.offset("state") - 1)
)
