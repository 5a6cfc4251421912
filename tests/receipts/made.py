# SPDX-License-Identifier: Apache-2.0
"""Genuine receipts made by the reference card of tests/model, and forged ones made with a stolen key."""

from __future__ import annotations

from tests.model import wire
from tests.model.reference_card import ReferenceCard
from tests.model.wire import entitlement, movement

from ssn_card.keys import development_keyring
from ssn_card.keys.development import development_master
from ssn_card.protocol.labels import KeyLabel
from ssn_card.receipts import Basket, Line, Receipt, Tip

PROVIDER = development_keyring()
SERIAL = bytes.fromhex("5353000000000042")
RICE = Basket.of(("BERAS", 10, 162_000))
CANCEL = 2
#: Offsets and sizes in a receipt (docs/protocol.md, receipts).
FIELDS = {
    "amount": (0, 4), "categories": (4, 2), "timestamp": (6, 6), "terminal_id": (12, 4), "terminal_txn": (16, 4),
    "basket_digest": (20, 8), "seq": (28, 4), "balance_after": (32, 4), "month_spent_after": (36, 4),
    "previous_mac": (40, 8), "type": (48, 1), "layout_version": (49, 1), "key_version": (50, 1), "serial": (51, 8),
    "reserved": (59, 5), "mac": (64, 8),
}  # fmt: skip


def receipt_key(serial: bytes = SERIAL, version: int = 1) -> bytes:
    return wire.derive(development_master(KeyLabel.RECEIPT, version).value(), b"RECEIPT", serial)


def history(serial: bytes = SERIAL) -> list[bytes]:
    """Every type of receipt, over two months: 12 in all, the third a debit of a basket of rice."""
    card = ReferenceCard(serial, (receipt_key(serial),))
    outcomes = [
        card.update(entitlement(1, 900_000), b"UPDATE-1"),
        card.debit(movement(55_500, txn=1, categories=2)),
        card.debit(movement(RICE.total, txn=2, categories=RICE.categories, rest=RICE.digest())),
        card.debit(movement(10_000, txn=3, terminal=8)),
    ]
    outcomes.append(card.cancel(movement(10_000, txn=4, terminal=8, rest=card.last_mac)))
    outcomes += [
        card.override(movement(100_000, txn=5, rest=b"PD-00001")),
        card.debit(movement(400_000, txn=6)),
        card.update(entitlement(3, 1_000_000), b"UPDATE-3"),
        card.debit(movement(70_000, txn=7, when="251101080000")),
        card.update(entitlement(4, 1_000_000, state=3, flags=1), b"UPDATE-4"),
        card.update(entitlement(5, 1_200_000), b"UPDATE-5"),
        card.debit(movement(1_000, txn=8, when="251102080000")),
    ]
    receipts = [outcome.receipt for outcome in outcomes if outcome.receipt is not None]
    if len(receipts) != len(outcomes):
        raise ValueError("the reference card refused a step of the history")
    return receipts


def lines(receipts: list[bytes]) -> list[Line]:
    return [Line(number, Receipt(raw)) for number, raw in enumerate(receipts, start=1)]


def tip(receipts: list[bytes]) -> dict[bytes, Tip]:
    """What the card of these receipts would state."""
    return {receipts[-1][51:59]: Tip(len(receipts), receipts[-1][64:])}


def replaced(raw: bytes, **values: int | bytes) -> bytes:
    """A receipt with some fields replaced; its MAC as it was."""
    for name, value in values.items():
        at, size = FIELDS[name]
        data = value.to_bytes(size, "big") if isinstance(value, int) else value
        raw = raw[:at] + data + raw[at + size :]
    return raw


def forged(raw: bytes, **values: int | bytes) -> bytes:
    """As :func:`replaced`, with a right MAC under the stolen RECEIPT key."""
    raw = replaced(raw, **values)[:64]
    return raw + wire.receipt_mac(receipt_key(raw[51:59], raw[50]), raw)


def rechained(receipts: list[bytes]) -> list[bytes]:
    """The receipts with every link after a forged one made anew, also under the stolen key."""
    out: list[bytes] = []
    for raw in receipts:
        before = out[-1][64:] if out else bytes(8)
        cancelled = {"basket_digest": before} if raw[48] == CANCEL else {}
        out.append(forged(raw, previous_mac=before, **cancelled))
    return out


def flip(raw: bytes, bit: int) -> bytes:
    """``bit`` counts from the first bit."""
    at = bit // 8
    return raw[:at] + bytes((raw[at] ^ 0x80 >> bit % 8,)) + raw[at + 1 :]


def field_of(bit: int) -> str:
    """The field that holds a bit."""
    return next(name for name, (at, size) in FIELDS.items() if at <= bit // 8 < at + size)
