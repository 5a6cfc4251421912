# SPDX-License-Identifier: Apache-2.0
"""How receipts are checked, in order, and receipts and chains that fail at each check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .. import layouts, values
from ..labels import KeyLabel
from . import sample
from .playing import kind_of
from .sample import readable
from .sample_card import seal
from .scripts.journey import journey


class Check(NamedTuple):
    """One check: the field that a failure is laid to, and what must hold."""

    field: str
    rule: str


_KINDS = f"{min(values.ReceiptType):d} to {max(values.ReceiptType):d}"
_PIN_STATES = f"of a movement: {min(values.PinState):d} to {max(values.PinState):d}"

#: A receipt alone. Nothing before ``mac`` is trusted; it only chooses the key.
ALONE: tuple[Check, ...] = (
    Check("size", f"{layouts.RECEIPT.size} bytes"),
    Check("type", _KINDS),
    Check("layout_version", f"{values.RECEIPT_LAYOUT_VERSION}"),
    Check("reserved", "zero; so is `padding` of a cancel or an override"),
    Check("pin_state", _PIN_STATES),
    Check("timestamp", "a possible moment; of an update, `valid_until` and `issued_on` are possible days"),
    Check("amount", "1 to 2^31 - 1; of an update, every amount is 0 to 2^31 - 1"),
    Check("serial", "a card that the verifier knows"),
    Check("key_version", "a version of the RECEIPT key that the verifier has for that card"),
    Check("mac", "AES-CMAC under that key over all that precedes, first 8 bytes, compared in constant time"),
)

#: A receipt after its predecessor, both good alone. Their serials are the same.
CHAINED: tuple[Check, ...] = (
    Check("seq", "one more than the predecessor's; 1 for a first receipt. A jump is a missing receipt"),
    Check("previous_mac", "the predecessor's mac; zero for a first receipt. A difference is another history"),
    Check("update_seq", "the predecessor's; of an update, more than the predecessor's"),
    Check("cancelled_mac", "of a cancel: the predecessor is a debit with this mac"),
    Check("amount", "of a cancel: amount, categories, terminal_id and month are the debit's"),
    Check("balance_after", "follows from the predecessor's, see below"),
    Check("granted_total", "follows from the predecessor's, see below"),
    Check("month", "follows from the predecessor's, see below"),
    Check("month_spent_after", "follows from the predecessor's, see below"),
)


def vectors() -> dict[str, Any]:
    """For ``receipts.json``."""
    return {
        "serial": sample.SERIAL.hex(),
        "key_label": str(KeyLabel.RECEIPT),
        "key": sample.card_key(KeyLabel.RECEIPT).value().hex(),
        "key_version": sample.VERSION,
        "chain": [
            {"type": kind_of(receipt).name, "receipt": receipt.hex(), "fields": fields_of(receipt)}
            for receipt in chain()
        ],
        "invalid": cases(),
    }


def chain() -> list[bytes]:
    """The receipts of the example card's first weeks."""
    return journey().card.chain


def fields_of(receipt: bytes) -> sample.Values:
    """A receipt's fields under the names of its type, for JSON."""
    return readable(layouts.RECEIPT_BY_TYPE[kind_of(receipt)], receipt)


def _changed(receipt: bytes, field: str, value: bytes | int, *, sealed: bool = True) -> bytes:
    layout = layouts.RECEIPT_BY_TYPE[kind_of(receipt)]
    at = layout.offset(field)
    size = next(one.size for one in layout.fields if one.name == field)
    new = value.to_bytes(size, "big") if isinstance(value, int) else value
    changed = receipt[:at] + new + receipt[at + size :]
    return seal(changed) if sealed else changed


