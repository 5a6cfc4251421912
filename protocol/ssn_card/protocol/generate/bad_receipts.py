# SPDX-License-Identifier: Apache-2.0
"""How a receipt is checked, in order, and receipts that fail at each check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .. import layouts, values
from . import sample
from .sample import seal


class Check(NamedTuple):
    """One check: the field that a failure is laid to, and what must hold."""

    field: str
    rule: str


_KINDS = f"{min(values.ReceiptType):d} to {max(values.ReceiptType):d}"

#: A receipt alone. Nothing before ``mac`` is trusted; it only chooses the key.
ALONE: tuple[Check, ...] = (
    Check("size", f"{layouts.RECEIPT.size} bytes"),
    Check("type", _KINDS),
    Check("layout_version", f"{values.RECEIPT_LAYOUT_VERSION}"),
    Check("reserved", "zero"),
    Check("serial", "a card that the verifier knows"),
    Check("key_version", "a version of the RECEIPT key that the verifier has for that card"),
    Check("mac", "AES-CMAC under that key over all that precedes, first 8 bytes, compared in constant time"),
    Check("timestamp", "a possible moment (of an update: issued_at)"),
    Check("amount", "1 to 2^31 - 1 (of an update: loaded_total, 0 to 2^31 - 1)"),
)

#: A receipt after its predecessor, both good alone. Their serials are the same.
CHAINED: tuple[Check, ...] = (
    Check("seq", "one more than the predecessor's; 1 for a first receipt. A jump is a missing receipt"),
    Check("previous_mac", "the predecessor's mac; zero for a first receipt. A difference is another history"),
    Check("cancelled_mac", "of a cancel: the predecessor is a debit with this mac"),
    Check("amount", "of a cancel: amount, categories, terminal_id and month are the debit's"),
    Check("balance_after", "follows from the predecessor's, see below"),
    Check("month_spent_after", "follows from the predecessor's, see below"),
)


def _changed(receipt: bytes, field: str, value: bytes, *, sealed: bool) -> bytes:
    at = layouts.RECEIPT.offset(field)
    changed = receipt[:at] + value + receipt[at + len(value) :]
    return seal(changed) if sealed else changed


def _bad() -> Iterator[tuple[str, str, bytes, bytes]]:
    """Field at fault, why, predecessor (empty: none given), receipt."""
    chain = [sample.receipt_of(step) for step in sample.journey()]
    update, debit, cancel, second = chain[0], chain[1], chain[2], chain[3]
    none = b""
    yield "size", "one byte short", none, debit[:-1]
    yield "type", "type 5", none, _changed(debit, "type", b"\x05", sealed=True)
    yield "layout_version", "layout 2", none, _changed(debit, "layout_version", b"\x02", sealed=True)
    yield "reserved", "not zero", none, _changed(debit, "reserved", b"\x00\x00\x00\x00\x01", sealed=True)
    yield "serial", "a card without a key", none, _changed(debit, "serial", sample.OTHER_SERIAL, sealed=False)
    yield "key_version", "a version without a key", none, _changed(debit, "key_version", b"\x09", sealed=False)
    yield "mac", "last bit changed", none, debit[:-1] + bytes((debit[-1] ^ 1,))
    yield "mac", "one rupiah less", none, _changed(debit, "amount", (72_499).to_bytes(4, "big"), sealed=False)
    yield "mac", "another type", none, _changed(debit, "type", b"\x02", sealed=False)
    yield "timestamp", "hour 24", none, _changed(debit, "timestamp", bytes.fromhex("260107240000"), sealed=True)
    yield "timestamp", "no BCD", none, _changed(debit, "timestamp", bytes.fromhex("26010A101530"), sealed=True)
    yield "amount", "zero", none, _changed(debit, "amount", bytes(4), sealed=True)
    yield "amount", "2^31", none, _changed(debit, "amount", bytes.fromhex("80000000"), sealed=True)
    yield "seq", "a receipt is missing", update, cancel
    yield "seq", "the same number twice", debit, _changed(cancel, "seq", (2).to_bytes(4, "big"), sealed=True)
    yield "previous_mac", "another history", debit, _changed(cancel, "previous_mac", bytes(8), sealed=True)
    wrong = _changed(cancel, "basket_digest", bytes(8), sealed=True)
    yield "cancelled_mac", "cancels another debit", debit, wrong
    yield (
        "amount",
        "cancels more than the debit",
        debit,
        _changed(cancel, "amount", (72_501).to_bytes(4, "big"), sealed=True),
    )
    more = (80_001).to_bytes(4, "big")
    yield "balance_after", "one rupiah too much", cancel, _changed(second, "balance_after", more, sealed=True)
    less = (119_999).to_bytes(4, "big")
    yield "month_spent_after", "one rupiah too little", cancel, _changed(second, "month_spent_after", less, sealed=True)


def cases() -> list[dict[str, Any]]:
    """For ``receipts.json``: each with the first wrong field in the order of the checks."""
    return [
        {"first_wrong": field, "why": why, "previous": previous.hex(), "receipt": receipt.hex()}
        for field, why, previous, receipt in _bad()
    ]
