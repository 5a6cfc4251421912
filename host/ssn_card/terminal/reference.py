# SPDX-License-Identifier: Apache-2.0
"""The integrator's own number of a sale, by which a repeated call finds the first one.

A sale's key is the day at the terminal and the reference. That day the same card and basket under it is the same sale;
another card or another basket is a mistake that is refused, and so is a sale that was cancelled. On another day, as
where invoices are numbered from 1 each morning, it is a new sale, unless the earlier one is still in doubt.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from ssn_card.protocol.errors import Text
from ssn_card.protocol.values import ReceiptType
from ssn_card.receipts import Basket, Receipt

from .errors import BadReference, DebitInDoubt, ReferenceInUse
from .journal import Entry, MovementState

LENGTH = 100  #: characters

_OTHER_BASKET = Text("belongs to a sale of another basket today", "milik penjualan hari ini dengan keranjang lain")
_OTHER_CARD = Text("belongs to a sale to another card today", "milik penjualan hari ini kepada kartu lain")
_THAT_CARD = Text(
    "Present that card again, or give this sale another reference.",
    "Tempelkan lagi kartu itu, atau beri penjualan ini referensi lain.",
)
_CANCELLED = Text("belongs to a sale that was cancelled", "milik penjualan yang sudah dibatalkan")


def check_reference(reference: object) -> None:
    """Raises :class:`BadReference` for what is no printable text of 1 to 100 characters, or is blank around it."""
    if not isinstance(reference, str) or not reference.strip():
        raise BadReference(Text("The reference is empty.", "Referensi kosong."))
    if reference != reference.strip() or not reference.isprintable() or len(reference) > LENGTH:
        raise BadReference(
            Text(
                f"A reference is up to {LENGTH} printable characters without blanks around them.",
                f"Referensi paling panjang {LENGTH} karakter yang dapat dicetak, tanpa spasi di tepi.",
            )
        )


def refuse_another_basket(known: Entry, basket: Basket, day: dt.date) -> None:
    """Raises :class:`ReferenceInUse` where the reference stands for other goods this day."""
    if known.day == day and known.basket != basket:
        raise _in_use(known, _OTHER_BASKET)


def refuse_another_card(known: Entry, serial: bytes) -> None:
    """Raises :class:`ReferenceInUse`, or ``DebitInDoubt`` where only that card can tell what became of the sale."""
    if known.serial == serial:
        return
    if known.state is MovementState.IN_DOUBT:
        doubt = DebitInDoubt(known.serial, known.terminal_txn)
        doubt.remedy = _THAT_CARD
        raise doubt
    raise _in_use(known, _OTHER_CARD)


def refuse_cancelled(known: Entry, receipt: Receipt, receipts: Iterable[Receipt]) -> None:
    """Raises :class:`ReferenceInUse` where the money went back: the goods are not paid for any more."""
    if any(one.type == ReceiptType.CANCEL and one.cancelled_mac == receipt.mac for one in receipts):
        raise _in_use(known, _CANCELLED)


def _in_use(known: Entry, why: Text) -> ReferenceInUse:
    return ReferenceInUse(str(known.reference), known.serial, known.terminal_txn, why)
