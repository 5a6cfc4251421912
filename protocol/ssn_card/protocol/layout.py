# SPDX-License-Identifier: Apache-2.0
"""Fixed byte layouts, each declared once as a list of fields.

A :class:`Layout` encodes and decodes, and is the source from which the Java offsets, the trace decoder and the tables
of ``docs/protocol.md`` are derived. All integers are big-endian; every layout has a fixed size.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from types import MappingProxyType
from typing import Any

from . import bcd
from .errors import InputError, Text


class Kind(Enum):
    """How a field's bytes are read."""

    UINT = "unsigned integer, big-endian"
    INT = "signed integer, big-endian, two's complement"
    BYTES = "bytes"
    TIMESTAMP = "BCD YYMMDDhhmmss, local time (WITA)"
    DATE = "BCD YYMMDD"
    MONTH = "BCD YYMM"


#: How the bytes of a field of each kind are read.
_READ: Mapping[Kind, Callable[[bytes], Any]] = MappingProxyType(
    {
        Kind.UINT: lambda raw: int.from_bytes(raw, "big"),
        Kind.INT: lambda raw: int.from_bytes(raw, "big", signed=True),
        Kind.BYTES: bytes,
        Kind.TIMESTAMP: bcd.to_timestamp,
        Kind.DATE: bcd.to_date,
        Kind.MONTH: bytes,
    }
)


@dataclass(frozen=True)
class Field:
    """One field of a layout.

    Args:
        name: snake_case, the same in every language that is generated.
        size: bytes.
        kind: how to read it.
        doc: one sentence for the protocol document.
        unit: ``"rupiah"`` or empty.
        sensitive: never shown in a trace.
        optional: a date or timestamp that may be all zero, which reads as ``None``.
    """

    name: str
    size: int
    kind: Kind
    doc: str
    unit: str = ""
    sensitive: bool = False
    optional: bool = False

    def read(self, raw: bytes) -> Any:
        """The value in the field's bytes. Raises :class:`bcd.BcdError`."""
        return None if self.optional and not any(raw) else _READ[self.kind](raw)

    def written(self, value: Any) -> bytes:
        """The field's bytes of a value that :meth:`fits`. Raises :class:`bcd.BcdError`; ``OverflowError`` where they
        would be of another number."""
        if self.kind in (Kind.UINT, Kind.INT):
            return int(value).to_bytes(self.size, "big", signed=self.kind is Kind.INT)
        if value is None:
            return bytes(self.size)
        if self.kind is Kind.TIMESTAMP:
            return bcd.from_timestamp(value)
        if self.kind is Kind.DATE:
            return bcd.from_date(value)
        if len(value) != self.size:
            raise OverflowError
        return bytes(value)

    def fits(self, value: object) -> bool:
        """Whether ``value`` has the type that this field encodes; its range is for :meth:`written` to check."""
        if self.kind in (Kind.UINT, Kind.INT):
            return isinstance(value, int)
        if self.kind is Kind.TIMESTAMP:
            return isinstance(value, dt.datetime) or (self.optional and value is None)
        if self.kind is Kind.DATE:
            return isinstance(value, dt.date) or (self.optional and value is None)
        return isinstance(value, bytes | bytearray)


def uint(name: str, size: int, doc: str) -> Field:
    """An unsigned big-endian integer."""
    return Field(name, size, Kind.UINT, doc)


def rupiah(name: str, doc: str) -> Field:
    """An amount in whole rupiah, 4 bytes, below 2^31."""
    return Field(name, 4, Kind.UINT, doc, "rupiah")


def balance(name: str, doc: str) -> Field:
    """An amount in whole rupiah that may be negative, 4 bytes."""
    return Field(name, 4, Kind.INT, doc, "rupiah")


def octets(name: str, size: int, doc: str, *, sensitive: bool = False) -> Field:
    """Opaque bytes."""
    return Field(name, size, Kind.BYTES, doc, sensitive=sensitive)


def timestamp(name: str, doc: str) -> Field:
    """A BCD timestamp, 6 bytes."""
    return Field(name, 6, Kind.TIMESTAMP, doc)


def date(name: str, doc: str) -> Field:
    """A BCD date, 3 bytes."""
    return Field(name, 3, Kind.DATE, doc)


def or_zero(field: Field) -> Field:
    """The same field where a date or timestamp may also be all zero (``None``): nothing has set it yet."""
    if field.kind not in (Kind.DATE, Kind.TIMESTAMP):
        return field
    return replace(field, optional=True, doc=f"{field.doc}; zero before the first update")


def month(name: str, doc: str) -> Field:
    """A BCD month YYMM, 2 bytes, kept as bytes; ``0000`` means none yet."""
    return Field(name, 2, Kind.MONTH, doc)


class Layout:
    """A fixed run of named fields."""

    def __init__(self, name: str, *fields: Field) -> None:
        self.name = name
        self.fields = fields
        self.size = sum(field.size for field in fields)
        self._names = frozenset(field.name for field in fields)

    def offset(self, name: str) -> int:
        """Byte offset of field ``name``. Raises ``KeyError``."""
        position = 0
        for field in self.fields:
            if field.name == name:
                return position
            position += field.size
        raise KeyError(name)

    def encode(self, values: Mapping[str, Any]) -> bytes:
        """The layout's bytes. Raises :class:`InputError` naming the field that is missing, unknown or out of range."""
        unknown = set(values) - self._names
        missing = self._names - set(values)
        if unknown or missing:
            names = ", ".join(sorted(unknown or missing))
            known = Text("missing field", "bidang tidak ada")
            raise _bad_field(self.name, names, Text("unknown field", "bidang tidak dikenal") if unknown else known)
        parts = []
        for field in self.fields:
            value = values[field.name]
            if not field.fits(value):
                kind = type(value).__name__
                raise _bad_field(self.name, field.name, Text(f"wrong type {kind}", f"jenis {kind} tidak cocok"))
            try:
                parts.append(field.written(value))
            except bcd.BcdError as error:
                raise _bad_field(self.name, field.name, error.text) from None
            except OverflowError:
                problem = Text("value does not fit {size} bytes", "nilai tidak muat dalam {size} bita")
                raise _bad_field(self.name, field.name, problem.filled(size=field.size)) from None
        return b"".join(parts)

    def decode(self, data: bytes) -> dict[str, Any]:
        """The fields by name. Raises :class:`InputError` when the length or a BCD value is wrong; the latter
        names the field."""
        if len(data) != self.size:
            raise InputError(
                Text(
                    f"{self.name} must have {self.size} bytes, got {len(data)}.",
                    f"{self.name} harus {self.size} bita, diterima {len(data)}.",
                ),
                where=self.name,
            )
        values = {}
        position = 0
        for field in self.fields:
            try:
                values[field.name] = field.read(data[position : position + field.size])
            except bcd.BcdError as error:
                raise _bad_field(self.name, field.name, error.text) from None
            position += field.size
        return values


def _bad_field(layout: str, field: str, problem: Text) -> InputError:
    return InputError(
        Text(f"{layout}.{field}: {problem.en}.", f"{layout}.{field}: {problem.id}."),
        where=f"{layout}.{field}",
    )


def month_of(moment: dt.date) -> bytes:
    """The BCD month YYMM of a date or datetime."""
    return bcd.from_date(moment)[:2]
