# SPDX-License-Identifier: Apache-2.0
"""Names the field that was altered in a receipt whose MAC is wrong, where the key can tell.

A wrong MAC alone says nothing of where. But a change is often small, and the receipt's neighbours state what several
fields must be. So the receipt is repaired in the likely ways; a repair under which the MAC is right proves what the
card wrote, and therefore which field was changed. At most about 17,000 MACs, some 50 ms.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import ne

from ssn_card.protocol.crypto import SecretKey

from .receipt import MAC_OFFSET, Receipt, field_at


def altered_field(receipt: Receipt, key: SecretKey, previous: Receipt | None, following: Receipt | None) -> str | None:
    """The field that was altered, or ``None`` where more was changed than can be told.

    Args:
        receipt: one whose MAC is wrong.
        key: the RECEIPT key of the card that the receipt names.
        previous, following: genuine neighbours in the card's sequence, where known.
    """
    for name, value in _expected(receipt, previous, following):
        if receipt.altered(**{name: value}).is_genuine(key):
            return name
    computed = key.mac8(receipt.raw[:MAC_OFFSET])
    if sum(map(ne, computed, receipt.mac)) == 1:
        return "mac"
    return _single_byte(receipt, key)


def _expected(receipt: Receipt, previous: Receipt | None, following: Receipt | None) -> Iterator[tuple[str, bytes]]:
    """What the neighbours say that the fields must be; not those that choose the key, which the verifier tries."""
    if previous is not None:
        yield "previous_mac", previous.mac
        yield "seq", _number(previous.seq + 1)
        yield "amount", _number(previous.balance_after - receipt.balance_after)
        yield "amount", _number(receipt.balance_after - previous.balance_after)
        yield "balance_after", _number(previous.balance_after - receipt.amount)
        yield "balance_after", _number(previous.balance_after + receipt.amount)
        yield "month_spent_after", _number(previous.month_spent_after + receipt.amount)
    if following is not None:
        yield "mac", following.previous_mac
        yield "seq", _number(following.seq - 1)


def _number(value: int) -> bytes:
    """The bytes of a field; of what fits none, other bytes, under which no MAC is right."""
    return (value % (1 << 32)).to_bytes(4, "big")


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
