# SPDX-License-Identifier: Apache-2.0
"""Decodes and redacts APDUs by the command table, for traces that may leave the room.

Nothing is shown unless the table says that it may be: a data field that the table does not describe, a body or
answer marked sensitive, everything under secure messaging and every SCP03 challenge is replaced by its length.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import status
from .commands import BY_INS, READ_RECEIPT, SELECT, Command, Security
from .crypto import MAC_LENGTH
from .errors import SsnCardError
from .layout import Layout
from .layouts import NO_RECEIPT_ANSWER, RECEIPT, RECEIPT_BY_TYPE, SELECT_ANSWER
from .values import APPLET_AID

_HEADER = 5  #: CLA INS P1 P2 and Lc or Le


@dataclass(frozen=True)
class TracedExchange:
    """One command and its answer with nothing private in them.

    ``command`` and ``answer`` are hexadecimal with redacted parts as ``<n bytes>``; ``fields`` holds decoded values.
    """

    name: str
    command: str
    answer: str
    sw: str
    meaning: str
    fields: dict[str, str] = field(default_factory=dict)


def trace(command: bytes, answer: bytes) -> TracedExchange:
    """Decode one exchange; never raises on malformed input, shows its lengths instead."""
    entry = BY_INS.get(command[1]) if len(command) >= 4 else None
    if entry is not None and entry.cla != command[0]:
        entry = None  # another applet's command: its data may be anything
    sw = int.from_bytes(answer[-2:], "big") if len(answer) >= 2 else 0
    if entry is None:
        return TracedExchange("UNKNOWN", _hidden(len(command)), _hidden(max(len(answer) - 2, 0)), f"{sw:04X}", "")
    body, data = command[_HEADER:], answer[:-2]
    fields: dict[str, str] = {}
    shown = f"{command[:_HEADER].hex()} {_body(entry, body, fields)}".strip()
    ours = entry is not SELECT or _selects_us(body)
    shown_answer = _answer(entry, data, fields) if ours else _hidden(len(data))
    meaning = "OK" if sw == status.OK else status.error_for(sw).text.en
    return TracedExchange(entry.name, shown, shown_answer, f"{sw:04X}", meaning, fields)


def _selects_us(body: bytes) -> bool:
    """Whether a SELECT names our applet, with nothing behind the AID but Le."""
    return body[: len(APPLET_AID)] == APPLET_AID and len(body) <= len(APPLET_AID) + 1


def _body(entry: Command, body: bytes, fields: dict[str, str]) -> str:
    if entry is SELECT and _selects_us(body):
        return body.hex()
    if entry.sensitive_body or entry.body is None or entry.security in (Security.NONE, Security.SCP03):
        return _hidden(len(body))
    return _shown(entry.body, body, fields)


def _answer(entry: Command, data: bytes, fields: dict[str, str]) -> str:
    if entry.sensitive_answer or entry.security is Security.SCP03:
        return _hidden(len(data))
    layout = entry.answer
    whole_receipt = len(data) == RECEIPT.size + MAC_LENGTH
    if entry is READ_RECEIPT:
        layout = RECEIPT if whole_receipt else NO_RECEIPT_ANSWER
    if layout is RECEIPT and whole_receipt:
        layout = _receipt_layout(data)
    tail = 0 if layout is SELECT_ANSWER else MAC_LENGTH
    return _shown(layout, data, fields) if layout and len(data) == layout.size + tail else _hidden(len(data))


def _receipt_layout(receipt: bytes) -> Layout:
    """The names that fit the receipt's type; those of a debit where the type is none."""
    return RECEIPT_BY_TYPE.get(receipt[RECEIPT.offset("type")], RECEIPT)


def _shown(layout: Layout, data: bytes, fields: dict[str, str]) -> str:
    """``data`` in hexadecimal where it has the size of the layout, with or without a MAC behind it."""
    if len(data) - layout.size not in (0, MAC_LENGTH, MAC_LENGTH + 1):  # 1: Le
        return _hidden(len(data))
    try:
        values = layout.decode(data[: layout.size])
    except SsnCardError:
        return _hidden(len(data))
    parts, position = [], 0
    for entry in layout.fields:
        raw = data[position : position + entry.size]
        position += entry.size
        parts.append(_hidden(entry.size) if entry.sensitive else raw.hex())
        fields[entry.name] = _hidden(entry.size) if entry.sensitive else _readable(values[entry.name])
    return " ".join((*parts, data[layout.size :].hex())).strip()


def _readable(value: object) -> str:
    return value.hex() if isinstance(value, bytes) else str(value)


def _hidden(length: int) -> str:
    return f"<{length} bytes>" if length else ""
