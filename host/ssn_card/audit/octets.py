# SPDX-License-Identifier: Apache-2.0
"""Columns of bytes of one size, out of whatever a table holds them in: fixed or not, binary or hexadecimal digits."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt
from numpy.typing import NDArray

_BYTE = 0xFF

#: Byte by two hexadecimal digits, as they lie in memory; above 255 what are none.
_BY_DIGITS = np.full(1 << 16, _BYTE + 1, np.uint16)
for _value in range(_BYTE + 1):
    _high, _low = f"{_value:x}"[:-1] or "0", f"{_value:x}"[-1]
    for _pair in (a + b for a in {_high, _high.upper()} for b in {_low, _low.upper()}):
        _BY_DIGITS[np.frombuffer(_pair.encode("ascii"), np.uint16)[0]] = _value


class Octets(NamedTuple):
    """``values``: uint8 (n, size), zero where there are none; ``fit``: whether the value can be read as that."""

    values: NDArray[np.uint8]
    fit: NDArray[np.bool_]


def is_text(kind: pa.DataType) -> bool:
    """Whether it is a type of texts."""
    return bool(pt.is_string(kind) or pt.is_large_string(kind) or pt.is_string_view(kind))


def is_binary(kind: pa.DataType) -> bool:
    """Whether it is a type of bytes of any length."""
    return bool(pt.is_binary(kind) or pt.is_large_binary(kind) or pt.is_binary_view(kind))


def holds_octets(kind: pa.DataType, size: int) -> bool:
    """Whether values of a type may be ``size`` bytes."""
    if pt.is_fixed_size_binary(kind):
        return bool(kind.byte_width == size)
    return is_text(kind) or is_binary(kind)


def octets_of(array: pa.Array, size: int) -> Octets:
    """``size`` bytes of each value of an array whose type :func:`holds_octets`; null does not fit."""
    if is_text(array.type):
        digits = _of_length(array.cast(pa.large_string()).view(pa.large_binary()), 2 * size)
        values, readable = from_hex(digits.values)
        values[~readable] = 0
        return Octets(values, digits.fit & readable)
    return _of_length(array.cast(pa.large_binary()), size) if is_binary(array.type) else _of_fixed(array, size)


def from_hex(digits: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Bytes of rows of hexadecimal digits, uint8 (n, 2k) contiguous, and which rows hold nothing else."""
    values = _BY_DIGITS[digits.view(np.uint16)]
    all_are = values.max(initial=0) <= _BYTE  # ten times as fast as row by row
    readable = np.ones(len(values), np.bool_) if all_are else values.max(axis=1, initial=0) <= _BYTE
    return values.astype(np.uint8), readable


def valid(array: pa.Array) -> NDArray[np.bool_]:
    """Where an array is not null."""
    if not array.null_count:
        return np.ones(len(array), np.bool_)
    bits = np.frombuffer(array.buffers()[0], np.uint8)
    first = array.offset
    return np.unpackbits(bits, count=first + len(array), bitorder="little")[first:].view(np.bool_)


def _of_fixed(array: pa.Array, size: int) -> Octets:
    data = np.frombuffer(array.buffers()[1], np.uint8, len(array) * size, array.offset * size)
    return Octets(data.reshape(-1, size), valid(array))


def _of_length(array: pa.LargeBinaryArray, length: int) -> Octets:
    fit = pc.equal(pc.binary_length(array), length).fill_null(False)
    if fit.false_count:
        array = pc.if_else(fit, array, pa.scalar(b"0" * length, pa.large_binary()))
    first = np.frombuffer(array.buffers()[1], np.int64, 1, array.offset * 8)[0] if len(array) else 0
    data = np.frombuffer(array.buffers()[2] or b"", np.uint8, len(array) * length, first)
    return Octets(data.reshape(-1, length), fit.to_numpy(zero_copy_only=False))
