# SPDX-License-Identifier: Apache-2.0
"""Fixed byte layouts, each declared once as a list of fields.

A :class:`Layout` encodes and decodes (through ``construct``), and is the source from which the Java offsets, packed
records of numpy, the trace decoder and the tables of ``docs/protocol.md`` are derived. All integers are big-endian;
all layouts have a fixed size except where the last field says otherwise.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

import construct

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

    def subcon(self) -> Any:
        """The ``construct`` parser and builder of this field."""
        if self.kind is Kind.UINT:
            return construct.BytesInteger(self.size)
        if self.kind is Kind.INT:
            return construct.BytesInteger(self.size, signed=True)
        raw = construct.Bytes(self.size)
        if self.kind is Kind.TIMESTAMP:
            return self._adapted(raw, bcd.to_timestamp, bcd.from_timestamp)
        if self.kind is Kind.DATE:
            return self._adapted(raw, bcd.to_date, bcd.from_date)
        return raw

    def _adapted(self, raw: Any, decode: Callable[[bytes], Any], encode: Callable[[Any], bytes]) -> Any:
        none = bytes(self.size)
        return construct.ExprAdapter(
            raw,
            lambda o, _: None if self.optional and o == none else decode(o),
            lambda o, _: none if self.optional and o is None else encode(o),
        )

    def fits(self, value: object) -> bool:
        """Whether ``value`` has the type that this field encodes; its range is the parser's to check."""
        if self.kind in (Kind.UINT, Kind.INT):
            return isinstance(value, int)
        if self.kind is Kind.TIMESTAMP:
            return isinstance(value, dt.datetime) or (self.optional and value is None)
        if self.kind is Kind.DATE:
            return isinstance(value, dt.date) or (self.optional and value is None)
        return isinstance(value, bytes | bytearray)

    def numpy_format(self) -> str:
        """The numpy type of this field in a packed record."""
        if self.kind is Kind.UINT:
            return f">u{self.size}"
        if self.kind is Kind.INT:
            return f">i{self.size}"
        return f"V{self.size}"


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


def timestamp(name: str, doc: str, *, optional: bool = False) -> Field:
    """A BCD timestamp, 6 bytes."""
    return Field(name, 6, Kind.TIMESTAMP, doc, optional=optional)


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
        self._subcons = tuple((field, field.subcon()) for field in fields)
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
        for field, subcon in self._subcons:
            value = values[field.name]
            if not field.fits(value):
                kind = type(value).__name__
                raise _bad_field(self.name, field.name, Text(f"wrong type {kind}", f"jenis {kind} tidak cocok"))
            try:
                parts.append(subcon.build(value))
            except bcd.BcdError as error:
                raise _bad_field(self.name, field.name, error.text) from None
            except construct.ConstructError:
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
        for field, subcon in self._subcons:
            try:
                values[field.name] = subcon.parse(data[position : position + field.size])
            except bcd.BcdError as error:
                raise _bad_field(self.name, field.name, error.text) from None
            position += field.size
        return values

    def record_fields(self) -> list[tuple[str, str]]:
        """Names and formats of this layout's packed record: ``numpy.dtype`` takes them, and is not needed here."""
        return [(field.name, field.numpy_format()) for field in self.fields]


def _bad_field(layout: str, field: str, problem: Text) -> InputError:
    return InputError(
        Text(f"{layout}.{field}: {problem.en}.", f"{layout}.{field}: {problem.id}."),
        where=f"{layout}.{field}",
    )


def month_of(moment: dt.date) -> bytes:
    """The BCD month YYMM of a date or datetime."""
    return bcd.from_date(moment)[:2]
