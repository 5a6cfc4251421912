# SPDX-License-Identifier: Apache-2.0
"""BCD against the calendar of the standard library."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssn_card.protocol import bcd

DATES = st.dates(dt.date(2000, 1, 1), dt.date(bcd.LAST_YEAR, 12, 31))
MOMENTS = st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(bcd.LAST_YEAR, 12, 31, 23, 59, 59)).map(
    lambda moment: moment.replace(microsecond=0)
)


@given(MOMENTS)
def test_moments_go_there_and_back(moment: dt.datetime) -> None:
    raw = bcd.from_timestamp(moment)
    assert raw.hex() == moment.strftime("%y%m%d%H%M%S")
    assert bcd.to_timestamp(raw) == moment
    assert bcd.to_date(raw[:3]) == moment.date()


@pytest.mark.parametrize("zone", [dt.UTC, dt.timezone(dt.timedelta(hours=8))])
def test_a_moment_with_a_zone_is_refused(zone: dt.tzinfo) -> None:
    with pytest.raises(bcd.BcdError, match="WITA"):
        bcd.from_timestamp(dt.datetime(2025, 10, 3, 10, tzinfo=zone))


@given(MOMENTS, MOMENTS)
def test_bytes_are_ordered_as_moments(left: dt.datetime, right: dt.datetime) -> None:
    assert (bcd.from_timestamp(left) < bcd.from_timestamp(right)) == (left < right)


#: Pairs of digits near the edges of months, days and hours are the likely ones.
_PAIRS = st.sampled_from(
    ["00", "01", "02", "12", "13", "23", "24", "28", "29", "30", "31", "32", "59", "60", "79", "80"]
)
_NEAR = st.lists(_PAIRS, min_size=6, max_size=6).map(lambda pairs: bytes.fromhex("".join(pairs)))


@given(_NEAR | st.binary(min_size=6, max_size=6))
def test_any_six_bytes_are_a_moment_or_an_error(raw: bytes) -> None:
    try:
        expected = dt.datetime.strptime("20" + raw.hex(), "%Y%m%d%H%M%S")
    except ValueError:
        expected = None
    if expected is not None and expected.year > bcd.LAST_YEAR:
        expected = None
    if expected is None:
        with pytest.raises(bcd.BcdError):
            bcd.to_timestamp(raw)
    else:
        assert bcd.to_timestamp(raw) == expected


@given(DATES)
def test_dates_go_there_and_back(day: dt.date) -> None:
    assert bcd.to_date(bcd.from_date(day)) == day


@given(st.dates().filter(lambda day: not 2000 <= day.year <= bcd.LAST_YEAR))
def test_other_years_are_refused(day: dt.date) -> None:
    with pytest.raises(bcd.BcdError, match=f"got {day.year}$"):
        bcd.from_date(day)


@given(st.text("0123456789", max_size=16), st.integers(0, 3))
def test_digits_go_there_and_back(digits: str, spare: int) -> None:
    size = (len(digits) + 1) // 2 + spare
    raw = bcd.encode_digits(digits, size) if digits else bytes(size)
    assert len(raw) == size
    assert bcd.decode_digits(raw).lstrip("0") == digits.lstrip("0") if size else raw == b""


@pytest.mark.parametrize("digits", ["12345", "12a4", "١٢", "-1", " 1", ""])
def test_what_is_no_digits_is_refused(digits: str) -> None:
    with pytest.raises(bcd.BcdError, match="at most 4 digits") as caught:
        bcd.encode_digits(digits, 2)
    assert caught.value.text == ("expected at most 4 digits", "paling banyak 4 digit")


@pytest.mark.parametrize(("digits", "size", "raw"), [("1234", 2, "1234"), ("123", 2, "0123"), ("7", 3, "000007")])
def test_digits_stand_to_the_right(digits: str, size: int, raw: str) -> None:
    assert bcd.encode_digits(digits, size).hex() == raw
    assert bcd.decode_digits(bytes.fromhex(raw)) == raw


def test_what_is_refused_is_told_in_both_languages() -> None:
    told = []
    for refused in (
        lambda: bcd.decode_digits(b"\x1a"),
        lambda: bcd.from_date(dt.date(2080, 1, 1)),
        lambda: bcd.from_date(dt.date(1999, 12, 31)),
        lambda: bcd.to_date(bytes.fromhex("800101")),
        lambda: bcd.to_date(bytes.fromhex("251301")),
        lambda: bcd.to_date(bytes(2)),
        lambda: bcd.to_timestamp(bytes.fromhex("251003240000")),
        lambda: bcd.to_timestamp(bytes(7)),
        lambda: bcd.from_timestamp(dt.datetime(2025, 10, 3, tzinfo=dt.UTC)),
    ):
        with pytest.raises(bcd.BcdError) as caught:
            refused()
        told.append(caught.value.text)
    assert told == [
        ("a nibble is not a decimal digit", "ada nibel yang bukan digit desimal"),
        ("year must be 2000 to 2079, got 2080", "tahun harus 2000 sampai 2079, bukan 2080"),
        ("year must be 2000 to 2079, got 1999", "tahun harus 2000 sampai 2079, bukan 1999"),
        ("year must be 2000 to 2079, got 2080", "tahun harus 2000 sampai 2079, bukan 2080"),
        ("251301 is not a possible date", "251301 bukan tanggal yang mungkin"),
        ("expected 3 bytes, got 2", "harus 3 bita, diterima 2"),
        ("251003240000 is not a possible time", "251003240000 bukan waktu yang mungkin"),
        ("expected 6 bytes, got 7", "harus 6 bita, diterima 7"),
        (
            "a time with a zone; give local time (WITA) without one",
            "waktu dengan zona; berikan waktu setempat (WITA) tanpa zona",
        ),
    ]


@pytest.mark.parametrize("day", ["000101", "791231"])
def test_the_first_and_the_last_day(day: str) -> None:
    assert bcd.from_date(bcd.to_date(bytes.fromhex(day))).hex() == day
    assert bcd.is_timestamp(bytes.fromhex(day + "235959"))
    assert not bcd.is_timestamp(bytes.fromhex(day + "245959"))
    assert not bcd.is_timestamp(bytes.fromhex(day + "236059"))
    assert not bcd.is_timestamp(bytes.fromhex(day + "235960"))
    assert not bcd.is_timestamp(bytes.fromhex("800101000000"))


@given(st.binary(min_size=1, max_size=8).filter(lambda raw: not raw.hex().isdigit()))
def test_a_nibble_above_nine_is_refused(raw: bytes) -> None:
    with pytest.raises(bcd.BcdError):
        bcd.decode_digits(raw)


@pytest.mark.parametrize("size", [0, 1, 2, 4])
def test_a_date_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(bcd.BcdError, match=f"expected 3 bytes, got {size}$"):
        bcd.to_date(bytes.fromhex("26010711")[:size])


@pytest.mark.parametrize(
    ("moment", "told"), [("261301", "261301"), ("800101", "2080"), ("260101240000", "260101240000")]
)
def test_what_is_no_moment_is_told(moment: str, told: str) -> None:
    raw = bytes.fromhex(moment)
    with pytest.raises(bcd.BcdError, match=told):
        bcd.to_timestamp(raw) if len(raw) == bcd.TIMESTAMP else bcd.to_date(raw)


@pytest.mark.parametrize("size", [0, 3, 5, 7])
def test_a_timestamp_of_another_size_is_refused(size: int) -> None:
    with pytest.raises(bcd.BcdError):
        bcd.to_timestamp(bytes.fromhex("26010711111111")[:size])


@given(MOMENTS.map(bcd.from_timestamp) | _NEAR | st.binary(min_size=6, max_size=6))
def test_a_possible_moment_is_told_without_making_it(raw: bytes) -> None:
    try:
        bcd.to_timestamp(raw)
    except bcd.BcdError:
        assert not bcd.is_timestamp(raw)
    else:
        assert bcd.is_timestamp(raw)
