# SPDX-License-Identifier: Apache-2.0
"""One receipt: 88 bytes that only the card could have made, and their meaning (docs/protocol.md, receipts)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ssn_card.protocol import bcd
from ssn_card.protocol.crypto import SecretKey
from ssn_card.protocol.errors import InputError, Text
from ssn_card.protocol.layout import Layout
from ssn_card.protocol.layouts import RECEIPT, RECEIPT_BY_TYPE
from ssn_card.protocol.values import RECEIPT_LAYOUT_VERSION, ReceiptType

from .faults import fault_of
from .views import View, octets, uint

MAC_OFFSET = RECEIPT.offset("mac")
_SIGNS = {int(ReceiptType.DEBIT): 1, int(ReceiptType.CANCEL): -1}
SAME_IN_ALL = frozenset({"layout_version", "reserved", "padding"})  #: the same in every receipt


def _slices(layout: Layout) -> Mapping[str, slice]:
    return {
        field.name: slice(layout.offset(field.name), layout.offset(field.name) + field.size) for field in layout.fields
    }


_OF_DEBIT = _slices(RECEIPT)
_BY_TYPE = {int(kind): _slices(layout) for kind, layout in RECEIPT_BY_TYPE.items()}
_MOVEMENT = slice(_OF_DEBIT["amount"].start, _OF_DEBIT["balance_after"].start)


def _uint(name: str, kind: ReceiptType = ReceiptType.DEBIT) -> View[int]:
    return uint(_BY_TYPE[kind][name])


def _octets(name: str, kind: ReceiptType = ReceiptType.DEBIT) -> View[bytes]:
    return octets(_BY_TYPE[kind][name])


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt as the card made it; ``raw`` is the only truth, everything else is read from it.

    The first properties are those of every receipt; the others mean something in the types that are named.

    Args:
        raw: 88 bytes (layout ``receipt``).
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

    seq = _uint("seq")
    #: Rupiah.
    balance_after = _uint("balance_after")
    #: Rupiah, in :attr:`month`.
    month_spent_after = _uint("month_spent_after")
    previous_mac = _octets("previous_mac")
    #: Of the entitlement in force.
    update_seq = _uint("update_seq")
    #: Rupiah; less :attr:`balance_after` it is all that was ever spent and not given back.
    granted_total = _uint("granted_total")
    type = _uint("type")
    layout_version = _uint("layout_version")
    key_version = _uint("key_version")
    serial = _octets("serial")
    #: BCD YYMM, the card's month after it; ``0000`` before the first debit.
    month = _octets("month")
    mac = _octets("mac")

    # Of a movement: DEBIT, CANCEL, OVERRIDE.
    #: Rupiah.
    amount = _uint("amount")
    #: Bit mask; of a debit and a cancellation.
    categories = _uint("categories")
    timestamp_bytes = _octets("timestamp")
    terminal_id = _uint("terminal_id")
    terminal_txn = _uint("terminal_txn")
    pin_state = _uint("pin_state")
    #: First 16 bytes of SHA-256 of the basket. Of a debit.
    basket_digest = _octets("basket_digest")
    #: Of a cancellation.
    cancelled_mac = _octets("cancelled_mac", ReceiptType.CANCEL)
    #: The programme's code. Of an overriding.
    reason = _uint("reason", ReceiptType.OVERRIDE)
    #: Of an overriding.
    companion_id = _octets("companion_id", ReceiptType.OVERRIDE)

    # Of an update: what it has set, amounts in rupiah.
    loaded_total = _uint("loaded_total", ReceiptType.UPDATE)
    expired_total = _uint("expired_total", ReceiptType.UPDATE)
    monthly_limit = _uint("monthly_limit", ReceiptType.UPDATE)
    override_max = _uint("override_max", ReceiptType.UPDATE)
    debit_max = _uint("debit_max", ReceiptType.UPDATE)
    pin_above = _uint("pin_above", ReceiptType.UPDATE)
    allowed_categories = _uint("allowed_categories", ReceiptType.UPDATE)
    #: BCD YYMMDD.
    valid_until_bytes = _octets("valid_until", ReceiptType.UPDATE)
    key_selection = _uint("key_selection", ReceiptType.UPDATE)
    state = _uint("state", ReceiptType.UPDATE)
    policy_id = _uint("policy_id", ReceiptType.UPDATE)
    #: BCD YYMMDD.
    issued_on_bytes = _octets("issued_on", ReceiptType.UPDATE)
    pin_count = _uint("pin_count", ReceiptType.UPDATE)
    mend_count = _uint("mend_count", ReceiptType.UPDATE)

    @property
    def movement(self) -> bytes:
        """The 36 bytes that the terminal sent; of an update what it has set."""
        return self.raw[_MOVEMENT]

    @property
    def timestamp(self) -> dt.datetime:
        """The terminal's local time, of a movement. Raises :class:`bcd.BcdError`."""
        return bcd.to_timestamp(self.timestamp_bytes)

    @property
    def issued_on(self) -> dt.date:
        """The bank's day of issue, of an update. Raises :class:`bcd.BcdError`."""
        return bcd.to_date(self.issued_on_bytes)

    @property
    def spent_total(self) -> int:
        """Rupiah ever spent and not given back; negative in what no card writes."""
        return self.granted_total - self.balance_after

    @property
    def moved(self) -> int:
        """Rupiah that it adds to :attr:`spent_total`."""
        return self.amount * _SIGNS.get(self.type, 0)

    @classmethod
    def built(
        cls,
        seq: int,
        movement: bytes,
        answer: bytes,
        *,
        kind: ReceiptType,
        key_version: int,
        serial: bytes,
    ) -> Receipt:
        """The receipt of a movement, out of what was sent and the card's answer.

        Args:
            seq: its number, the quoted one plus one.
            movement: 36 bytes, as sent.
            answer: 35 bytes (layout ``movement_answer``), without the answer's MAC.
            kind: by the command.
            key_version: of RECEIPT, as quoted.
            serial: 8 bytes.

        Raises:
            InputError: a part of another size.
        """
        result, tail, mac = answer[:24], answer[24:27], answer[27:]
        constants = bytes((kind, RECEIPT_LAYOUT_VERSION, key_version)) + serial
        return cls(seq.to_bytes(4, "big") + movement + result + constants + tail + bytes(2) + mac)

    def altered(self, **fields: bytes) -> Receipt:
        """The receipt with these fields, by the names of its type, replaced and its MAC as it is."""
        raw = bytearray(self.raw)
        names = names_of(self.type)
        for name, value in fields.items():
            raw[names[name]] = value
        return Receipt(bytes(raw))

    def is_genuine(self, key: SecretKey) -> bool:
        """Whether the MAC is right under this card's RECEIPT key; constant time."""
        return key.verify_mac8(self.raw[:MAC_OFFSET], self.mac)

    def fault(self) -> str | None:
        """The first field that no card would have written so, or ``None``."""
        return fault_of(self.raw)

    def fields(self) -> dict[str, Any]:
        """Every field by the name it has in a receipt of this type; bytes as hexadecimal, times as ISO 8601."""
        if self.fault() is not None:
            return {"raw": self.raw.hex()}
        kind = ReceiptType(self.type)
        values: dict[str, Any] = {"type": kind.name, "serial": self.serial, "seq": self.seq}
        whole = RECEIPT_BY_TYPE[kind].decode(self.raw)
        values |= {name: value for name, value in whole.items() if name not in (*values, *SAME_IN_ALL)}
        return {name: _readable(value) for name, value in values.items()}


def names_of(kind: int) -> Mapping[str, slice]:
    """Where the fields of a receipt of this type lie; of an unknown type, those of a debit."""
    return _BY_TYPE.get(kind, _OF_DEBIT)


def field_at(offset: int, kind: int) -> str:
    """Name, in a receipt of this type, of the field that holds the byte at ``offset``."""
    return next(name for name, where in names_of(kind).items() if where.start <= offset < where.stop)


def _readable(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.hex()
    return value.isoformat() if isinstance(value, dt.date) else value
