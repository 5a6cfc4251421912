# SPDX-License-Identifier: Apache-2.0
"""Markdown pieces of the protocol document: tables, layouts, byte strings."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

from ..layout import Field, Kind, Layout
from ..status import CardStatusError, WrongPin

_BYTES_A_LINE = 16


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; a bar in a cell is escaped."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def prose(text: str) -> str:
    """Indented template text brought to the margin."""
    return textwrap.dedent(text).strip("\n")


def code(value: object) -> str:
    """Inline code."""
    return f"`{value}`"


def hex_of(data: bytes) -> str:
    """Upper-case hexadecimal without spaces."""
    return data.hex().upper()


def hex_block(*parts: tuple[str, bytes]) -> str:
    """A fenced block: each name with its bytes, 16 a line."""
    width = max(len(name) for name, _ in parts)
    lines = []
    for name, data in parts:
        pieces = [data[i : i + _BYTES_A_LINE] for i in range(0, len(data), _BYTES_A_LINE)] or [b""]
        for number, piece in enumerate(pieces):
            lines.append(f"{name if number == 0 else '':{width}}  {piece.hex(' ').upper()}".rstrip())
    return "```text\n" + "\n".join(lines) + "\n```"


def shown_sw(refusal: type[CardStatusError]) -> str:
    """A status word as readers meet it: the tries that a wrong PIN leaves are a digit of it."""
    return "63Cx" if refusal is WrongPin else f"{refusal.sw:04X}"


def layout_table(layout: Layout) -> str:
    """Offset, size, name, reading and meaning of every field."""
    rows = []
    position = 0
    for field in layout.fields:
        rows.append((position, field.size, code(field.name), _reading(field), field.doc))
        position += field.size
    heading = f"`{layout.name}`, {layout.size} bytes:\n\n"
    return heading + table(("offset", "bytes", "field", "read as", "meaning"), rows)


def _reading(field: Field) -> str:
    if field.unit:
        return f"{field.unit}, signed" if field.kind is Kind.INT else field.unit
    if field.kind is Kind.UINT:
        return "integer"
    return str(field.kind.value) + (", or zero" if field.optional else "")
