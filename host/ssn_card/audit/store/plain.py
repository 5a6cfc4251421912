# SPDX-License-Identifier: Apache-2.0
"""Row groups of a store as we write them, taken where they lie in the file: nothing is decoded, and what the columns
say is compared there. Whatever is not to the byte in that form, Arrow reads.

Form of the pages: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift, in the thrift
compact protocol.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from mmap import ACCESS_READ, mmap
from typing import IO, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..columns import DIGITS, STORED
from ..records import SERIAL, cards_apart
from ..rows import SIZE, Raw, Rows
from .form import ROWS

_PLAIN, _NUMBERED = 0, 8  #: encodings
_LEVELS = b"\x15\x06\x15\x06\x00\x00"  #: both kinds in runs; the end of a header without statistics
_HEADER, _SIZE_AT = 64, 3  #: bytes of a header, and more; where in it the size is
_SEVEN, _MORE = 0x7F, 0x80  #: of a number's byte: its bits, and that another follows
_BEYOND = 8  #: bytes behind a page that may be read with it; a file ends with its metadata
_NAMES = tuple(column.name for column in STORED)
_COLUMN = {name: place for place, name in enumerate(ROWS.names)}
_TEXT = np.dtype([("length", "<u4"), ("digits", np.uint16, 8)])  #: of a serial among the values that are numbered


#: How numbers of each column lie in a page; of one byte too they take four.
_KEPT = {"receipt": (np.uint8, SIZE), "file": (np.int32, 1), "line": (np.int64, 1), "goods": (np.int32, 1)}


class PlainFile:
    """A partition's file in memory; it lives as long as somebody looks at its rows. Raises ``OSError``, ``ValueError``
    where it is empty."""

    def __init__(self, file: IO[bytes]) -> None:
        self._bytes = mmap(file.fileno(), 0, access=ACCESS_READ)
        self._address = np.frombuffer(self._bytes, np.uint8).ctypes.data

    def rows(self, group: Any, *, compare: bool) -> Rows | None:
        """The rows of a group.

        Args:
            group: Arrow's metadata of it.
            compare: hold all columns against the receipts.

        Returns:
            ``None``: Arrow must read it, for it has another form, or some column says something else.
        """
        arrays = [array for name in _KEPT if (array := self._array(group, name)) is not None]
        if len(arrays) < len(_KEPT):
            return None
        raw, file, line, goods = arrays
        rows = Rows(raw.reshape(-1, SIZE), file.copy(), line.copy(), goods.astype(np.uint8))
        return rows if not compare or self._agrees(group, rows.raw) else None

    def _array(self, group: Any, name: str) -> NDArray[Any] | None:
        page = self._page(group, name)
        kind, each = _KEPT[name]
        count = group.num_rows * each
        if page is None or page.end - page.begin != count * np.dtype(kind).itemsize:
            return None
        return np.frombuffer(self._bytes, kind, count, page.begin)

    def _agrees(self, group: Any, raw: Raw) -> bool:
        agree = _compiled()
        if agree is None or not len(raw):
            return False
        pages: list[_Page] = []
        for name in _NAMES:
            page = self._serials(group, raw) if name == "serial" else self._page(group, name)
            if page is None:
                return False
            pages.append(page)
        return agree(raw, np.array(pages, np.int64) + self._address)

    def _page(self, group: Any, name: str) -> _Page | None:
        """The only page of a column that is not numbered."""
        chunk = group.column(_COLUMN[name])
        if chunk.has_dictionary_page:
            return None
        return self._of_data(chunk, chunk.data_page_offset, _PLAIN)

    def _serials(self, group: Any, raw: Raw) -> _Page | None:
        """The page of the numbers of serials, if what is numbered are the serials of these receipts as they come."""
        chunk = group.column(_COLUMN["serial"])
        if not chunk.has_dictionary_page:
            return None
        card = cards_apart(raw)
        distinct = raw[np.append(True, card[1:] != card[:-1]), SERIAL]
        texts = np.empty(len(distinct), _TEXT)
        texts["length"], texts["digits"] = 2 * distinct.shape[1], DIGITS[distinct]
        due = _dictionary_header(texts.nbytes, len(texts)) + texts.tobytes()
        at = chunk.dictionary_page_offset
        if at < 0 or self._bytes[at : at + len(due)] != due or chunk.data_page_offset != at + len(due):
            return None
        return self._of_data(chunk, at, _NUMBERED)

    def _of_data(self, chunk: Any, start: int, encoding: int) -> _Page | None:
        """The one page of data, which ends where a column does that begins at ``start``."""
        at, end = chunk.data_page_offset, start + chunk.total_compressed_size
        if chunk.compression != "UNCOMPRESSED" or not 0 <= start <= at <= end <= len(self._bytes) - _BEYOND:
            return None
        head = self._bytes[at : at + _HEADER]
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
