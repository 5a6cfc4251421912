# SPDX-License-Identifier: Apache-2.0
"""Receipts of one simple card, made by the reference card of tests/model; no real one is needed."""

from __future__ import annotations

from tests.model import wire
from tests.receipts.made import new_card

from ssn_card.receipts import Basket, Receipt

SERIAL = bytes.fromhex("0102030405060708")
BASKET = Basket.of(("BERAS", 10, 162_000))
LOADED = 900_000


def chain(debits: int, days: tuple[int, ...] = (2,)) -> list[Receipt]:
    """A load of Rp900.000 and some debits of :data:`BASKET`, on these days of October 2025, over and over."""
    card = new_card(SERIAL)
    outcomes = [card.update(wire.entitlement(1, LOADED, limit=LOADED, debit_max=LOADED), b"UPDATE-1")]
    for number in range(1, debits + 1):
        when = f"2510{days[(number - 1) % len(days)]:02d}09{number:02d}00"
        movement = wire.movement(
            BASKET.total, when=when, categories=BASKET.categories, txn=number, rest=BASKET.digest()
        )
        outcomes.append(card.debit(movement))
    receipts = [outcome.receipt for outcome in outcomes if outcome.receipt is not None]
    assert len(receipts) == len(outcomes)
    return [Receipt(raw) for raw in receipts]
