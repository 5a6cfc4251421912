# SPDX-License-Identifier: Apache-2.0
"""Receipts as a card would make them, from the layouts and the development keys; no card is needed."""

from __future__ import annotations

import datetime as dt

from ssn_card.keys import development_keyring
from ssn_card.protocol.labels import KeyLabel
from ssn_card.protocol.layouts import MOVEMENT, RECEIPT, UPDATE_RECEIPT
from ssn_card.protocol.values import LifeState, ReceiptType
from ssn_card.receipts import Basket, Receipt

SERIAL = bytes.fromhex("0102030405060708")
BASKET = Basket.of(("BERAS", 10, 162_000))
LOADED = 900_000


def made(kind: ReceiptType, body: bytes, seq: int, balance: int, spent: int, before: bytes) -> Receipt:
    """A genuine receipt of card :data:`SERIAL`, whatever its content."""
    tail = seq.to_bytes(4, "big") + balance.to_bytes(4, "big") + spent.to_bytes(4, "big") + before
    raw = body + tail + bytes((kind, 1, 1)) + SERIAL + bytes(5)
    key = development_keyring().diversify(KeyLabel.RECEIPT, 1, SERIAL)
    receipt = Receipt(raw + key.mac8(raw))
    assert len(receipt.raw) == RECEIPT.size
    return receipt


def chain(debits: int) -> list[Receipt]:
    """A load of Rp900.000 and some debits of :data:`BASKET`."""
    body = UPDATE_RECEIPT.encode(
        {
            "loaded_total": LOADED,
            "allowed_categories": 0x7F,
            "issued_at": dt.datetime(2025, 10, 1, 8),
            "update_seq": 1,
            "state": LifeState.ACTIVE,
            "flags": 0,
            "policy_id": 2025,
            "update_mac": bytes(8),
        }
    )
    receipts = [made(ReceiptType.UPDATE, body, 1, LOADED, 0, bytes(8))]
    for number in range(1, debits + 1):
        body = MOVEMENT.encode(
            {
                "amount": BASKET.total,
                "categories": BASKET.categories,
                "timestamp": dt.datetime(2025, 10, 2, 9, number),
                "terminal_id": 7,
                "terminal_txn": number,
                "basket_digest": BASKET.digest(),
            }
        )
        spent = number * BASKET.total
        receipts.append(made(ReceiptType.DEBIT, body, number + 1, LOADED - spent, spent, receipts[-1].mac))
    return receipts
