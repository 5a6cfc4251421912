# SPDX-License-Identifier: Apache-2.0
"""Receipts as arrays, and what an engine marks in them: the one interface of readers, stores, engines and judge."""

from __future__ import annotations

from enum import IntEnum, IntFlag
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ssn_card.protocol.layouts import RECEIPT

SIZE = RECEIPT.size  #: bytes of a receipt
BATCH = 1 << 15  #: rows that are read, and judged, at once: they stay in the processor's cache

Raw = NDArray[np.uint8]


class Goods(IntEnum):
    """What the reader found of a debit's basket; the digest is compared where the MAC says that the receipt is one."""

    NONE = 0  #: no basket was handed in
    FITS = 1
    BASKET = 2  #: it cannot be read
    BASKET_DIGEST = 3
    AMOUNT = 4
    CATEGORIES = 5
    STAPLE = 6


class Rows(NamedTuple):
    """``n`` receipts and where they stand.

    ``raw``: uint8 (n, 88), contiguous; ``file``: int32 (n,), number of the file among all; ``line``: int64 (n,),
    physical line or row of it, from 1; ``goods``: uint8 (n,), of :class:`Goods`.
    """

    raw: Raw
    file: NDArray[np.int32]
    line: NDArray[np.int64]
    goods: NDArray[np.uint8]

    def part(self, first: int, end: int) -> Rows:
        """The rows from one place to before another."""
        raw, file, line, goods = self
        return Rows(raw[first:end], file[first:end], line[first:end], goods[first:end])


class Mark(IntFlag):
    """What an engine marks in a row. Of one row the first of the first four that holds; then it is genuine."""

    MALFORMED = 1  #: no card writes this
    NO_KEY = 2  #: there is no key for the card and key version that it names
    WRONG_MAC = 4
    REPEATED = 8  #: genuine, and the same bytes as a genuine row before it
    TWICE = 16  #: with REPEATED: the copy before it stands in the same file
    TWIN = 32  #: genuine, and another genuine row of other bytes has its number: the card is the judge's from its start
    GAP = 64  #: receipts before it are not here
    LINK = 128  #: it does not name the MAC of the receipt before it
    RULE = 256  #: :mod:`ssn_card.receipts.sums` or ``refusals`` have something to say
    #: A movement (no update) on a day before ``day`` of BEFORE. Beside GAP and RULE; never beside LINK, behind which
    #: the days begin anew with this row's own.
    BACKDATED = 512


#: Rows of which the judge must say more, with the state before them.
TO_EXPLAIN = Mark.GAP | Mark.LINK | Mark.RULE | Mark.BACKDATED

#: :class:`ssn_card.receipts.account.Account` before a row that is to be explained. ``row`` is that row, ``newest`` and
#: ``stated`` are rows of the same batch or -1 for what stands before a card's first receipt; months are BCD as numbers;
#: so is ``day``, YYMMDD of the newest day of any movement so far, 0 for none; ``pin`` and ``moved_on`` are -1 for
#: ``None``.
BEFORE = np.dtype(
    [
        ("row", np.int32),
        ("newest", np.int32),
        ("stated", np.int32),
        ("raised_month", np.uint16),
        ("pin", np.int8),
        ("moved_on", np.int8),
        ("chosen", np.uint8),
        ("raised", np.int64, 2),
        ("elsewhere", np.int64, 2),
        ("raised_most", np.int64),
        ("floor", np.int64, 2),
        ("day", np.uint32),
    ],
    align=True,
)


class Marks(NamedTuple):
    """``flags``: uint16 (n,), of :class:`Mark`; ``before``: :data:`BEFORE` (k,), ascending by ``row``, one for each row
    with one of :data:`TO_EXPLAIN` that is no row of a card with a :attr:`Mark.TWIN`."""

    flags: NDArray[np.uint16]
    before: NDArray[np.void]
