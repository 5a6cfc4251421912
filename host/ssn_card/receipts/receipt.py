# SPDX-License-Identifier: Apache-2.0
"""One receipt: 72 bytes that only the card could have made, and their meaning (docs/protocol.md, receipts)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from ssn_card.protocol import bcd
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.layouts import RECEIPT, RECEIPT_BY_TYPE
from ssn_card.protocol.values import MAX_AMOUNT, RECEIPT_LAYOUT_VERSION, ReceiptType

MAC_OFFSET = RECEIPT.offset("mac")
_TYPES = frozenset(map(int, ReceiptType))

_SLICES = {
    field.name: slice(RECEIPT.offset(field.name), RECEIPT.offset(field.name) + field.size) for field in RECEIPT.fields
}


def _uint(name: str) -> property:
    where = _SLICES[name]
    if where.stop == where.start + 1:
        return property(lambda self: self.raw[where.start])
    return property(lambda self: int.from_bytes(self.raw[where], "big"))


def _octets(name: str) -> property:
    where = _SLICES[name]
    return property(lambda self: self.raw[where])


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as the card made it; ``raw`` is the only truth, everything else is read from it.

    Args:
        raw: 72 bytes (layout ``receipt``).
    """

    raw: bytes

    def __post_init__(self) -> None:
        if len(self.raw) != RECEIPT.size:
            raise InputError(
                Text(
                    f"A receipt has {RECEIPT.size} bytes, got {len(self.raw)}.",
                    f"Kuitansi harus {RECEIPT.size} bita, diterima {len(self.raw)}.",
                ),
                where="receipt",
            )

    type = _uint("type")
    layout_version = _uint("layout_version")
    key_version = _uint("key_version")
    serial = _octets("serial")
    reserved = _octets("reserved")
    seq = _uint("seq")
    #: Rupiah. Of an update: the total ever loaded.
    amount = _uint("amount")
    categories = _uint("categories")
    #: Of an update: its number.
    terminal_id = _uint("terminal_id")
    terminal_txn = _uint("terminal_txn")
    #: First 8 bytes of SHA-256 of the basket; of a cancellation the cancelled MAC, of an update the update's MAC.
    basket_digest = _octets("basket_digest")
    balance_after = _uint("balance_after")
    month_spent_after = _uint("month_spent_after")
    previous_mac = _octets("previous_mac")
    mac = _octets("mac")
    timestamp_bytes = _octets("timestamp")

    @property
    def timestamp(self) -> dt.datetime:
        """The terminal's local time, or the bank's of an update. Raises :class:`bcd.BcdError`."""
        return bcd.to_timestamp(self.timestamp_bytes)

    @property
    def month(self) -> bytes:
        """BCD YYMM of the timestamp."""
        return self.raw[_SLICES["timestamp"]][:2]

    def altered(self, **fields: bytes) -> Receipt:
        """The receipt with these fields replaced and its MAC as it is."""
        raw = bytearray(self.raw)
        for name, value in fields.items():
            raw[_SLICES[name]] = value
        return Receipt(bytes(raw))

    def is_genuine(self, key: SecretKey) -> bool:
        """Whether the MAC is right under this card's RECEIPT key; constant time."""
        return key.verify_mac8(self.raw[:MAC_OFFSET], self.mac)

    def fault(self) -> str | None:
        """The first field that no card would have written so, or ``None``."""
        if self.type not in _TYPES:
            return "type"
        if self.layout_version != RECEIPT_LAYOUT_VERSION:
            return "layout_version"
        if any(self.reserved):
            return "reserved"
        if self.seq == 0:
            return "seq"
        if not bcd.is_timestamp(self.timestamp_bytes):
            return "timestamp"
        least = 0 if self.type == ReceiptType.UPDATE else 1
        return None if least <= self.amount <= MAX_AMOUNT else "amount"

    def fields(self) -> dict[str, Any]:
        """Every field by the name it has in a receipt of this type; bytes as hexadecimal, times as ISO 8601."""
        if self.fault() is not None:
            return {"raw": self.raw.hex()}
        kind = ReceiptType(self.type)
        values: dict[str, Any] = {"type": kind.name, "serial": self.serial, "seq": self.seq}
        whole = RECEIPT_BY_TYPE[kind].decode(self.raw)
        values |= {name: value for name, value in whole.items() if name not in (*values, "layout_version", "reserved")}
        return {name: _readable(value) for name, value in values.items()}


def field_at(offset: int) -> str:
    """Name of the receipt's field that holds the byte at ``offset``."""
    return next(name for name, where in _SLICES.items() if where.start <= offset < where.stop)


def _readable(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, dt.datetime) else value
