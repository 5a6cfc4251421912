# SPDX-License-Identifier: Apache-2.0
"""``protocol/layouts.json``: every layout as data, for programs in other languages."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .. import layouts
from ..layout import Field, Kind, Layout

PATH = "protocol/layouts.json"

_NOTE = "Generated from protocol/ by 'make generate'. Offsets and lengths in bytes; integers are big-endian."

#: Names of the kinds, for programs.
TYPES = {
    Kind.UINT: "uint",
    Kind.INT: "int",
    Kind.BYTES: "bytes",
    Kind.TIMESTAMP: "bcd_timestamp",
    Kind.DATE: "bcd_date",
    Kind.MONTH: "bcd_month",
}


def every_layout() -> list[Layout]:
    """All layouts, in the order of their declaration; receipts of each type behind that of a debit."""
    found: dict[str, Layout] = {}
    for value in vars(layouts).values():
        for layout in _layouts(value):
            found.setdefault(layout.name, layout)
    return list(found.values())


def _layouts(value: object) -> Iterator[Layout]:
    if isinstance(value, Layout):
        yield value
    elif value is layouts.RECEIPT_BY_TYPE:
        yield from layouts.RECEIPT_BY_TYPE.values()


def _field(layout: Layout, field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "offset": layout.offset(field.name),
        "length": field.size,
        "type": TYPES[field.kind],
        "unit": field.unit or None,
        "zero_is_none": field.optional,
        "sensitive": field.sensitive,
        "doc": field.doc,
    }


def contents() -> dict[str, Any]:
    """The file's content."""
    return {
        "note": _NOTE,
        "types": {name: kind.value for kind, name in TYPES.items()},
        "receipt_by_type": {f"{int(kind)}": layout.name for kind, layout in layouts.RECEIPT_BY_TYPE.items()},
        "layouts": [
            {"name": one.name, "length": one.size, "fields": [_field(one, field) for field in one.fields]}
            for one in every_layout()
        ],
    }


def render() -> str:
    """Its text."""
    return json.dumps(contents(), indent=2) + "\n"
