# SPDX-License-Identifier: Apache-2.0
"""CSV with a header, commas or semicolons between the cells. A row is one line: none of what a receipt says has line
breaks, so a line that is broken costs itself alone."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import IO

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import csv as arrow_csv

from ssn_card.receipts.findings import Finding
from ssn_card.receipts.sources import Advance

from ..errors import NoReceiptColumn
from .batch import HEX_DIGITS, Batch, no_receipt, no_rows
from .lines import Lines, lines_of
from .tables import RECEIPTS, Table, wanted

_DELIMITERS = (",", ";")  #: the second is what spreadsheets write where the comma is a decimal point
_UNREADABLE = "csv"
_BOM = b"\xef\xbb\xbf"


def header_of(line: bytes) -> tuple[str, list[str]] | None:
    """Delimiter and names of a header line that has a cell ``receipt``, else ``None``."""
    for delimiter in _DELIMITERS:
        names = _cells(line.removeprefix(_BOM), delimiter)
        if names is not None and RECEIPTS in names:
            return delimiter, names
    return None


def read_csv(name: str, number: int, head: bytes, file: IO[bytes], advance: Advance | None) -> Iterator[Batch]:
    """The rows of one source behind its header; blank lines are skipped.

    Args:
        name, number: of the source.
        head: what has been read of it.
        file: the rest.

    Raises:
        OSError: it cannot be read.
        NoReceiptColumn: the first line is no header of receipts.
    """
    reader: _Reader | None = None
    for lines in lines_of(head, file, advance):
        if reader is None:
            header = None if lines.too_long else header_of(lines.text(0))
            if header is None:
                raise NoReceiptColumn(name)
            reader = _Reader(name, number, *header)
            lines = Lines(lines.data, lines.starts[1:], lines.ends[1:], lines.first + 1)
        if lines.too_long:
            yield Batch(no_rows(), [no_receipt(name, lines.first, "length")])
        elif len(lines.starts):
            yield reader.batch(lines)


class _Reader:
    def __init__(self, name: str, number: int, delimiter: str, names: list[str]) -> None:
        self._name, self._delimiter, self._names = name, delimiter, names
        self._wanted = wanted(names, name)
        self._last = b"\nx" + delimiter.encode("ascii") * (len(names) - 1)
        self._table = Table(name, number)

    def batch(self, lines: Lines) -> Batch:
        columns = self._by_arrow(lines)
        if columns is not None:
            return self._table.batch(columns, lines.numbers())
        return self._table.batch(*self._by_lines(lines))

    def _by_arrow(self, lines: Lines) -> dict[str, pa.Array] | None:
        """All lines at once; ``None`` if there may be any that is not one row."""
        data = lines.data[lines.starts[0] : lines.ends[-1]].removesuffix(b"\n")
        sizes = lines.ends - lines.starts
        if sizes.min() < HEX_DIGITS or sizes.max() > csv.field_size_limit() or data.count(b"\r") > data.count(b"\r\n"):
            return None
        data += self._last  # which a quote that is not closed takes in
        try:
            table = arrow_csv.read_csv(
                pa.BufferReader(data),
                arrow_csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=self._names),
                arrow_csv.ParseOptions(delimiter=self._delimiter),
                arrow_csv.ConvertOptions(
                    column_types=dict.fromkeys(self._wanted, pa.string()),
                    include_columns=self._wanted,
                    null_values=[""],
                    strings_can_be_null=True,
                ),
            ).combine_chunks()
        except pa.ArrowInvalid:
            return None
        if len(table) != len(sizes) + 1:  # lines were joined
            return None
        return {name: table[name].chunk(0)[:-1] for name in self._wanted}

    def _by_lines(self, lines: Lines) -> tuple[dict[str, pa.Array], NDArray[np.int64], list[Finding]]:
        """One after the other."""
        cells: list[list[str | None]] = []
        numbers: list[int] = []
        unreadable: list[Finding] = []
        for place, number in enumerate(lines.numbers().tolist()):
            text = lines.text(place)
            if not text.strip():
                continue
            found = _cells(text, self._delimiter)
            if found is None or len(found) != len(self._names):
                unreadable.append(no_receipt(self._name, number, _UNREADABLE))
            else:
                cells.append([cell or None for cell in found])
                numbers.append(number)
        columns = {
            name: pa.array([row[self._names.index(name)] for row in cells], pa.string()) for name in self._wanted
        }
        return columns, np.array(numbers, np.int64), unreadable


def _cells(line: bytes, delimiter: str) -> list[str] | None:
    """The cells of a line, ``None`` if it cannot be read, or a quote is not closed: it would take in the next line."""
    try:
        text = line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8")
        rows = list(csv.reader([text + "\n", ""], delimiter=delimiter))
    except (UnicodeDecodeError, csv.Error):
        return None
    return rows[0] if len(rows) == 2 else None
