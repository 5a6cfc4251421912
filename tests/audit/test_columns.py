# SPDX-License-Identifier: Apache-2.0
"""Typed columns say what the layouts say, field by field; and a column that says otherwise is found in any type."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.receipts.histories import Player
from tests.receipts.made import history

from ssn_card.audit.agreement import check_type, differing
from ssn_card.audit.columns import BY_NAME, COLUMNS, SCHEMA, typed
from ssn_card.audit.errors import ColumnOfAnotherType
from ssn_card.protocol import bcd
from ssn_card.protocol.layout import Field, Kind
from ssn_card.protocol.layouts import RECEIPT_BY_TYPE
from ssn_card.receipts.receipt import SAME_IN_ALL

RAWS = [*history(), *Player(Random(7)).play(80).receipts]


def raw_of(receipts: list[bytes]) -> np.ndarray[Any, Any]:
    return np.frombuffer(b"".join(receipts), np.uint8).reshape(-1, 88)


def value_of(name: str, field: Field, data: bytes) -> Any:
    """A field's value by Python alone: the layout's own reading, as a table keeps it; ``None`` of what is none."""
    try:
        value = field.read(data)
        if field.kind is Kind.MONTH:
            return bcd.to_date(data + b"\x01")
    except bcd.BcdError:
        return None
    return value.hex() if name in ("serial", "companion_id") else value


def told(raw: bytes) -> dict[str, Any]:
    """All columns of one receipt."""
    layout = RECEIPT_BY_TYPE.get(raw[64])
    everywhere = set.intersection(*({field.name for field in one.fields} for one in RECEIPT_BY_TYPE.values()))
    values: dict[str, Any] = dict.fromkeys(SCHEMA.names)
    for field in (layout or RECEIPT_BY_TYPE[1]).fields:
        if field.name in values and (layout or field.name in everywhere):
            at = (layout or RECEIPT_BY_TYPE[1]).offset(field.name)
            values[field.name] = value_of(field.name, field, raw[at : at + field.size])
    return values


def test_there_is_a_column_for_every_field() -> None:
    fields = {field.name for layout in RECEIPT_BY_TYPE.values() for field in layout.fields}
    assert {column.name for column in COLUMNS} == fields - SAME_IN_ALL


def test_columns_of_a_history_are_its_fields() -> None:
    table = pa.Table.from_arrays(typed(raw_of(RAWS)), schema=SCHEMA)
    table.validate(full=True)
    assert table.to_pylist() == [told(raw) for raw in RAWS]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(RAWS), st.integers(0, 87), st.binary(min_size=1, max_size=6)), min_size=1, max_size=5
    )
)
def test_columns_of_what_no_card_writes_are_what_can_be_read(changes: list[tuple[bytes, int, bytes]]) -> None:
    raws = [(raw[:at] + new + raw[at + len(new) :])[:88] for raw, at, new in changes]
    table = pa.Table.from_arrays(typed(raw_of(raws)), schema=SCHEMA)
    table.validate(full=True)
    assert table.to_pylist() == [told(raw) for raw in raws]
    assert not list(differing(raw_of(raws), dict(zip(SCHEMA.names, typed(raw_of(raws)), strict=True))))


@pytest.mark.parametrize("first", [0, 256, 0x2502, 0x9912])
def test_each_bcd_of_a_date_reads_as_the_protocol_reads_it(first: int) -> None:
    """All months and days, possible or not, of some years."""
    base = history()[2]
    raws = [
        base[:10] + bytes((first >> 8, month, day)) + base[13:] for month in (*range(0x20), 0xFF) for day in range(0x40)
    ]
    moments = typed(raw_of(raws))[SCHEMA.get_field_index("timestamp")].to_pylist()
    assert moments == [told(raw)["timestamp"] for raw in raws]


#: Other types in which tables keep the same.
OTHERS: dict[Kind, list[pa.DataType]] = {
    Kind.UINT: [pa.int64(), pa.uint64(), pa.float64(), pa.string(), pa.decimal128(20, 0), pa.large_string()],
    Kind.TIMESTAMP: [pa.timestamp("s"), pa.timestamp("us"), pa.timestamp("ns"), pa.string()],
    Kind.DATE: [pa.date64(), pa.timestamp("us"), pa.string()],
    Kind.MONTH: [pa.date64(), pa.timestamp("s"), pa.string()],
    Kind.BYTES: [pa.binary(), pa.large_binary(), pa.string(), pa.binary_view(), pa.string_view()],
}


def kept_as(name: str, array: pa.Array, kind: pa.DataType) -> pa.Array:
    """The same values in another type."""
    if BY_NAME[name].field.kind is not Kind.BYTES:
        return array.cast(pa.int64()).cast(kind) if pa.types.is_decimal(kind) else array.cast(kind)
    values = array.to_pylist()
    if name in ("serial", "companion_id"):
        values = [None if value is None else bytes.fromhex(value) for value in values]
    if pa.types.is_string(kind) or pa.types.is_string_view(kind):
        values = [None if value is None else value.hex() for value in values]
    return pa.array(values, kind)


@pytest.mark.parametrize(("name", "kind"), [(one.name, kind) for one in COLUMNS for kind in OTHERS[one.field.kind]])
def test_a_change_is_found_in_whatever_type_the_column_is_kept(name: str, kind: pa.DataType) -> None:
    raw = raw_of(RAWS)
    check_type(name, kind, "any")
    array = kept_as(name, typed(raw)[SCHEMA.get_field_index(name)], kind)
    assert not list(differing(raw, {name: array}))
    for offset in (1, 5):  # arrays that are parts of others
        assert not list(differing(raw[offset:], {name: array[offset:]}))
    place = next(place for place, value in enumerate(array) if value.is_valid)
    null = next((place for place, value in enumerate(array) if not value.is_valid), None)
    for changed in {place, null} - {None}:
        values = array.to_pylist()
        values[changed] = None if changed == null else another(values[changed])
        if changed == null:
            values[changed] = values[place]
        ((field, rows),) = differing(raw, {name: pa.array(values, kind)})
        assert (field, rows.tolist()) == (name, [changed])
    values = array.to_pylist()
    values[place] = None
    ((field, rows),) = differing(raw, {name: pa.array(values, kind)})
    assert rows.tolist() == [place]


def another(value: Any) -> Any:
    """A value of the same kind that differs."""
    if isinstance(value, str):
        return value[:-1] + ("1" if value[-1] != "1" else "2")
    if isinstance(value, bytes):
        return value[:-1] + bytes((value[-1] ^ 1,))
    return value + (dt.timedelta(days=1) if isinstance(value, dt.date) else 1)


@pytest.mark.parametrize("text", ["", "x", "1.5", "-1", "99999999999999999999999", "2025-13-01", "ü" * 16])
def test_a_text_that_says_nothing_of_the_kind_differs(text: str) -> None:
    raw = raw_of(RAWS)
    for column in COLUMNS:
        array = kept_as(column.name, typed(raw)[SCHEMA.get_field_index(column.name)], pa.string())
        values = array.to_pylist()
        values[4] = text
        ((field, rows),) = differing(raw, {column.name: pa.array(values, pa.string())})
        assert (field, rows.tolist()) == (column.name, [4])


def test_a_type_that_cannot_hold_it_is_named_in_both_languages() -> None:
    with pytest.raises(ColumnOfAnotherType) as caught:
        check_type("amount", pa.bool_(), "x.parquet")
    assert caught.value.text.en.endswith("column amount is of type bool, not uint32.")
    assert caught.value.text.id.endswith("kolom amount berjenis bool, bukan uint32.")


MANY = raw_of([RAWS[place % len(RAWS)] for place in range(1000)])
WHOLE = dict(zip(SCHEMA.names, typed(MANY), strict=True))


def spoilt(array: pa.Array, place: int) -> pa.Array:
    """The same array with one value that is another, or not null, or null."""
    values = array.to_pylist()
    some = next(value for value in values if value is not None)
    values[place] = some if values[place] is None else another(values[place])
    return pa.array(values, array.type)


@pytest.mark.parametrize("name", SCHEMA.names)
def test_compiled_and_plain_comparison_find_the_same(name: str) -> None:
    compiled = pytest.importorskip("ssn_card.audit.kernel.agreement").suspects
    array = WHOLE[name]
    for kept in (array, array.dictionary_encode()) if name in ("serial", "companion_id") else (array,):
        for place in (0, 7, 255, 256, 257, 511, 700, 999):
            one = spoilt(array, place)
            one = one.dictionary_encode() if kept is not array else one
            assert compiled(MANY, {name: one}) == [name]
            values = array.to_pylist()
            if values[place] is not None:
                values[place] = None
                assert compiled(MANY, {name: pa.array(values, array.type)}) == [name]
        for first in (0, 8, 264, 3):  # parts of arrays, which begin in the middle of a byte too
            found = compiled(MANY[first:], {name: kept[first:]})
            agrees = first % 8 == 0 and (name not in ("serial", "companion_id") or kept is not array)
            assert found == ([] if agrees else [name])
    assert compiled(MANY[:0], {name: array[:0]}) in ([], [name])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, len(MANY) - 1), st.integers(0, 87), st.binary(min_size=1, max_size=4)), max_size=30
    ),
    st.integers(0, 400),
)
def test_compiled_comparison_sees_every_change_of_a_receipt(changes: list[tuple[int, int, bytes]], count: int) -> None:
    compiled = pytest.importorskip("ssn_card.audit.kernel.agreement").suspects
    raw = MANY[: len(MANY) - count].copy()
    for place, at, new in changes:
        if place < len(raw):
            raw[place, at : at + len(new)] = list(new[: 88 - at])
    given = {name: array[: len(raw)] for name, array in WHOLE.items()}
    given |= {name: given[name].dictionary_encode() for name in ("serial", "companion_id")}
    suspected = compiled(raw, given)
    assert suspected == [name for name, _ in differing(raw, given)]
    own = dict(zip(SCHEMA.names, typed(raw), strict=True))
    own |= {name: own[name].dictionary_encode() for name in ("serial", "companion_id")}
    assert compiled(raw, own) == []


def test_many_rows_are_compared_by_compiled_code(monkeypatch: pytest.MonkeyPatch) -> None:
    from ssn_card.audit import agreement

    monkeypatch.setattr(agreement, "_MANY", 1000)
    given = WHOLE | {"amount": spoilt(WHOLE["amount"], 300)}
    assert [(name, rows.tolist()) for name, rows in differing(MANY, given)] == [("amount", [300])]
    monkeypatch.setattr(agreement, "_compiled", lambda: None)  # without numba
    assert [(name, rows.tolist()) for name, rows in differing(MANY, given)] == [("amount", [300])]
