# SPDX-License-Identifier: Apache-2.0
"""What a reader hands on: rows, and what it has to say of those that are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ssn_card.receipts.findings import Finding, Problem

from ..rows import SIZE, Rows

HEX_DIGITS = 2 * SIZE  #: of a receipt


class Batch(NamedTuple):
    """Some rows of one source, ascending by line.

    ``unreadable``: a finding for each line or row that is no receipt; with ``rows`` they are all that was read.
    ``others``: findings of rows. ``baskets``: texts, null where there is none, or ``None`` if there is none at all.
    ``cards``: where each card's rows begin, if they are sorted and somebody knows it.
    """

    rows: Rows
    unreadable: Sequence[Finding] = ()
    others: Sequence[Finding] = ()
    baskets: pa.BinaryArray | None = None
    cards: NDArray[np.intp] | None = None

    @property
    def read(self) -> int:
        """Lines or rows that were read, blank ones aside."""
        return len(self.rows.line) + len(self.unreadable)


def no_receipt(file: str, line: int, field: str) -> Finding:
    """The finding of a line that is no receipt."""
    return Finding(Problem.UNREADABLE, line, field, file=file)


def no_rows() -> Rows:
    """Nothing."""
    return Rows(np.empty((0, SIZE), np.uint8), np.empty(0, np.int32), np.empty(0, np.int64), np.empty(0, np.uint8))
