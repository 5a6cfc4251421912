# SPDX-License-Identifier: Apache-2.0
"""How receipts are checked, in order, and receipts that fail at each check."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .. import layouts, values
from ..labels import KeyLabel
from . import receipt_chains, receipt_histories, sample
from .playing import kind_of
from .receipt_chains import changed
from .sample import readable
from .sample_card import seal
from .scripts.journey import journey


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
    Check("(each field)", "what a card writes there, see below; in the order of the layout of its type"),
    Check("serial", "a card that the verifier knows"),
    Check("key_version", "a version of the RECEIPT key that the verifier has for that card"),
    Check("mac", "AES-CMAC under that key over all that precedes, first 8 bytes, compared in constant time"),
)

#: What a card writes into a field, whatever else; of any type that has it.
WRITTEN: tuple[Check, ...] = (
    Check("seq, update_seq, amount", "1 to 2^31 - 1"),
    Check("loaded_total and all other rupiah", "0 to 2^31 - 1"),
    Check("categories", "of a debit and a cancel: not zero"),
    Check("timestamp, valid_until, issued_on", "a possible moment, or day"),
    Check("month", "a month, or 0000; of a debit and a cancel a month"),
    Check("pin_state", f"{min(values.PinState):d} to {max(values.PinState):d}"),
    Check("state", f"{min(values.LifeState):d} to {max(values.LifeState):d}"),
    Check("key_selection", f"{sum(values.KeySelection):02X} at most"),
    Check("reserved, padding", "zero"),
)

#: A receipt after its predecessor, both good alone. Their serials are the same.
CHAINED: tuple[Check, ...] = (
    Check("seq", "one more than the predecessor's; 1 for a first receipt. A jump is a gap"),
    Check("previous_mac", "the predecessor's mac; zero for a first receipt. A difference is another history"),
    Check("balance_after", "at most granted_total"),
    Check("expired_total", "of an update: at most loaded_total"),
    Check("balance_after", "of an update: at most loaded_total - expired_total"),
    Check("granted_total", "of an update: loaded_total - expired_total to loaded_total"),
    Check("override_max", "of an update: with monthly_limit below 2^31"),
    Check("month", "of a debit and a cancel, that of the timestamp"),
    Check("cancelled_mac", "of a cancel: the predecessor is a debit with this mac"),
    Check("amount, categories, terminal_id", "of a cancel: the debit's"),
    Check("update_seq", "the predecessor's; of an update, more than the predecessor's"),
    Check(
        "loaded_total, expired_total, pin_count, mend_count, key_selection, state",
        "of an update: none less than in the update before, no bit lost, TERMINATED stays",
    ),
    Check("granted_total, balance_after, month_spent_after, month", "follow from the predecessor's, see below"),
    Check("key_version", "the predecessor's, but behind an update that first sets the RECEIPT bit"),
    Check("pin_state", "not 2 (no PIN) where the card had one; 0 and 1 on a card without, after a choice only"),
    Check("month_spent_after", "at most granted_total - balance_after"),
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
        "chains": receipt_chains.cases() + receipt_histories.cases(),
    }


def chain() -> list[bytes]:
    """The receipts of the example card's first weeks."""
    return journey().card.chain


def fields_of(receipt: bytes) -> sample.Values:
    """A receipt's fields under the names of its type, for JSON."""
    return readable(layouts.RECEIPT_BY_TYPE[kind_of(receipt)], receipt)


