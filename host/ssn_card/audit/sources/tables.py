# SPDX-License-Identifier: Apache-2.0
"""What rows of a table say, Parquet's and CSV's alike: receipt, basket, and typed columns that are compared."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from ssn_card.protocol.errors import InputError
from ssn_card.receipts import Receipt
from ssn_card.receipts.findings import Finding, Problem

from ..agreement import differing
from ..columns import BY_NAME
from ..errors import NoReceiptColumn
from ..octets import is_text, octets_of
from ..rows import SIZE, Goods, Raw, Rows
from .baskets import shared_baskets
from .batch import Batch, no_receipt

RECEIPTS, BASKETS = "receipt", "basket"


def wanted(names: Sequence[str], file: str) -> list[str]:
    """The columns of a table that are read: receipts, baskets if there are, and fields of receipts.

    Raises:
        NoReceiptColumn: there is no column of receipts; or of these names, more than one.
    """
    times = Counter(names)
    if times[RECEIPTS] != 1 or any(times[name] > 1 for name in (BASKETS, *BY_NAME)):
        raise NoReceiptColumn(file)
    return [name for name in names if name in (RECEIPTS, BASKETS) or name in BY_NAME]


class Table:
    """Reads the rows of one table. ``name`` and ``number`` are those of the source."""

    def __init__(self, name: str, number: int) -> None:
        self._name, self._number = name, number

    def batch(
        self, columns: Mapping[str, pa.Array], lines: NDArray[np.int64], unreadable: Sequence[Finding] = ()
    ) -> Batch:
        """Rows whose columns, of which :func:`wanted` names those that count, stand in these lines."""
        raw, fit = _receipts(columns[RECEIPTS])
        if not fit.all():
            here = [no_receipt(self._name, line, "receipt") for line in lines[~fit].tolist()]
            unreadable = sorted((*unreadable, *here), key=lambda one: one.line)
            kept = pa.array(fit)
            columns = {name: array.filter(kept) for name, array in columns.items()}
            raw, lines = raw[fit], lines[fit]
        goods, texts = self._goods(raw, columns.get(BASKETS))
        rows = Rows(raw, np.full(len(raw), self._number, np.int32), lines, goods)
        typed = {name: array for name, array in columns.items() if name in BY_NAME}
        return Batch(rows, unreadable, list(disagreements(rows, typed, {self._number: self._name})), texts)

    def _goods(self, raw: Raw, texts: pa.Array | None) -> tuple[NDArray[np.uint8], pa.BinaryArray | None]:
        if texts is None or texts.null_count == len(texts):
            return np.full(len(raw), Goods.NONE, np.uint8), None
        texts = texts.cast(pa.binary())
        baskets = shared_baskets()
        baskets.begin()
        return baskets.goods(raw, baskets.of_texts(texts)), texts


def disagreements(rows: Rows, typed: Mapping[str, pa.Array], names: Mapping[int, str]) -> Iterator[Finding]:
    """A finding for each row and field of which the typed column does not say what the receipt says.

    Args:
        rows: the receipts.
        typed: columns by name.
        names: of files by their numbers.
    """
    for field, places in differing(rows.raw, typed):
        for place in places.tolist():
            receipt, file = Receipt(rows.raw[place].tobytes()), names[rows.file[place]]
            yield Finding(Problem.COLUMNS, int(rows.line[place]), field, receipt.serial, receipt.seq, file=file)


def _receipts(array: pa.Array) -> tuple[Raw, NDArray[np.bool_]]:
    """Receipts, and where there are any; digits are read as the judge reads those of JSON Lines."""
    octets = octets_of(array, SIZE)
    if not is_text(array.type) or octets.fit.all():
        return octets
    raw, fit = octets.values, octets.fit
    for place in np.flatnonzero(~fit).tolist():
        try:
            raw[place] = np.frombuffer(Receipt(bytes.fromhex(array[place].as_py())).raw, np.uint8)
        except (TypeError, ValueError, InputError):
            continue
        fit[place] = True
    return raw, fit
