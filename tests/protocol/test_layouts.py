# SPDX-License-Identifier: Apache-2.0
"""Every layout encodes and decodes back, and says which field is wrong."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.protocol.packed import packed

from ssn_card.protocol import layouts
from ssn_card.protocol.errors import InputError
from ssn_card.protocol.layout import Field, Kind, Layout, month_of

ALL: list[Layout] = sorted(
    {value for value in vars(layouts).values() if isinstance(value, Layout)} | set(layouts.RECEIPT_BY_TYPE.values()),
    key=lambda layout: layout.name,
)
DATES = st.dates(dt.date(2000, 1, 1), dt.date(2079, 12, 31))
MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2079, 12, 31, 23, 59, 59)).map(
    lambda moment: moment.replace(microsecond=0)
)


def values_of(field: Field) -> st.SearchStrategy[Any]:
    """Everything that a field can hold."""
    plain: dict[Kind, Callable[[], st.SearchStrategy[Any]]] = {
        Kind.UINT: lambda: st.integers(0, (1 << 8 * field.size) - 1),
        Kind.INT: lambda: st.integers(-(1 << 8 * field.size - 1), (1 << 8 * field.size - 1) - 1),
        Kind.BYTES: lambda: st.binary(min_size=field.size, max_size=field.size),
        Kind.MONTH: lambda: st.binary(min_size=field.size, max_size=field.size),
        Kind.DATE: lambda: DATES,
        Kind.TIMESTAMP: lambda: MOMENTS,
    }
    strategy = plain[field.kind]()
    return st.none() | strategy if field.optional else strategy


def contents(layout: Layout) -> st.SearchStrategy[dict[str, Any]]:
    """Everything that a layout can hold."""
    return st.fixed_dictionaries({field.name: values_of(field) for field in layout.fields})


def sample(layout: Layout) -> dict[str, Any]:
    """One fixed set of values."""
    by_kind: dict[Kind, Callable[[Field], Any]] = {
        Kind.UINT: lambda _: 1,
        Kind.INT: lambda _: -1,
        Kind.BYTES: lambda field: bytes(field.size),
        Kind.MONTH: lambda field: bytes(field.size),
        Kind.DATE: lambda _: dt.date(2026, 2, 28),
        Kind.TIMESTAMP: lambda _: dt.datetime(2026, 2, 28, 23, 59, 59),
    }
    return {field.name: by_kind[field.kind](field) for field in layout.fields}


named = pytest.mark.parametrize("layout", ALL, ids=lambda layout: layout.name)


@named
@given(data=st.data())
def test_what_is_encoded_is_decoded(layout: Layout, data: st.DataObject) -> None:
    values = data.draw(contents(layout))
    encoded = layout.encode(values)
    assert len(encoded) == layout.size
    assert layout.decode(encoded) == values


@named
@given(data=st.data())
def test_what_is_decoded_encodes_to_the_same_bytes(layout: Layout, data: st.DataObject) -> None:
    raw = data.draw(st.binary(min_size=layout.size, max_size=layout.size))
    try:
        values = layout.decode(raw)
    except InputError as error:
        wrong = [f for f in layout.fields if error.where == f"{layout.name}.{f.name}"]
        assert [field.kind for field in wrong] in ([Kind.DATE], [Kind.TIMESTAMP])
    else:
        assert layout.encode(values) == raw


@named
def test_offsets_and_names(layout: Layout) -> None:
    names = [field.name for field in layout.fields]
    assert len(names) == len(set(names))
    position = 0
    for field in layout.fields:
        assert layout.offset(field.name) == position
        position += field.size
    assert position == layout.size == packed(layout.fields).size
    with pytest.raises(KeyError, match="no_such_field"):
        layout.offset("no_such_field")


@named
@given(data=st.data())
def test_a_wrong_length_is_refused(layout: Layout, data: st.DataObject) -> None:
    raw = data.draw(st.binary(max_size=2 * layout.size).filter(lambda b: len(b) != layout.size))
    with pytest.raises(InputError) as caught:
        layout.decode(raw)
    assert caught.value.where == layout.name
    for text in caught.value.text:
        assert [int(number) for number in re.findall(r"(?<= )\d+", text)] == [layout.size, len(raw)]


def _bad_values(field: Field) -> list[Any]:
    if field.kind is Kind.UINT:
        return [-1, 1 << 8 * field.size, None, "1", b"\x01", 1.0]
    if field.kind is Kind.INT:
        return [-(1 << 8 * field.size - 1) - 1, 1 << 8 * field.size - 1, None, "1", b"\x01", 1.0]
    if field.kind in (Kind.BYTES, Kind.MONTH):
        return [bytes(field.size + 1), bytes(field.size - 1), None, "x" * field.size, 5, -1]
    bad: list[Any] = [dt.datetime(1999, 12, 31, 1, 1, 1), dt.datetime(2080, 1, 1, 1, 1, 1), "260101", 0]
    return bad if field.optional else [*bad, None]


CASES = [(layout, field) for layout in ALL for field in layout.fields]


@pytest.mark.parametrize(("layout", "field"), CASES, ids=lambda x: x.name)
def test_an_encoding_error_names_the_field(layout: Layout, field: Field) -> None:
    for bad in _bad_values(field):
        with pytest.raises(InputError) as caught:
            layout.encode(sample(layout) | {field.name: bad})
        assert caught.value.where == f"{layout.name}.{field.name}", bad
        if not field.fits(bad):
            wrong = type(bad).__name__
        else:
            wrong = str(bad.year) if isinstance(bad, dt.date) else f" {field.size} "
        for text in caught.value.text:
            assert field.name in text
            assert wrong in text


@pytest.mark.parametrize(
    ("layout", "field"), [c for c in CASES if c[1].kind in (Kind.DATE, Kind.TIMESTAMP)], ids=lambda x: x.name
)
def test_a_decoding_error_names_the_field(layout: Layout, field: Field) -> None:
    good = layout.encode(sample(layout))
    at = layout.offset(field.name)
    days = {
        "261301": "261301",
        "260230": "260230",
        "2601FF": "digit",
        "A60101": "digit",
        "800101": "2080",
    }
    for day, told in days.items():
        wrong = (bytes.fromhex(day) + bytes(3))[: field.size]
        with pytest.raises(InputError) as caught:
            layout.decode(good[:at] + wrong + good[at + field.size :])
        assert caught.value.where == f"{layout.name}.{field.name}"
        for text in caught.value.text:
            assert told in text


@named
def test_missing_and_unknown_fields_are_named(layout: Layout) -> None:
    values = sample(layout)
    name = layout.fields[0].name
    del values[name]
    with pytest.raises(InputError) as caught:
        layout.encode(values)
    assert caught.value.where == f"{layout.name}.{name}"
    assert ("missing" in caught.value.text.en, "tidak ada" in caught.value.text.id) == (True, True)
    with pytest.raises(InputError) as caught:
        layout.encode(sample(layout) | {"surprise": 1, "another": 1})
    assert caught.value.where == f"{layout.name}.another, surprise"
    assert ("unknown" in caught.value.text.en, "tidak dikenal" in caught.value.text.id) == (True, True)


def test_a_secret_value_stays_out_of_the_error() -> None:
    values = sample(layouts.IDENTITY_FIXED) | {"nik": "9901010101010001"}
    with pytest.raises(InputError) as caught:
        layouts.IDENTITY_FIXED.encode(values)
    assert "9901" not in str(caught.value.as_dict())


def test_zero_dates_of_a_fresh_card_read_as_none() -> None:
    """Before the first update GET STATUS has no dates."""
    status = layouts.STATUS_ANSWER.decode(bytes(layouts.STATUS_ANSWER.size))
    assert status["valid_until"] is None
    assert status["issued_at"] is None
    with pytest.raises(InputError):
        layouts.RECEIPT.decode(bytes(layouts.RECEIPT.size))


def test_receipts_of_every_type_have_one_size() -> None:
    assert {layout.size for layout in layouts.RECEIPT_BY_TYPE.values()} == {layouts.RECEIPT.size}
    for layout in (layouts.CANCELLATION, layouts.OVERRIDING, layouts.UPDATE_RECEIPT):
        assert layout.size == layouts.MOVEMENT.size


def test_queries_and_movements_have_one_size_each() -> None:
    """The card lays out messages of these two sizes only."""
    assert {layout.size for layout in (layouts.QUERY, layouts.RECEIPT_QUERY, layouts.PIN_QUERY)} == {20}
    assert layouts.MOVEMENT.size == 36


LISTED = json.loads((Path(__file__).resolve().parents[2] / "protocol/layouts.json").read_text(encoding="utf-8"))
BY_NAME = {one["name"]: one for one in LISTED["layouts"]}


def test_the_file_of_layouts_has_every_layout_once() -> None:
    assert [layout.name for layout in ALL] == sorted(BY_NAME)
    assert len(BY_NAME) == len(LISTED["layouts"])
    assert set(LISTED["types"].values()) == {kind.value for kind in Kind}
    assert LISTED["receipt_by_type"] == {str(int(k)): layout.name for k, layout in layouts.RECEIPT_BY_TYPE.items()}


def _read(field: dict[str, Any], data: bytes) -> Any:
    """A field read by the file alone, as a program of another language would."""
    raw = data[field["offset"] : field["offset"] + field["length"]]
    if field["type"] in ("uint", "int"):
        return int.from_bytes(raw, "big", signed=field["type"] == "int")
    if field["zero_is_none"] and not any(raw):
        return None
    digits = raw.hex()
    if field["type"] == "bcd_date":
        return dt.datetime.strptime(digits, "%y%m%d").date()
    return dt.datetime.strptime(digits, "%y%m%d%H%M%S") if field["type"] == "bcd_timestamp" else raw


@named
@given(data=st.data())
def test_a_reader_of_the_file_of_layouts_reads_the_same(layout: Layout, data: st.DataObject) -> None:
    listed = BY_NAME[layout.name]
    values = data.draw(contents(layout).filter(_this_century))
    encoded = layout.encode(values)
    assert len(encoded) == listed["length"]
    assert {field["name"]: _read(field, encoded) for field in listed["fields"]} == values


def _this_century(values: dict[str, Any]) -> bool:
    """Python reads a two-digit year above 68 as of the last century."""
    return all(value.year < 2069 for value in values.values() if isinstance(value, dt.date))


@given(DATES)
def test_month_of_a_date(day: dt.date) -> None:
    assert month_of(day).hex() == f"{day:%y%m}"
