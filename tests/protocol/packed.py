# SPDX-License-Identifier: Apache-2.0
"""A layout as Python's own ``struct`` has it: a second reader of the same bytes, which is not ours."""

from __future__ import annotations

import struct
from collections.abc import Iterable

from ssn_card.protocol.layout import Field, Kind

_INTEGERS = {1: "b", 2: "h", 4: "i", 8: "q"}


def packed(fields: Iterable[Field]) -> struct.Struct:
    """These fields without gaps, big-endian; bytes and BCD are read as bytes."""
    return struct.Struct(">" + "".join(map(_code, fields)))


def _code(field: Field) -> str:
    if field.kind is Kind.UINT:
        return _INTEGERS[field.size].upper()
    return _INTEGERS[field.size] if field.kind is Kind.INT else f"{field.size}s"
