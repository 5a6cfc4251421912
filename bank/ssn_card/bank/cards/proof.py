# SPDX-License-Identifier: Apache-2.0
"""What a card's own receipt proves to the bank. Only here is a receipt believed; a move takes nothing else."""

from __future__ import annotations

from typing import Final

from ssn_card.keys import KeyProvider
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.values import LifeState, ReceiptType
from ssn_card.receipts import Receipt
from ssn_card.receipts.genuine import ReceiptKeys

from .errors import ReceiptNotBelieved

_OTHER_CARD: Final = Text("it is another card's", "milik kartu lain")
_NO_RECEIPT: Final = Text("it is no receipt", "bukan kuitansi")
_ALTERED: Final = Text("its MAC is not right, or its key is not here", "MAC-nya salah, atau kuncinya tidak ada di sini")


class GenuineReceipt:
    """A receipt whose MAC was checked; made by :func:`require_genuine` and :func:`genuine` only."""

    __slots__ = ("receipt",)

    def __init__(self, receipt: Receipt, keys: ReceiptKeys) -> None:
        """Raises :class:`ReceiptNotBelieved`."""
        if receipt.fault() is not None:
            raise ReceiptNotBelieved(receipt.serial.hex(), _NO_RECEIPT)
        if not keys.genuine(receipt):
            raise ReceiptNotBelieved(receipt.serial.hex(), _ALTERED)
        self.receipt = receipt

    @property
    def serial(self) -> str:
        """Of its card, 16 hexadecimal digits."""
        return self.receipt.serial.hex()

    @property
    def state(self) -> LifeState:
        """That the card had when it made it: that of an update is stated, a movement needs an active card."""
        if self.receipt.type == ReceiptType.UPDATE:
            return LifeState(self.receipt.state)
        return LifeState.ACTIVE

    @property
    def spent(self) -> int:
        """Rupiah that the card has ever spent by then."""
        return self.receipt.spent_total


def genuine(keys: ReceiptKeys, receipt: Receipt) -> GenuineReceipt | None:
    """The receipt, if it is believed."""
    try:
        return GenuineReceipt(receipt, keys)
    except ReceiptNotBelieved:
        return None


def require_genuine(provider: KeyProvider, serial: str, receipt: bytes) -> GenuineReceipt:
    """That card's receipt, believed.

    Args:
        provider: has its RECEIPT key.
        serial: 16 hexadecimal digits.
        receipt: 88 bytes.

    Raises:
        ReceiptNotBelieved: no receipt, another card's, or one whose MAC is not right.
    """
    try:
        found = Receipt(receipt)
    except InputError:
        raise ReceiptNotBelieved(serial, _NO_RECEIPT) from None
    if found.serial.hex() != serial:
        raise ReceiptNotBelieved(serial, _OTHER_CARD)
    return GenuineReceipt(found, ReceiptKeys(provider))
