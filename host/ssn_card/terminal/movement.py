# SPDX-License-Identifier: Apache-2.0
"""The three movements of money, each in its own layout: what a terminal asks of a card, and its 36 bytes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields
from typing import ClassVar

from ssn_card.programme import mask
from ssn_card.protocol import commands
from ssn_card.protocol.commands import Command
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Basket

_PADDING = bytes(8)


@dataclass(frozen=True)
class Movement:
    """What all three have in common.

    Args:
        amount: rupiah, 1 to 2^31 - 1.
    """

    kind: ClassVar[ReceiptType]
    command: ClassVar[Command]

    amount: int

    def encode(self, moment: dt.datetime, terminal_id: int, terminal_txn: int) -> bytes:
        """The command's body, 36 bytes: the fields of its layout, which are this class's own, and who, when, which.

        Raises ``InputError`` naming a field that does not fit.
        """
        told = {"timestamp": moment, "terminal_id": terminal_id, "terminal_txn": terminal_txn}
        return self.command.encode({one.name: getattr(self, one.name) for one in fields(self)} | told)


@dataclass(frozen=True)
class Debit(Movement):
    """Takes what a basket costs (layout ``movement``).

    Args:
        categories: bit mask of the goods bought, at least one.
        basket_digest: 16 bytes, by which the receipt proves its basket.
    """

    kind = ReceiptType.DEBIT
    command = commands.DEBIT

    categories: int
    basket_digest: bytes

    @classmethod
    def of(cls, basket: Basket, day: dt.date) -> Debit:
        """The debit of a basket. Raises ``UnknownStapleError`` for goods that are not sold that day."""
        return cls(basket.total, mask((item.staple for item in basket.items), sold_on=day), basket.digest())


@dataclass(frozen=True)
class Cancel(Movement):
    """Gives the newest debit back (layout ``cancellation``).

    Args:
        categories: of that debit, as its amount is.
        cancelled_mac: MAC of its receipt, 8 bytes.
    """

    kind = ReceiptType.CANCEL
    command = commands.CANCEL

    categories: int
    cancelled_mac: bytes
    padding: bytes = field(default=_PADDING, init=False, repr=False)


@dataclass(frozen=True)
class Override(Movement):
    """Raises this month's limit (layout ``overriding``).

    Args:
        reason: 16-bit code of the programme.
        companion_id: 8 bytes, who confirms the need.
    """

    kind = ReceiptType.OVERRIDE
    command = commands.OVERRIDE

    reason: int
    companion_id: bytes
    padding: bytes = field(default=_PADDING, init=False, repr=False)


#: By the type of receipt that they make.
COMMANDS: dict[ReceiptType, Command] = {one.kind: one.command for one in (Debit, Cancel, Override)}