def _alone() -> Iterator[tuple[str, str, bytes]]:
    """Field at fault, why, receipt."""
    update, debit, cancel = chain()[:3]
    yield "size", "one byte short", debit[:-1]
    yield "type", "type 5", _changed(debit, "type", 5)
    yield "type", "type 0", _changed(debit, "type", 0)
    yield "layout_version", "layout 2", _changed(debit, "layout_version", 2)
    yield "reserved", "not zero", _changed(debit, "reserved", 1)
    yield "reserved", "not zero, of an update", _changed(update, "reserved", 1)
    yield "reserved", "padding not zero", _changed(cancel, "padding", 1)
    yield "pin_state", "state 3", _changed(debit, "pin_state", 3)
    yield "timestamp", "hour 24", _changed(debit, "timestamp", bytes.fromhex("260107240000"))
    yield "timestamp", "no BCD", _changed(debit, "timestamp", bytes.fromhex("26010A101530"))
    yield "timestamp", "30 February, of an update", _changed(update, "issued_on", bytes.fromhex("260230"))
    yield "amount", "zero", _changed(debit, "amount", 0)
    yield "amount", "2^31", _changed(debit, "amount", 1 << 31)
    yield "amount", "a limit of 2^31, of an update", _changed(update, "debit_max", 1 << 31)
    yield "serial", "a card without a key", _changed(debit, "serial", sample.OTHER_SERIAL, sealed=False)
    yield "key_version", "a version without a key", _changed(debit, "key_version", 9, sealed=False)
    yield "mac", "last bit changed", debit[:-1] + bytes((debit[-1] ^ 1,))
    yield "mac", "one rupiah less", _changed(debit, "amount", 72_499, sealed=False)
    yield "mac", "another type", _changed(debit, "type", 3, sealed=False)
    yield "mac", "PIN given, where it was not", _changed(debit, "pin_state", 1, sealed=False)


def _chained() -> Iterator[tuple[str, str, bytes, bytes]]:
    """Field at fault, why, predecessor, receipt."""
    update, debit, cancel, second, override, february, third, end = chain()
    yield "seq", "a receipt is missing", update, cancel
    yield "seq", "the same number twice", debit, _changed(cancel, "seq", 2)
    yield "previous_mac", "another history", debit, _changed(cancel, "previous_mac", 0)
    yield "update_seq", "a movement under an update that did not come", cancel, _changed(second, "update_seq", 2)
    yield "update_seq", "an update that goes back", third, _changed(end, "update_seq", 2)
    yield "cancelled_mac", "cancels another debit", debit, _changed(cancel, "cancelled_mac", 1)
    yield "cancelled_mac", "cancels an override", override, _linked(cancel, override)
    yield "amount", "cancels more than the debit", debit, _changed(cancel, "amount", 72_501)
    yield "amount", "cancels other goods", debit, _changed(cancel, "categories", 2)
    yield "amount", "cancels at another terminal", debit, _changed(cancel, "terminal_id", sample.OTHER_TERMINAL_ID)
    yield "amount", "cancels in another month", debit, _changed(cancel, "timestamp", bytes.fromhex("260207101702"))
    for kind, before, receipt in (
        ("debit", cancel, second),
        ("cancel", debit, cancel),
        ("override", second, override),
        ("update", override, february),
    ):
        told = layouts.RECEIPT.decode(_as_debit(receipt))
        yield "balance_after", f"{kind}: one rupiah too much", before, _more(receipt, "balance_after", told)
        yield "granted_total", f"{kind}: one rupiah too much", before, _more(receipt, "granted_total", told)
        yield "month", f"{kind}: another month", before, _changed(receipt, "month", bytes.fromhex("2605"))
        yield "month_spent_after", f"{kind}: one rupiah too much", before, _more(receipt, "month_spent_after", told)
    told = layouts.RECEIPT.decode(_as_debit(end))
    yield (
        "balance_after",
        "update: what expired is still there",
        third,
        _changed(end, "balance_after", told["balance_after"] + 17_500),
    )


def _as_debit(receipt: bytes) -> bytes:
    """The receipt with a debit's first bytes, so that any type's result can be read."""
    debit = chain()[1]
    at, end = layouts.RECEIPT.offset("amount"), layouts.RECEIPT.offset("balance_after")
    return receipt[:at] + debit[at:end] + receipt[end:]


def _more(receipt: bytes, field: str, told: dict[str, Any]) -> bytes:
    return _changed(receipt, field, told[field] + 1)


def _linked(receipt: bytes, before: bytes) -> bytes:
    """The receipt with the number and the previous MAC that would follow ``before``."""
    number = int.from_bytes(before[:4], "big") + 1
    return _changed(_changed(receipt, "seq", number), "previous_mac", before[-8:])


def cases() -> list[dict[str, Any]]:
    """For ``receipts.json``: each with the first wrong field in the order of the checks."""
    alone = [{"first_wrong": field, "why": why, "previous": "", "receipt": one.hex()} for field, why, one in _alone()]
    return alone + [
        {"first_wrong": field, "why": why, "previous": before.hex(), "receipt": one.hex()}
        for field, why, before, one in _chained()
    ]
