# SPDX-License-Identifier: Apache-2.0
"""A history played to the applet: the commands that a card's receipts tell of, and what the card makes of them.

What a receipt does not hold (time of an update's issue, its reference) the card does not look at, but for the month
that an update mends to, which is the card's after it, and a PIN that was chosen, which shows at the next movement.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from ssn_card.protocol.commands import BY_RECEIPT_TYPE
from ssn_card.protocol.layouts import UPDATE_RECEIPT
from ssn_card.protocol.values import PinState, ReceiptType
from ssn_card.receipts import Receipt
from ssn_card.simulator.campaign.bench import PIN, Bench


def has_pin(receipts: Iterable[Receipt]) -> bool:
    """Whether the card of these receipts, its first among them, was personalized with a PIN, as far as they show."""
    movements = (one for one in receipts if one.type != ReceiptType.UPDATE)
    return next((one.pin_state != PinState.NONE for one in movements), False)


def played(bench: Bench, receipts: Iterable[Receipt]) -> Iterator[Receipt]:
    """What a personalized card makes of each of the commands that ``receipts`` tell of, in order.

    Raises ``CardStatusError`` for a command that it refuses.
    """
    without_pin, mended = False, 0
    for receipt in receipts:
        session = bench.select()
        if receipt.type == ReceiptType.UPDATE:
            terms = _terms(receipt, mends=receipt.mend_count > mended)
            mended = receipt.mend_count
            made = session.deliver(bench.signed(terms, session.info["update_key_version"]))
        else:
            if without_pin and receipt.pin_state != PinState.NONE:
                session.change(PIN)
                session = bench.select()
            if receipt.pin_state == PinState.GIVEN:
                session.verify(PIN)
            without_pin = receipt.pin_state == PinState.NONE
            made = session.move(BY_RECEIPT_TYPE[ReceiptType(receipt.type)], receipt.movement)
        yield Receipt(made.raw)


def _terms(receipt: Receipt, *, mends: bool) -> dict[str, Any]:
    """The entitlement of an update, by its receipt."""
    terms = UPDATE_RECEIPT.decode(receipt.movement)
    return terms | {
        "update_seq": receipt.update_seq,
        "issued_at": dt.datetime.combine(terms.pop("issued_on"), dt.time()),
        "pin_count": receipt.pin_count,
        "mend_count": receipt.mend_count,
        "mended_to": receipt.month if mends else receipt.issued_on_bytes[:2] if receipt.mend_count else bytes(2),
        "reference": bytes(8),
    }
