# SPDX-License-Identifier: Apache-2.0
"""What a Parquet file's pages would take in memory, before any of them is read.

Arrow believes each page's header, and makes room for what it says; a few bytes can say two gigabytes, and be pressed
so well that they keep their word. The headers are read here first, by themselves. Form: the thrift compact protocol
(https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md) of ``PageHeader``
(https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from typing import IO, Any, NamedTuple

import pyarrow.parquet as pq

from ssn_card.protocol.errors import Text

from ..errors import FileOverfull
from ..rows import BATCH

_PAGE = 16 << 20  #: bytes of a page; writers make them of one mebibyte
TOGETHER = 64 << 20  #: bytes of the pages of a column that are read at once
_HEADER = 1 << 16  #: bytes of a page's header
_FIRST = 256  #: bytes that hold nearly all of them

_UNCOMPRESSED, _COMPRESSED = 2, 3  #: fields of PageHeader
_OF_DATA = (5, 8)  #: DataPageHeader and its second version
_VALUES = 1  #: number of values, in either

_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_WIDTHS = {_TRUE: 0, _FALSE: 0, _BYTE: 1, _DOUBLE: 8}  #: bytes; in a list a flag has one, and no header has such a list

TOO_LARGE = Text(
    "column {column} has pages or cells too large to hold", "kolom {column} punya halaman atau sel terlalu besar"
)


class _Page(NamedTuple):
    """Bytes in memory and values of a page; none of a dictionary's."""

    size: int
    values: int


def check_pages(name: str, file: IO[bytes], metadata: pq.FileMetaData, columns: Sequence[str]) -> None:
    """Look at all pages of some columns.

    Args:
        name: of the file.
        file: a file of the system.
        metadata: of the file.
        columns: of the top level.

    Raises:
        FileOverfull: reading it would take more memory than any receipts do.
        EOFError: a page is not where it should be, or its header cannot be read.
        OSError: it cannot be read.
    """
    wanted = set(columns)
    for group in range(metadata.num_row_groups):
        row_group = metadata.row_group(group)
        for place in range(row_group.num_columns):
            chunk = row_group.column(place)
            if chunk.path_in_schema in wanted:
                _check(name, chunk.path_in_schema, _pages(file, chunk))


def _check(name: str, column: str, pages: Iterator[_Page]) -> None:
    """Pages that follow each other, as many as hold what is read at once, must fit."""
    near: deque[_Page] = deque()
    size = values = 0
    for page in pages:
        near.append(page)
        size, values = size + page.size, values + page.values
        while len(near) > 1 and values - near[0].values >= BATCH:
            size, values = size - near[0].size, values - near.popleft().values
        if page.size > _PAGE or size > TOGETHER:
            raise FileOverfull(name, TOO_LARGE.filled(column=column))


def _pages(file: IO[bytes], chunk: Any) -> Iterator[_Page]:
    named = (chunk.data_page_offset, chunk.dictionary_page_offset if chunk.has_dictionary_page else None)
    start = min((at for at in named if at), default=0)  # a file begins with its magic; of no rows, no data are named
    end = start + chunk.total_compressed_size
    while start < end:
        header, length = _header(file, start)
        size, packed = _number(header, _UNCOMPRESSED), _number(header, _COMPRESSED)
        of_data = next((header[one] for one in _OF_DATA if one in header), {_VALUES: 0})
        yield _Page(max(size, packed), _number(of_data, _VALUES))
        start += length + packed


def _number(fields: Any, field: int) -> int:
    number = fields.get(field) if isinstance(fields, dict) else None
    if not isinstance(number, int) or number < 0:
        raise EOFError
    return number


def _header(file: IO[bytes], at: int) -> tuple[dict[int, Any], int]:
    """A page's header and its length."""
    for most in (_FIRST, _HEADER):
        if at < 0:
            break
        reader = _Compact(os.pread(file.fileno(), most, at))
        try:
            return reader.struct(), reader.at
        except (IndexError, RecursionError):
            continue
    raise EOFError


class _Compact:
    """Reads thrift's compact protocol. Raises ``IndexError`` at the end of the bytes."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def struct(self) -> dict[int, Any]:
        """Fields by their numbers."""
        fields: dict[int, Any] = {}
        number = 0
        while kind := self._byte():
            step, kind = kind >> 4, kind & 15
            number = number + step if step else self._signed()
            fields[number] = self._value(kind)
        return fields

    def _value(self, kind: int) -> Any:
        """What is needed of it: numbers, and structures for theirs."""
        if kind in (_I16, _I32, _I64):
            return self._signed()
        if kind == _STRUCT:
            return self.struct()
        if kind in (_LIST, _SET):
            self._list()
        elif kind == _BINARY:
            length = self._unsigned()
            self.at += length
        elif kind not in _WIDTHS:
            raise IndexError
        else:
            self.at += _WIDTHS[kind]
        return None

    def _list(self) -> None:
        head = self._byte()
        for _ in range(self._unsigned() if head >> 4 == 15 else head >> 4):
            self._value(head & 15)

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def _signed(self) -> int:
        value = self._unsigned()
        return value >> 1 ^ -(value & 1)
