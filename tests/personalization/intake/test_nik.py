# SPDX-License-Identifier: Apache-2.0
"""NIK and no_kk: what is read out of them, what is refused, and that they stay hidden."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssn_card.personalization.intake.nik import FamilyNumber, Nik, NumberError, NumberFault

REGIONS = st.tuples(st.integers(10, 99), st.integers(1, 99), st.integers(1, 99))
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))


def make(region: tuple[int, int, int], day: date, woman: bool, serial: int) -> str:
    first, second, third = region
    return f"{first}{second:02}{third:02}{day.day + 40 * woman:02}{day.month:02}{day.year % 100:02}{serial:04}"


def refused(digits: str) -> NumberError | None:
    try:
        Nik(digits)
    except NumberError as error:
        return error
    return None


@given(REGIONS, DAYS, st.booleans(), st.integers(1, 9999))
def test_every_possible_nik_reads_back(region: tuple[int, int, int], day: date, woman: bool, serial: int) -> None:
    digits = make(region, day, woman, serial)
    nik = Nik(digits)
    assert nik.digits == digits
    assert nik.region == digits[:6]
    assert nik.gender == ("P" if woman else "L")
    assert nik.birth == (day.day, day.month, day.year % 100)
    assert nik.born_on(day)
    assert not nik.born_on(date.fromordinal(day.toordinal() - 1 if day.toordinal() > 1 else 2))
    assert int(nik.serial) == serial


@given(st.text(alphabet="0123456789", min_size=16, max_size=16))
def test_sixteen_digits_are_a_nik_or_a_typed_refusal(digits: str) -> None:
    refusal = refused(digits)
    assert Nik(digits).digits == digits if refusal is None else digits not in str(refusal)


@given(st.text())
def test_any_text_is_a_nik_or_a_typed_refusal(text: str) -> None:
    refusal = refused(text)
    assert refusal is None or (refusal.text.en and refusal.text.id)


@pytest.mark.parametrize(
    ("digits", "fault"),
    [
        ("", NumberFault.EMPTY),
        ("6.47205E+15", NumberFault.SCIENTIFIC),
        ("6,47205e+15", NumberFault.SCIENTIFIC),
        ("6472017105639001.0", NumberFault.DECIMAL),
        ("6472017105639001,00", NumberFault.DECIMAL),
        ("647201710563900X", NumberFault.NOT_DIGITS),
        ("6472 0171 0563 9001", NumberFault.NOT_DIGITS),
        ("٦٤٧٢٠١٧١٠٥٦٣٩٠٠١", NumberFault.NOT_DIGITS),
        ("647201710563900²", NumberFault.NOT_DIGITS),
        ("647201280578910", NumberFault.LENGTH),
        ("64720128057891011", NumberFault.LENGTH),
        ("0472017105639001", NumberFault.REGION),
        ("6400017105639001", NumberFault.REGION),
        ("6472007105639001", NumberFault.REGION),
        ("6472010005639001", NumberFault.DAY),
        ("6472013205639001", NumberFault.DAY),
        ("6472014005639001", NumberFault.DAY),
        ("6472017205639001", NumberFault.DAY),
        ("6472019912489104", NumberFault.DAY),
        ("6472017100639001", NumberFault.MONTH),
        ("6472017113639001", NumberFault.MONTH),
        ("6472013104639001", NumberFault.DATE),
        ("6472016902639001", NumberFault.DATE),  # 29 February of a common year
        ("6472017105630000", NumberFault.SERIAL),
        ("1111111111111111", NumberFault.PLACEHOLDER),
        ("1234567890123456", NumberFault.PLACEHOLDER),
    ],
)
def test_refusals(digits: str, fault: NumberFault) -> None:
    with pytest.raises(NumberError) as caught:
        Nik(digits)
    assert caught.value.fault is fault
    assert caught.value.text == fault.value.filled(field="NIK", got=len(digits))


def test_leap_day_of_2000() -> None:
    assert Nik("6472012902009001").born_on(date(2000, 2, 29))


@pytest.mark.parametrize("year", range(100))
def test_a_leap_day_in_every_year(year: int) -> None:
    refusal = refused(f"6472012902{year:02}9001")
    assert (refusal is None) is (year % 4 == 0)  # 2000 had one, and 1900 is out of reach of a NIK
    assert refusal is None or refusal.fault is NumberFault.DATE


@pytest.mark.parametrize(
    ("digits", "fault"),
    [
        ("", NumberFault.EMPTY),
        ("6.47E+15", NumberFault.SCIENTIFIC),
        ("6472012802109001.0", NumberFault.DECIMAL),
        ("12", NumberFault.LENGTH),
        ("64720128021090011", NumberFault.LENGTH),
        ("647201280210900a", NumberFault.NOT_DIGITS),
        ("7777777777777777", NumberFault.PLACEHOLDER),
        ("0472012802109001", NumberFault.REGION),
    ],
)
def test_family_number_refusals(digits: str, fault: NumberFault) -> None:
    with pytest.raises(NumberError) as caught:
        FamilyNumber(digits)
    assert caught.value.fault is fault
    assert caught.value.text == fault.value.filled(field="no_kk", got=len(digits))


def test_numbers_are_hidden_and_comparable() -> None:
    digits = "6472017105639001"
    nik, kk = Nik(digits), FamilyNumber(digits)
    assert all(digits not in text for text in (repr(nik), str(nik), f"{nik}", repr(kk), str(kk), f"{[nik, kk]}"))
    assert nik == Nik(digits)
    assert kk == FamilyNumber(digits)
    assert kk != FamilyNumber("6472017105639002")
    assert hash(nik) == hash(Nik(digits))
    assert len({hash(Nik(f"647201710563{number:04}")) for number in range(1, 20)}) > 1
    assert len({hash(FamilyNumber(f"647201710563{number:04}")) for number in range(1, 20)}) > 1
    assert (repr(nik), repr(kk)) == ("<Nik>", "<FamilyNumber>")
    assert (nik == kk) is False
