# SPDX-License-Identifier: Apache-2.0
"""The layouts of receipts as numpy types, and moments as numbers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.layout import Field, Kind, Layout
from ssn_card.protocol.layouts import RECEIPT, RECEIPT_BY_TYPE

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Octets = NDArray[np.uint8]

SIZE: Final = RECEIPT.size
SIGNED: Final = RECEIPT.offset("mac")  #: bytes that the MAC is over
NO_MONTH: Final = 0

_WHOLE = {2: "<u2", 4: "<u4", 8: "<u8"}  #: opaque fields that a processor moves at once


def _format(field: Field) -> Any:
    if field.kind is Kind.UINT:
        return f">u{field.size}"
    return _WHOLE.get(field.size, (np.uint8, (field.size,)))


def _type(layout: Layout) -> np.dtype[np.void]:
    return np.dtype(
        {
            "names": [field.name for field in layout.fields],
            "formats": [_format(field) for field in layout.fields],
            "offsets": [layout.offset(field.name) for field in layout.fields],
            "itemsize": layout.size,
        }
    )


#: By type of receipt: integers as such; opaque fields of 2, 4 and 8 bytes as one number of the same bytes.
TYPES: Mapping[int, np.dtype[np.void]] = {int(kind): _type(layout) for kind, layout in RECEIPT_BY_TYPE.items()}

_digits = np.arange(100, dtype=np.uint8)
BCD: Octets = (_digits // 10 * 16 + _digits % 10).astype(np.uint8)  #: of 0 to 99

_months = np.arange(12 * 80)
#: BCD YYMM, 2 bytes, of a month by its number: 0 for none, else ``1 + 12 * (year - 2000) + month - 1``.
MONTHS: Octets = np.concatenate(
    (np.zeros((1, 2), np.uint8), np.stack((BCD[_months // 12], BCD[_months % 12 + 1]), axis=1))
)
#: The same as one number of the same bytes.
MONTH_BYTES: NDArray[np.uint16] = np.ascontiguousarray(MONTHS).view(np.uint16)[:, 0]
DAYS: Final = 32  #: a date is ``month number * DAYS + day``


def all_of(*flags: Flags) -> Flags:
    """Where all of them hold."""
    result: Flags = reduce(np.logical_and, flags)
    return result


def month_number(year: int, month: int) -> int:
    """Number of a month of 2000 to 2079."""
    return 1 + 12 * (year - 2000) + month - 1


def write_date(rows: Octets, at: int, dates: Ints) -> None:
    """Put dates, BCD YYMMDD, into the three bytes from ``at`` of each row."""
    rows[:, at : at + 2].view(np.uint16)[:, 0] = MONTH_BYTES[dates // DAYS]
    rows[:, at + 2] = BCD[dates % DAYS]
