# SPDX-License-Identifier: Apache-2.0
"""Receipts, findings and sales as tables for people and plain values for ``--json``."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from rich.console import RenderableType

from ssn_card.protocol.errors import InputError, Text, rupiah
from ssn_card.protocol.layouts import RECEIPT_BY_TYPE
from ssn_card.protocol.values import LifeState, PinState, ReceiptType
from ssn_card.receipts import Finding, Receipt

from .output import say
from .tables import facts, table
from .words import FIELDS, NONE, PINS, STATES, field, goods, keys, month, receipt_type, without_pin

_AMOUNTS = frozenset(
    field.name for layout in RECEIPT_BY_TYPE.values() for field in layout.fields if field.unit == "rupiah"
)
#: How a field's plain value is written for people, where it is not as it is.
_WRITTEN: dict[str, Callable[[Any], str]] = {
    **dict.fromkeys(_AMOUNTS, rupiah),
    "pin_above": without_pin,
    "state": lambda value: say(STATES[LifeState(value)]),
    "type": lambda value: receipt_type(ReceiptType[value]),
    "month": month,
    "key_selection": keys,
    "pin_state": lambda value: say(PINS[PinState(value)]),
    "categories": goods,
    "allowed_categories": goods,
}
_LEFT, _RIGHT, _WHOLE = "left", "right", "whole"
_RECEIPT_COLUMNS = (
    (Text("no.", "no."), _RIGHT),
    (Text("when", "waktu"), _WHOLE),
    (Text("what", "jenis"), _LEFT),
    (Text("amount", "jumlah"), _RIGHT),
    (Text("balance", "sisa"), _RIGHT),
    (Text("terminal", "terminal"), _RIGHT),
)


def receipt_fields(receipt: Receipt) -> dict[str, Any]:
    """Every field by name, or ``raw`` alone where no card can have written them."""
    try:
        return receipt.fields()
    except InputError:
        return {"raw": receipt.raw.hex()}


def receipt_facts(title: Text, receipt: Receipt) -> RenderableType:
    """One receipt, field by field."""
    fields = receipt_fields(receipt)
    return facts(title, ((FIELDS[name], _WRITTEN.get(name, str)(value)) for name, value in fields.items()))


def receipt_table(title: Text, receipts: Iterable[tuple[int, Receipt]]) -> RenderableType:
    """Receipts of a file, each with the line that it stands in."""
    columns = ((Text("line", "baris"), _RIGHT), (Text("card", "kartu"), _WHOLE), *_RECEIPT_COLUMNS)
    return table(title, columns, ((str(line), one.serial.hex(), *_row(one)) for line, one in receipts))


def card_receipts_table(title: Text, receipts: Iterable[Receipt]) -> RenderableType:
    """Receipts of one card."""
    return table(title, _RECEIPT_COLUMNS, (_row(one) for one in receipts))


def _row(receipt: Receipt) -> tuple[str, ...]:
    if receipt.fault() is not None:
        return (NONE, NONE, f"? {field(str(receipt.fault()))}", NONE, NONE, NONE)
    update = receipt.type == ReceiptType.UPDATE
    return (
        str(receipt.seq),
        receipt.issued_on.isoformat() if update else receipt.timestamp.isoformat(sep=" "),
        receipt_type(receipt.type),
        rupiah(receipt.loaded_total if update else receipt.amount),
        rupiah(receipt.balance_after),
        NONE if update else str(receipt.terminal_id),
    )


def findings_table(title: Text, findings: Sequence[Finding], several: bool) -> RenderableType:
    """What is wrong; ``several``: more files than one were looked at, so each is named."""
    columns = (
        *(((Text("file", "berkas"), _WHOLE),) if several else ()),
        (Text("line", "baris"), _RIGHT),
        (Text("card", "kartu"), _WHOLE),
        (Text("no.", "no."), _RIGHT),
        (Text("field", "bidang"), _LEFT),
        (Text("finding", "temuan"), _LEFT),
    )
    return table(title, columns, ((*((one.file or NONE,) if several else ()), *_finding_row(one)) for one in findings))


def _finding_row(one: Finding) -> tuple[str, ...]:
    return (
        str(one.line) if one.line else NONE,
        one.serial.hex() if one.serial else NONE,
        NONE if one.seq is None else str(one.seq),
        field(one.field) if one.field else NONE,
        say(one.problem.value) + (f" ({say(one.detail)})" if one.detail.en else ""),
    )
