# SPDX-License-Identifier: Apache-2.0
"""What no card writes into a field of a receipt, each field by itself: looked at before any MAC."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from ssn_card.protocol import bcd
from ssn_card.protocol.layout import Field, Kind
from ssn_card.protocol.layouts import RECEIPT, RECEIPT_BY_TYPE
from ssn_card.protocol.values import RECEIPT_LAYOUT_VERSION, KeySelection, LifeState, PinState, ReceiptType

Check = Callable[[bytes], bool]

_TYPE = RECEIPT.offset("type")
_LAYOUT_VERSION = RECEIPT.offset("layout_version")
_TYPES = frozenset(map(int, ReceiptType))
_FIRST_DAY = b"\x01"
_NO_MONTH = bytes(2)


def above_zero(value: bytes) -> bool:
    """A set with something in it."""
    return any(value)


def rupiah(value: bytes) -> bool:
    """An amount, 4 bytes."""
    return value[0] < 0x80


def something(value: bytes) -> bool:
    """An amount or number from 1."""
    return rupiah(value) and any(value)


def zero(value: bytes) -> bool:
    """Nothing at all."""
    return not any(value)


@lru_cache(1 << 12)
def is_date(value: bytes) -> bool:
    """A day, BCD YYMMDD."""
    try:
        bcd.to_date(value)
    except bcd.BcdError:
        return False
    return True


def is_month(value: bytes) -> bool:
    """A month, BCD YYMM, or none yet."""
    return value == _NO_MONTH or is_date(value + _FIRST_DAY)


def is_true_month(value: bytes) -> bool:
    """A month, BCD YYMM."""
    return value != _NO_MONTH and is_month(value)


def _among(values: type[LifeState] | type[PinState]) -> Check:
    known = frozenset(bytes((one,)) for one in values)
    return lambda value: value in known


#: By name, where the kind of the field does not say it.
_NAMED: Mapping[str, Check] = {
    "seq": something,
    "update_seq": something,  # a card without an entitlement is not active, and makes no receipt
    "amount": something,
    "reserved": zero,
    "padding": zero,
    "pin_state": _among(PinState),
    "state": _among(LifeState),
    "key_selection": lambda value: value[0] <= sum(KeySelection),
}
_BY_KIND: Mapping[Kind, Check] = {Kind.TIMESTAMP: bcd.is_timestamp, Kind.DATE: is_date, Kind.MONTH: is_month}
#: A debit is in a month, and buys something.
_OF_DEBIT: Mapping[str, Check] = {"categories": above_zero, "month": is_true_month}


def _check(kind: ReceiptType, field: Field) -> Check | None:
    of_debit = _OF_DEBIT if kind in (ReceiptType.DEBIT, ReceiptType.CANCEL) else {}
    found = of_debit.get(field.name) or _NAMED.get(field.name) or _BY_KIND.get(field.kind)
    return found or (rupiah if field.unit else None)


#: By type: name, place and check of each field that has one.
CHECKS: Mapping[int, tuple[tuple[str, slice, Check], ...]] = {
    int(kind): tuple(
        (field.name, slice(layout.offset(field.name), layout.offset(field.name) + field.size), check)
        for field in layout.fields
        if (check := _check(ReceiptType(kind), field)) is not None
    )
    for kind, layout in RECEIPT_BY_TYPE.items()
}


def fault_of(raw: bytes) -> str | None:
    """The first field of these 88 bytes that no card writes so, by the order of the layout; type and version first."""
    kind = raw[_TYPE]
    if kind not in _TYPES:
        return "type"
    if raw[_LAYOUT_VERSION] != RECEIPT_LAYOUT_VERSION:
        return "layout_version"
    return next((name for name, where, check in CHECKS[kind] if not check(raw[where])), None)
