# SPDX-License-Identifier: Apache-2.0
"""PINs by chance, without those that are guessed first."""

from __future__ import annotations

import secrets

import pytest

from ssn_card.personalization.card.pins import is_weak, new_pin


@pytest.mark.parametrize(
    "pin",
    ["111111", "121212", "123123", "112233", "123456", "654321", "890123", "135791", "170845", "450817", "290204"],
)
def test_weak(pin: str) -> None:
    assert is_weak(pin)


@pytest.mark.parametrize("pin", ["482093", "907314", "003917", "123465"])
def test_not_weak(pin: str) -> None:
    assert not is_weak(pin)


def test_one_in_seven_is_weak() -> None:
    weak = sum(is_weak(f"{number:06}") for number in range(0, 1_000_000, 37))
    assert 0.10 < weak / len(range(0, 1_000_000, 37)) < 0.17


def test_a_weak_one_is_thrown_away_and_zeros_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter([111111, 123456, 3917])
    monkeypatch.setattr(secrets, "randbelow", lambda below: next(drawn))
    assert new_pin() == "003917"


def test_two_are_not_the_same() -> None:
    pins = {new_pin() for _ in range(200)}
    assert len(pins) > 190
    assert all(len(pin) == 6 and pin.isdigit() and not is_weak(pin) for pin in pins)