def _alone() -> Iterator[tuple[str, str, bytes]]:
    """Field at fault, why, receipt."""
    update, debit, cancel = chain()[:3]
    yield "size", "one byte short", debit[:-1]
    yield "size", "one byte long", debit + b"\x00"
    yield "size", "empty", b""
    yield "type", "type 5", changed(debit, "type", 5)
    yield "type", "type 0", changed(debit, "type", 0)
    yield "layout_version", "layout 2", changed(debit, "layout_version", 2)
    yield "seq", "number 0", changed(debit, "seq", 0)
    yield "seq", "number 2^31", changed(debit, "seq", 1 << 31)
    yield "update_seq", "of a debit: update 0", changed(debit, "update_seq", 0)
    yield "update_seq", "of an update: number 0", changed(update, "update_seq", 0)
    yield "update_seq", "number 2^31, of an update", changed(update, "update_seq", 1 << 31)
    yield "amount", "zero", changed(debit, "amount", 0)
    yield "amount", "2^31", changed(debit, "amount", 1 << 31)
    yield "categories", "none", changed(debit, "categories", 0)
    yield "timestamp", "hour 24", changed(debit, "timestamp", bytes.fromhex("260107240000"))
    yield "timestamp", "no BCD", changed(debit, "timestamp", bytes.fromhex("26010A101530"))
    yield "timestamp", "year 80", changed(debit, "timestamp", bytes.fromhex("800107101530"))
    yield "valid_until", "year 80", changed(update, "valid_until", bytes.fromhex("800101"))
    yield "month", "year 80, of an update", changed(update, "month", bytes.fromhex("8001"))
    yield "balance_after", "2^31", changed(debit, "balance_after", 1 << 31)
    yield "month", "a 13th month", changed(debit, "month", bytes.fromhex("2613"))
    yield "month", "none, of a debit", changed(debit, "month", bytes(2))
    yield "pin_state", "state 3", changed(debit, "pin_state", 3)
    yield "reserved", "not zero", changed(debit, "reserved", 1)
    yield "padding", "not zero, of a cancel", changed(cancel, "padding", 1)
    yield "reserved", "not zero, of an update", changed(update, "reserved", 1)
    yield "issued_on", "30 February", changed(update, "issued_on", bytes.fromhex("260230"))
    yield "debit_max", "a limit of 2^31", changed(update, "debit_max", 1 << 31)
    yield "state", "state 5", changed(update, "state", 5)
    yield "key_selection", "a bit without a meaning", changed(update, "key_selection", 0x10)
    yield "serial", "a card without a key", changed(debit, "serial", sample.OTHER_SERIAL, sealed=False)
    yield "key_version", "a version without a key", changed(debit, "key_version", 9, sealed=False)
    yield "mac", "last bit changed", debit[:-1] + bytes((debit[-1] ^ 1,))
    yield "mac", "one rupiah less", changed(debit, "amount", 72_499, sealed=False)
    yield "mac", "a cancel told to be an override", changed(cancel, "type", 3, sealed=False)
    yield "padding", "a debit told to be an override", changed(debit, "type", 3, sealed=False)
    yield "mac", "PIN given, where it was not", changed(debit, "pin_state", 1, sealed=False)


def _chained() -> Iterator[tuple[str, str, bytes, bytes]]:
    """Field at fault, why, predecessor, receipt."""
    _, debit, cancel, second, override, february, third, end = chain()
    yield "previous_mac", "another history", debit, changed(cancel, "previous_mac", 0)
    yield "update_seq", "a movement under an update that did not come", cancel, changed(second, "update_seq", 2)
    yield "update_seq", "an update that goes back", third, changed(end, "update_seq", 2)
    yield "cancelled_mac", "cancels another debit", debit, changed(cancel, "cancelled_mac", 1)
    yield "amount", "cancels more than the debit", debit, changed(cancel, "amount", 72_501)
    yield "categories", "cancels other goods", debit, changed(cancel, "categories", 2)
    yield "terminal_id", "cancels at another terminal", debit, changed(cancel, "terminal_id", sample.OTHER_TERMINAL_ID)
    yield "month", "cancels in another month", debit, changed(cancel, "timestamp", bytes.fromhex("260207101702"))
    yield "expired_total", "more expired than was loaded", third, changed(end, "expired_total", 400_001)
    yield "balance_after", "update: what expired is still there", third, changed(end, "balance_after", 190_000)
    second_version = changed(cancel, "key_version", sample.VERSION + 1)
    sealed = seal(second_version, sample.card_key(KeyLabel.RECEIPT, sample.VERSION + 1))
    yield "key_version", "a version that no update brought", debit, sealed
    yield "pin_state", "a PIN that no update brought", debit, changed(cancel, "pin_state", 1)
    for before, receipt in ((cancel, second), (debit, cancel), (second, override), (override, february)):
        kind = kind_of(receipt).name.lower()
        told = layouts.RECEIPT_BY_TYPE[kind_of(receipt)].decode(receipt)
        for field in ("balance_after", "granted_total", "month_spent_after"):
            yield field, f"{kind}: one rupiah too much", before, changed(receipt, field, told[field] + 1)
        yield "month", f"{kind}: another month", before, changed(receipt, "month", bytes.fromhex("2605"))


def cases() -> list[dict[str, Any]]:
    """For ``receipts.json``: each with the first wrong field in the order of the checks."""
    alone = [{"first_wrong": field, "why": why, "previous": "", "receipt": one.hex()} for field, why, one in _alone()]
    return alone + [
        {"first_wrong": field, "why": why, "previous": before.hex(), "receipt": one.hex()}
        for field, why, before, one in _chained()
    ]
