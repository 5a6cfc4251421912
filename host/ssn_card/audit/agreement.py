# SPDX-License-Identifier: Apache-2.0
"""Whether the typed columns that a file holds say what its receipts say, in whatever types a table keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.types as pt
from numpy.typing import NDArray

from ssn_card.protocol.errors import Text
from ssn_card.protocol.layout import Kind

from .columns import BY_NAME, Column, Types
from .errors import ColumnOfAnotherType
from .octets import holds_octets, is_text, octets_of, valid
from .rows import Raw

_PER_SECOND = {"s": 1, "ms": 1000, "us": 1_000_000, "ns": 1_000_000_000}
_DAY = 86_400  #: seconds
_MANY = 4096  #: rows for which it pays to load what is compiled


class _Given(NamedTuple):
    """What a column holds. ``values``: in the form of :meth:`Column.read`, ``scale`` times as large; ``there``: where
    it is not null; ``unreadable``: where the text says nothing of that kind, ``None``: nowhere."""

    values: NDArray[np.generic]
    there: NDArray[np.bool_]
    unreadable: NDArray[np.bool_] | None = None
    scale: Fraction = Fraction(1)


def check_type(name: str, kind: pa.DataType, file: str) -> None:
    """Raises :class:`ColumnOfAnotherType` unless values of this type can say what the column of that name says."""
    column = BY_NAME[name]
    if not (is_text(kind) or _CAN_HOLD[column.field.kind](kind, column)):
        raise another_type(file, name, kind, column.type)


def another_type(file: str, name: str, found: pa.DataType, wanted: pa.DataType) -> ColumnOfAnotherType:
    """The error of a column whose values are not those that its name promises."""
    text = Text("column {name} is of type {found}, not {wanted}", "kolom {name} berjenis {found}, bukan {wanted}")
    return ColumnOfAnotherType(file, text.filled(name=name, found=str(found), wanted=str(wanted)))


def differing(raw: Raw, given: Mapping[str, pa.Array]) -> Iterator[tuple[str, NDArray[np.int64]]]:
    """Where typed columns say something else than their receipts: field and rows.

    Args:
        raw: the receipts.
        given: arrays of as many rows by names of :data:`BY_NAME`, of types that :func:`check_type` lets pass.
    """
    types = Types(raw)
    for name in _suspects(raw, given):
        column, array = BY_NAME[name], plain(given[name])
        values, there = column.read(raw, types.having(column.types))
        told = _told(column, array)
        differs = _unequal(_times(values, told.scale.numerator), _times(told.values, told.scale.denominator))
        differs &= there
        differs |= there != told.there
        if told.unreadable is not None:
            differs |= told.unreadable
        rows = np.flatnonzero(differs)
        if len(rows):
            yield name, rows


def plain(array: pa.Array) -> pa.Array:
    """An array of values, also where they are kept as numbers of a few."""
    return array.dictionary_decode() if pt.is_dictionary(array.type) else array


def _suspects(raw: Raw, given: Mapping[str, pa.Array]) -> Iterable[str]:
    """The columns to look at: all, unless there is a quick way to tell which of many rows differ nowhere."""
    is_worth_it = len(raw) >= _MANY or _compiled.cache_info().currsize
    compiled = _compiled() if given and is_worth_it else None
    return given if compiled is None else compiled(raw, given)


@cache
def _compiled() -> Callable[[Raw, Mapping[str, pa.Array]], list[str]] | None:
    try:
        from .kernel.agreement import suspects
    except ImportError:  # without numba
        return None
    return suspects


def _times(values: NDArray[np.generic], factor: int) -> NDArray[np.generic]:
    return values if factor == 1 else values.astype(np.int64) * factor


def _unequal(values: NDArray[np.generic], others: NDArray[np.generic]) -> NDArray[np.bool_]:
    if values.ndim == 1:
        return np.asarray(values != others)
    words = (value.view(np.uint64) for value in (values, others))  # MACs and digests have 8 or 16 bytes
    return np.asarray(np.not_equal(*words).any(axis=1))


def _told(column: Column, array: pa.Array) -> _Given:
    if column.field.kind is Kind.BYTES:
        octets = octets_of(array, column.field.size)
        there = valid(array)
        return _Given(octets.values, there, there & ~octets.fit)
    if is_text(array.type):
        return _of_text(column, array)
    if pt.is_floating(array.type):  # how pandas keeps numbers where some are missing
        values = array.to_numpy(zero_copy_only=False)
        return _Given(values, ~np.isnan(values))
    if pt.is_decimal(array.type):
        return _of_text(column, array.cast(pa.string()))
    return _Given(_numbers(array), valid(array), None, _scale(column, array.type))


def _numbers(array: pa.Array) -> NDArray[np.generic]:
    """Integers and times as they are stored."""
    width = array.type.bit_width // 8
    sign = "u" if pt.is_unsigned_integer(array.type) else "i"
    return np.frombuffer(array.buffers()[1], f"{sign}{width}", len(array), array.offset * width)


def _scale(column: Column, kind: pa.DataType) -> Fraction:
    """How much larger stored numbers are than those of :meth:`Column.read`: days, or milliseconds."""
    ours = Fraction(1, _DAY) if column.field.kind is not Kind.TIMESTAMP else Fraction(1000)
    if pt.is_timestamp(kind):
        return _PER_SECOND[kind.unit] / ours
    return Fraction(1000) / ours if pt.is_date64(kind) else Fraction(1)


def _of_text(column: Column, array: pa.Array) -> _Given:
    """Texts, as of CSV; one that cannot be read differs from every receipt."""
    there = valid(array)
    try:
        return _Given(_numbers(array.cast(column.type)), there)
    except pa.ArrowInvalid:
        pass
    readable = np.fromiter((_can_read(value, column.type) for value in array), np.bool_, len(array))
    array = pc.if_else(pa.array(readable), array, pa.scalar(None, array.type))
    return _Given(_numbers(array.cast(column.type)), there, ~readable)


def _can_read(value: pa.Scalar, kind: pa.DataType) -> bool:
    try:
        value.cast(kind)
    except pa.ArrowInvalid:
        return False
    return True


_CanHold = Callable[[pa.DataType, Column], bool]


def _number(kind: pa.DataType, column: Column) -> bool:
    return bool(pt.is_integer(kind) or pt.is_floating(kind) or pt.is_decimal(kind))


def _moment(kind: pa.DataType, column: Column) -> bool:
    return bool(pt.is_timestamp(kind) and kind.tz is None)


def _day(kind: pa.DataType, column: Column) -> bool:
    return bool(pt.is_date(kind)) or _moment(kind, column)


def _octets(kind: pa.DataType, column: Column) -> bool:
    return holds_octets(kind, column.field.size)


_CAN_HOLD: Mapping[Kind, _CanHold] = {
    Kind.UINT: _number,
    Kind.TIMESTAMP: _moment,
    Kind.DATE: _day,
    Kind.MONTH: _day,
    Kind.BYTES: _octets,
}
