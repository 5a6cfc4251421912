# SPDX-License-Identifier: Apache-2.0
"""Names the field that was altered in a receipt whose MAC is wrong, where the key can tell.

A wrong MAC alone says nothing of where. But a change is often small, and the receipt's neighbours state what several
fields must be. So the receipt is repaired in the likely ways; a repair under which the MAC is right proves what the
card wrote, and therefore which field was changed. At most about 21,000 MACs, some 10 ms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import ne

from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.values import ReceiptType

from .findings import Problem
from .genuine import ReceiptKeys
from .receipt import MAC_OFFSET, Receipt, field_at

_BYTES = tuple(bytes((value,)) for value in range(256))


#: Where the one byte that was changed lies, under which value the MAC is right; ``None``: it was not one.
ByteSearch = Callable[[Receipt, SecretKey], int | None]


def single_byte(receipt: Receipt, key: SecretKey) -> int | None:
    """A :data:`ByteSearch` that needs nothing but ``cryptography``."""
    message = receipt.raw[:MAC_OFFSET]
    for offset in range(MAC_OFFSET):
        if key.verifies_one(message[:offset], _BYTES, message[offset + 1 :], receipt.mac):
            return offset
    return None


def diagnosed(
    receipt: Receipt,
    keys: ReceiptKeys,
    previous: Receipt | None,
    following: Receipt | None,
    serials: Iterable[bytes],
    search: ByteSearch = single_byte,
) -> tuple[Problem, str | None]:
    """What is wrong with a receipt that is not genuine, and the field that was altered, where it can be told.

    Args:
        receipt: one whose MAC is wrong under the key that it names, or for which there is none.
        keys: of all cards.
        previous, following: genuine neighbours in the sequence of the card that it names, where known.
        serials: of cards that it may be of instead.
        search: finds a single byte; a faster one must find the same.
    """
    for field, candidate in relabelled(receipt, keys.versions, serials):
        if keys.genuine(candidate):
            return Problem.FORGED, field
    key = keys.of(receipt.serial, receipt.key_version)
    if key is None:
        return undiagnosed(receipt, keys)
    return Problem.FORGED, altered_field(receipt, key, previous, following, search)


def undiagnosed(receipt: Receipt, keys: ReceiptKeys) -> tuple[Problem, str | None]:
    """Likewise, without looking for what was altered."""
    return (Problem.FORGED, None) if keys.has(receipt) else (Problem.UNKNOWN_KEY, "serial")


def altered_field(
    receipt: Receipt,
    key: SecretKey,
    previous: Receipt | None,
    following: Receipt | None,
    search: ByteSearch = single_byte,
) -> str | None:
    """The field that was altered, or ``None`` where more was changed than can be told.

    Args:
        receipt: one whose MAC is wrong.
        key: the RECEIPT key of the card that the receipt names.
        previous, following: genuine neighbours in the card's sequence, where known.
        search: as of :func:`diagnosed`.
    """
    for name, value in _expected(receipt, previous, following):
        if receipt.altered(**{name: value}).is_genuine(key):
            return name
    computed = key.mac8(receipt.raw[:MAC_OFFSET])
    if sum(map(ne, computed, receipt.mac)) == 1:
        return "mac"
    offset = search(receipt, key)
    return None if offset is None else field_at(offset, receipt.type)


def relabelled(receipt: Receipt, versions: Iterable[int], serials: Iterable[bytes]) -> Iterator[tuple[str, Receipt]]:
    """The receipt under other key versions and under serials of known cards, each with the field that it changes.

    These fields choose the key, so it is for the caller to see which of them is genuine.
    """
    for version in versions:
        if version != receipt.key_version:
            yield "key_version", receipt.altered(key_version=bytes((version,)))
    for serial in serials:
        yield "serial", receipt.altered(serial=serial)


def _expected(receipt: Receipt, previous: Receipt | None, following: Receipt | None) -> Iterator[tuple[str, bytes]]:
    """What the neighbours say that the fields must be; not those that choose the key, which the verifier tries."""
    if receipt.type == ReceiptType.DEBIT:
        yield "month", receipt.timestamp_bytes[:2]
    if previous is not None:
        yield "previous_mac", previous.mac
        yield "seq", _number(previous.seq + 1)
        yield from (_updated if receipt.type == ReceiptType.UPDATE else _moved)(receipt, previous)
    if following is not None:
        yield "mac", following.previous_mac
        yield "seq", _number(following.seq - 1)
        if following.type != ReceiptType.UPDATE:
            yield from _beside(following)
            yield "balance_after", _number(following.balance_after + following.moved)


def _moved(receipt: Receipt, previous: Receipt) -> Iterator[tuple[str, bytes]]:
    """What the receipt before says of a movement."""
    yield from _beside(previous)
    yield "balance_after", _number(previous.balance_after - receipt.moved)
    yield "month_spent_after", _number(previous.month_spent_after + receipt.moved)
    if receipt.type == ReceiptType.DEBIT:
        yield "month_spent_after", _number(receipt.amount)
        yield "amount", _number(previous.balance_after - receipt.balance_after)
    elif receipt.type == ReceiptType.CANCEL:
        yield "cancelled_mac", previous.mac
        yield "amount", _number(receipt.balance_after - previous.balance_after)
        yield "categories", previous.categories.to_bytes(2, "big")
        yield "terminal_id", _number(previous.terminal_id)
    if receipt.type != ReceiptType.DEBIT:
        yield "month", previous.month


def _updated(receipt: Receipt, previous: Receipt) -> Iterator[tuple[str, bytes]]:
    """What the receipt before says of an update: nothing is spent by it."""
    yield "balance_after", _number(receipt.granted_total - previous.spent_total)
    yield "granted_total", _number(receipt.balance_after + previous.spent_total)
    yield "month_spent_after", _number(previous.month_spent_after)
    yield "month", previous.month


def _beside(neighbour: Receipt) -> Iterator[tuple[str, bytes]]:
    """What changes by updates only."""
    yield "update_seq", _number(neighbour.update_seq)
    yield "granted_total", _number(neighbour.granted_total)


def _number(value: int) -> bytes:
    """The bytes of a field; of what fits none, other bytes, under which no MAC is right."""
    return (value % (1 << 32)).to_bytes(4, "big")
