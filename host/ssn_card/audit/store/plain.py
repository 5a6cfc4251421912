# SPDX-License-Identifier: Apache-2.0
"""Row groups of a store as we write them, compared as they lie in the file: nothing is decoded. Whatever is not to the
byte in that form, Arrow reads.

They are read, not mapped into memory: what was judged cannot be altered meanwhile, and a file that is cut short is an
error and not the end of the process.

Form of the pages: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift, in the thrift
compact protocol.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..columns import DIGITS, STORED
from ..records import SERIAL, first_rows
from ..rows import SIZE, Raw, Rows
from .form import ROWS

_PLAIN, _NUMBERED = 0, 8  #: encodings
_LEVELS = b"\x15\x06\x15\x06\x00\x00"  #: both kinds in runs; the end of a header without statistics
_HEADER, _SIZE_AT = 64, 3  #: bytes of a header, and more; where in it the size is
_SEVEN, _MORE = 0x7F, 0x80  #: of a number's byte: its bits, and that another follows
_NOT_PRESSED = "UNCOMPRESSED"
_MOST = 64 << 20  #: bytes of a row group that are read at once
_BEYOND = 8  #: bytes behind a page that may be read with it
_NAMES = tuple(column.name for column in STORED)
_COLUMN = {name: place for place, name in enumerate(ROWS.names)}
_TEXT = np.dtype([("length", "<u4"), ("digits", np.uint16, 8)])  #: of a serial among the values that are numbered


#: How numbers of some columns lie in a page; of one byte too they take four.
_KEPT = {"file": np.int32, "line": np.int64, "goods": np.int32}


class PlainFile:
    """A partition's open file, of which row groups are read one by one: the receipts for whoever asks, the rest only
    for as long as it is looked at."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._room = np.empty(0, np.uint8)
        self._at = self._size = 0  # what is read behind the receipts: its place in the file, and its bytes

    def rows(self, group: Any, *, compare: bool) -> tuple[Rows, NDArray[np.intp]] | None:
        """The rows of a group, and where each card's begin. Raises ``OSError``.

        Args:
            group: Arrow's metadata of it.
            compare: hold all columns against the receipts.

        Returns:
            ``None``: Arrow must read it, for it has another form, or some column says something else.
        """
        raw = self._read(group)
        if raw is None:
            return None
        arrays = [array for name in _KEPT if (array := self._array(group, name)) is not None]
        if len(arrays) < len(_KEPT):
            return None
        file, line, goods = arrays
        rows = Rows(raw, file.copy(), line.copy(), goods.astype(np.uint8))
        cards = first_rows(raw)
        return (rows, cards) if not compare or self._agrees(group, raw, cards) else None

    def _read(self, group: Any) -> Raw | None:
        """The receipts; and into our room what follows them."""
        chunks = [group.column(place) for place in range(group.num_columns)]
        count, start = group.num_rows, chunks[0].data_page_offset
        due = _data_header(count * SIZE, count, _PLAIN)
        first, size = len(due) + count * SIZE, sum(chunk.total_compressed_size for chunk in chunks)
        self._at, self._size = start + first, size - first
        is_plain = chunks[0].compression == _NOT_PRESSED and not chunks[0].has_dictionary_page
        if not (is_plain and count and chunks[0].total_compressed_size == first and start >= 0 and size <= _MOST):
            return None
        if len(self._room) < self._size + _BEYOND:
            self._room = np.empty(self._size + _BEYOND, np.uint8)
        head, raw = bytearray(len(due)), np.empty((count, SIZE), np.uint8)
        buffers: list[Any] = [head, raw, self._room[: self._size]]
        got = os.preadv(self._file.fileno(), buffers, start)
        return raw if got == size and head == due else None

    def _bytes(self, at: int, size: int) -> bytes:
        """Of what was read, by their place in the file; fewer at its end."""
        first = at - self._at
        return self._room[first : min(first + size, self._size)].tobytes() if first >= 0 else b""

    def _array(self, group: Any, name: str) -> NDArray[Any] | None:
        page = self._page(group, name)
        if page is None or page.end - page.begin != group.num_rows * np.dtype(_KEPT[name]).itemsize:
            return None
        return self._room[page.begin - self._at : page.end - self._at].view(_KEPT[name])

    def _agrees(self, group: Any, raw: Raw, cards: NDArray[np.intp]) -> bool:
        agree = _compiled()
        if agree is None:
            return False
        pages: list[_Page] = []
        for name in _NAMES:
            page = self._serials(group, raw[cards, SERIAL]) if name == "serial" else self._page(group, name)
            if page is None:
                return False
            pages.append(page)
        return agree(raw, np.array(pages, np.int64) + (self._room.ctypes.data - self._at))

    def _page(self, group: Any, name: str) -> _Page | None:
        """The only page of a column that is not numbered."""
        chunk = group.column(_COLUMN[name])
        if chunk.has_dictionary_page:
            return None
        return self._of_data(chunk, chunk.data_page_offset, _PLAIN)

    def _serials(self, group: Any, distinct: Raw) -> _Page | None:
        """The page of the numbers of serials, if what is numbered are these, as they come."""
        chunk = group.column(_COLUMN["serial"])
        if not chunk.has_dictionary_page:
            return None
        texts = np.empty(len(distinct), _TEXT)
        texts["length"], texts["digits"] = 2 * distinct.shape[1], DIGITS[distinct]
        due = _dictionary_header(texts.nbytes, len(texts)) + texts.tobytes()
        at = chunk.dictionary_page_offset
        if self._bytes(at, len(due)) != due or chunk.data_page_offset != at + len(due):
            return None
        return self._of_data(chunk, at, _NUMBERED)

    def _of_data(self, chunk: Any, start: int, encoding: int) -> _Page | None:
        """The one page of data, which ends where a column does that begins at ``start``."""
        at, end = chunk.data_page_offset, start + chunk.total_compressed_size
        if chunk.compression != _NOT_PRESSED or not self._at <= start <= at <= end <= self._at + self._size:
            return None
        head = self._bytes(at, _HEADER)
        size = _number(head[_SIZE_AT:])
        due = _data_header(size, chunk.num_values, encoding)
        begin = at + len(due)
        return _Page(begin, end) if head.startswith(due) and begin + size == end else None


