# SPDX-License-Identifier: Apache-2.0
"""Names the field that was altered in a receipt whose MAC is wrong, where the key can tell.

A wrong MAC alone says nothing of where. But a change is often small, and the receipt's neighbours state what several
fields must be. So the receipt is repaired in the likely ways; a repair under which the MAC is right proves what the
card wrote, and therefore which field was changed. At most about 17,000 MACs, some 50 ms.
"""

from __future__ import annotations

from collections.abc import Iterator

from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.layouts import RECEIPT

from .receipt import MAC_OFFSET, Receipt, field_at


def altered_field(receipt: Receipt, key: SecretKey, previous: Receipt | None, following: Receipt | None) -> str | None:
    """The field that was altered, or ``None`` where more was changed than can be told.

    Args:
        receipt: one whose MAC is wrong.
        key: the RECEIPT key of the card that the receipt names.
        previous, following: genuine neighbours in the card's sequence, where known.
    """
    if following is not None and following.previous_mac != receipt.mac:
        repaired = receipt.raw[:MAC_OFFSET] + following.previous_mac
        if Receipt(repaired).is_genuine(key):
            return "mac"
    for name, value in _expected(receipt, previous, following):
        start = RECEIPT.offset(name)
        repaired = receipt.raw[:start] + value + receipt.raw[start + len(value) :]
        if repaired != receipt.raw and Receipt(repaired).is_genuine(key):
            return name
    computed = key.mac8(receipt.raw[:MAC_OFFSET])
    if sum(left != right for left, right in zip(computed, receipt.mac, strict=True)) == 1:
        return "mac"
    return _single_byte(receipt, key)


def _expected(receipt: Receipt, previous: Receipt | None, following: Receipt | None) -> Iterator[tuple[str, bytes]]:
    """What the neighbours say that the fields must be."""
    if previous is not None:
        yield "previous_mac", previous.mac
        yield "seq", (previous.seq + 1).to_bytes(4, "big")
        for amount in (previous.balance_after - receipt.balance_after, receipt.balance_after - previous.balance_after):
            if amount >= 0:
                yield "amount", amount.to_bytes(4, "big")
        for balance in (previous.balance_after - receipt.amount, previous.balance_after + receipt.amount):
            if 0 <= balance < 1 << 31:
                yield "balance_after", balance.to_bytes(4, "big")
        spent = previous.month_spent_after + receipt.amount
        if spent < 1 << 31:
            yield "month_spent_after", spent.to_bytes(4, "big")
        yield "serial", previous.serial
        yield "key_version", bytes((previous.key_version,))
    if following is not None and following.seq > 0:
        yield "seq", (following.seq - 1).to_bytes(4, "big")


def _single_byte(receipt: Receipt, key: SecretKey) -> str | None:
    """The field of the one byte that was changed, if it was one."""
    raw = bytearray(receipt.raw)
    for offset in range(MAC_OFFSET):
        kept = raw[offset]
        for value in range(256):
            raw[offset] = value
            if value != kept and Receipt(bytes(raw)).is_genuine(key):
                return field_at(offset)
        raw[offset] = kept
    return None
