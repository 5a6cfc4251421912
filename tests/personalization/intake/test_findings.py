# SPDX-License-Identifier: Apache-2.0
"""Findings about a file as a whole: what is improbable, not what is universal."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssn_card.personalization.intake.rounding import IMPROBABLE, Endings, chance
from ssn_card.personalization.intake.summary import Summary, validate
from ssn_card.programme import Policy

Write = Callable[[bytes | str], Path]
Numbers = Iterable[tuple[str, str]]
FIELD = Path(__file__).parent / "field"


@pytest.fixture
def judged(written: Write, header: str, good_rows: tuple[str, str], policy: Policy) -> Callable[[Numbers], Summary]:
    """The summary of rows that differ in NIK and no_kk only."""
    nik, kk, rest = good_rows[0].split(",", 2)

    def judge(numbers: Numbers) -> Summary:
        rows = [f"{nik[:12]}{one},{kk[:12]}{two},{rest}" for one, two in numbers]
        return validate(written("\n".join([header, *rows])), policy)

    return judge


def typed(count: int) -> list[str]:
    """Different serials as a person types them: every last digit equally often."""
    return [f"{number:04}" for number in range(1, count + 1)]


def rounded(count: int) -> list[str]:
    """Different serials whose last digit a spreadsheet has made 0."""
    return [f"{number * 10:04}" for number in range(1, count + 1)]


def test_one_typed_row_does_not_silence_the_warning(judged: Callable[[Numbers], Summary]) -> None:
    serials = [*rounded(15), "9001", *rounded(31)[15:]]
    summary = judged(zip(serials, typed(32), strict=True))
    assert summary.accepted == 32
    (warning,) = summary.warnings
    assert "31 of 32 nik end in 0" in warning.en
    assert "31 dari 32 nik berakhiran 0" in warning.id


@pytest.mark.parametrize(("zeros", "others", "warned"), [(8, 0, True), (7, 0, False), (12, 4, True), (10, 22, False)])
def test_the_share_decides(judged: Callable[[Numbers], Summary], zeros: int, others: int, warned: bool) -> None:
    serials = [*rounded(zeros), *(f"{9000 + number}" for number in range(1, 200) if number % 10)][: zeros + others]
    random.Random(1).shuffle(serials)
    assert bool(judged(zip(serials, typed(zeros + others), strict=True)).warnings) is warned


def test_half_of_a_large_file(judged: Callable[[Numbers], Summary]) -> None:
    """Rows of two sources in turn: no section is dense, the whole is."""
    numbers = [
        number
        for pair in zip(rounded(200), (f"{9000 + n}" for n in range(1, 400) if n % 10), strict=False)
        for number in pair
    ]
    (warning,) = judged(zip(numbers, typed(400), strict=True)).warnings
    assert "200 of 400 nik" in warning.en


def test_a_rounded_section_of_a_large_file(judged: Callable[[Numbers], Summary]) -> None:
    """One kelurahan's part went through a spreadsheet before the parts were joined."""
    serials = [*typed(300), *(f"{5000 + 10 * n}" for n in range(1, 16)), *(f"{9000 + n}" for n in range(1, 300))]
    (warning,) = judged(zip(serials, typed(614), strict=True)).warnings
    assert "on lines 301 to 316 nearly every nik ends in 0" in warning.en  # line 301 is typed, and ends in 0


def test_a_rounded_no_kk_explains_the_families_called_twice(judged: Callable[[Numbers], Summary]) -> None:
    families = [f"{number // 10 * 10:04}" for number in range(1, 38)]
    families = [family if family != "0000" else "0040" for family in families]
    summary = judged(zip(typed(37), families, strict=True))
    twice = sum(row.code == "family_twice" for row in summary.rejected)
    assert summary.accepted + twice == 37
    (warning,) = summary.warnings
    assert warning.en.startswith("every no_kk ends in 0: a spreadsheet has probably rounded")
    assert f"{twice} families were called 'twice', probably only because of it" in warning.en
    assert f"{twice} keluarga" in warning.id


def test_every_member_of_a_family(judged: Callable[[Numbers], Summary]) -> None:
    families = [f"{number // 4 + 1:04}" for number in range(32)]
    (warning,) = judged(zip(typed(32), families, strict=True)).warnings
    assert "24 rows repeat an earlier no_kk" in warning.en
    assert not judged(
        zip(typed(32), [f"{number // 2 + 1:04}" for number in range(15)] + typed(49)[32:], strict=True)
    ).warnings