class _Page(NamedTuple):
    """Where the contents of a page begin and end."""

    begin: int
    end: int


def _varint(number: int) -> bytes:
    """A number in zigzag form, of none below 0."""
    rest, octets = 2 * number, bytearray()
    while rest > _SEVEN:
        octets.append(rest & _SEVEN | _MORE)
        rest >>= 7
    octets.append(rest)
    return bytes(octets)


def _number(octets: bytes) -> int:
    """:func:`_varint` read back."""
    value = 0
    for place, octet in enumerate(octets):
        value |= (octet & _SEVEN) << 7 * place
        if octet < _MORE:
            break
    return value >> 1


def _data_header(size: int, values: int, encoding: int) -> bytes:
    """Of a page of data: bytes uncompressed and compressed; number of values, encodings of them and of levels."""
    length = b"\x15" + _varint(size)
    return b"\x15\x00" + 2 * length + b"\x2c\x15" + _varint(values) + b"\x15" + _varint(encoding) + _LEVELS


def _dictionary_header(size: int, values: int) -> bytes:
    """Of a page of values that are numbered: bytes uncompressed and compressed; how many, plain, unsorted."""
    length = b"\x15" + _varint(size)
    return b"\x15\x04" + 2 * length + b"\x4c\x15" + _varint(values) + b"\x15\x00\x12\x00\x00"


@cache
def _compiled() -> Callable[[Raw, NDArray[np.int64]], bool] | None:
    try:
        from ..kernel.plain import agree
    except ImportError:  # without numba
        return None
    return agree