def test_persons_in_the_column_of_families(policy: Policy) -> None:
    summary = validate(FIELD / "no-kk-is-nik.csv", policy)
    assert summary.accepted == 0
    assert {row.code for row in summary.rejected} == {"family_is_nik"}
    assert any("30 no_kk are NIK of this file" in warning.en for warning in summary.warnings)


def test_the_heads_nik_in_place_of_the_family(
    written: Write, header: str, good_rows: tuple[str, str], policy: Policy
) -> None:
    """Another person's NIK: the row itself looks sound, the file does not."""
    one, two = good_rows
    head = one.split(",")[0]
    summary = validate(written("\n".join([header, one, two.replace(two.split(",")[1], head)])), policy)
    assert summary.accepted == 2
    (warning,) = summary.warnings
    assert "1 no_kk are NIK of this file" in warning.en


def test_the_example_is_clean(examples: Path, policy: Policy) -> None:
    assert validate(examples / "beneficiaries.csv", policy).warnings == ()


@pytest.mark.parametrize(
    ("zeros", "numbers", "expected"),
    [
        (0, 0, 1.0),
        (0, 5, 1.0),
        (1, 1, 0.1),
        (2, 2, 0.01),
        (1, 2, 0.19),
        (8, 8, 1e-8),
        (2, 10, 0.2639010709),
        (1, 10, 1.0),
    ],
)
def test_chance_is_the_binomial_tail(zeros: int, numbers: int, expected: float) -> None:
    assert chance(zeros, numbers) == pytest.approx(expected, rel=1e-9)


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_chance_falls_with_every_zero(zeros: int, others: int) -> None:
    numbers = zeros + others
    assert 0 <= chance(zeros + 1, numbers + 1) <= chance(zeros, numbers + 1) <= 1 + 1e-12


def test_chance_of_a_city() -> None:
    assert chance(43_000, 43_000) == 0
    assert chance(13_200, 128_043) < chance(12_900, 128_043) < 0.5


def test_random_files_are_not_warned_of() -> None:
    random_digits = random.Random(7)
    for size in (10, 100, 1_000, 10_000):
        for _ in range(20):
            endings = Endings()
            for line in range(size):
                endings.add(line, str(random_digits.randrange(10)))
            assert not endings.rounded
            assert endings.rounded_section is None


def test_the_longer_the_file_the_longer_must_a_section_be() -> None:
    def longest_unnoticed(before: int) -> int:
        for length in range(1, 40):
            endings = Endings()
            for line in range(before):
                endings.add(line, "1")
            for line in range(length):
                endings.add(before + line, "0")
            if endings.rounded_section is not None:
                assert endings.rounded_section == (before, before + length - 1)
                assert (before + length) * 9.0**-length < IMPROBABLE
                return length - 1
        raise AssertionError

    assert [longest_unnoticed(before) for before in (0, 20, 1_000, 100_000)] == [8, 8, 10, 12]


@pytest.mark.parametrize(
    ("digits", "section"),
    [
        ("1" * 50 + "0" * 8 + "7" + "0" * 8 + "12345" * 10, (52, 68)),
        ("00000700000", (2, 12)),  # a typed row takes back one 0, not two
        ("0000700000", None),
        ("0" * 10 + "1" * 30 + "0" * 10, (2, 11)),  # of two alike the first
    ],
)
def test_a_section_with_a_typed_row_in_it(digits: str, section: tuple[int, int] | None) -> None:
    endings = Endings()
    for line, digit in enumerate(digits, start=2):
        endings.add(line, digit)
    assert endings.rounded_section == section


def test_a_rounded_section_of_families(judged: Callable[[Numbers], Summary]) -> None:
    families = [*typed(300), *(f"{5000 + 10 * n}" for n in range(1, 16)), *(f"{9000 + n}" for n in range(1, 300))]
    (warning,) = judged(zip(typed(614), families, strict=True)).warnings
    assert "on lines 301 to 316 nearly every no_kk ends in 0" in warning.en


def test_as_many_repeated_rows_as_accepted_ones(judged: Callable[[Numbers], Summary]) -> None:
    families = [f"{number // 2 + 1:04}" for number in range(16)]
    (warning,) = judged(zip(typed(16), families, strict=True)).warnings
    assert "8 rows repeat an earlier no_kk" in warning.en
