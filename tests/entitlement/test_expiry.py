# SPDX-License-Identifier: Apache-2.0
"""When a card's money expires, out of what was loaded under each policy."""

from __future__ import annotations

import datetime as dt

import pytest

from ssn_card.entitlement.expiry import Loads, expired_total, next_expiry
from ssn_card.programme import Policy

OCTOBER, NOVEMBER, MARCH = dt.date(2025, 10, 31), dt.date(2025, 11, 30), dt.date(2026, 3, 31)
DAY = dt.timedelta(1)


def policy(number: int, *tranches: int, expires: tuple[dt.date, ...] = ()) -> Policy:
    values = {
        "id": number, "name": "A", "valid_from": dt.date(2025, 10, 1), "valid_until": dt.date(2026, 12, 31),
        "entitlement_total": sum(tranches), "tranches": tranches, "monthly_limit": sum(tranches), "expires": expires,
        "shops": 1, "categories": ("BERAS",),
    }  # fmt: skip
    return Policy.model_validate(values)


#: Rp100 that last, Rp600 and Rp300 that expire one after the other, Rp50 that expire in between.
LASTING = Loads(policy(1, 100), 0, 100)
FALLING = Loads(policy(2, 600, 300, expires=(OCTOBER, MARCH)), 100, 1_000)
SHORT = Loads(policy(3, 50, expires=(NOVEMBER,)), 1_000, 1_050)
LOADS = [LASTING, FALLING, SHORT]


@pytest.mark.parametrize(
    ("today", "expired"),
    [(OCTOBER, 0), (OCTOBER + DAY, 700), (NOVEMBER, 700), (NOVEMBER + DAY, 1_050), (MARCH + DAY, 1_050)],
)
def test_with_a_load_goes_what_is_left_of_those_before_it(today: dt.date, expired: int) -> None:
    assert expired_total(LOADS, today) == expired
    assert expired_total(reversed(LOADS), today) == expired


def test_nothing_expires_of_nothing() -> None:
    assert expired_total([], MARCH) == expired_total([LASTING], MARCH) == 0
    assert next_expiry([], 0, OCTOBER) is None
    assert next_expiry([LASTING], 0, OCTOBER) is None


def test_only_what_was_loaded_of_a_policy_expires() -> None:
    """The second load of the policy is not out yet."""
    first = FALLING._replace(end=700)
    assert (first.expired(OCTOBER), first.expired(OCTOBER + DAY), first.expired(MARCH + DAY)) == (0, 700, 700)
    assert (first.next_expiry(OCTOBER), first.next_expiry(OCTOBER + DAY)) == (OCTOBER, None)
    # And of the first only a part.
    part = FALLING._replace(end=350)
    assert part.expired(OCTOBER + DAY) == 350


@pytest.mark.parametrize(
    ("expired", "today", "day", "number"),
    [
        (0, OCTOBER, OCTOBER, 2),
        (700, OCTOBER + DAY, NOVEMBER, 3),
        (1_000, OCTOBER + DAY, NOVEMBER, 3),
        (700, NOVEMBER + DAY, MARCH, 2),
        (999, NOVEMBER + DAY, MARCH, 2),
    ],
)
def test_the_next_day_on_which_money_expires(expired: int, today: dt.date, day: dt.date, number: int) -> None:
    for loads in (LOADS, LOADS[::-1]):
        found = next_expiry(loads, expired, today)
        assert found is not None
        assert (found[0], found[1].id) == (day, number)


def test_of_two_on_one_day_either_is_told() -> None:
    found = next_expiry([SHORT, SHORT._replace(policy=policy(4, 50, expires=(NOVEMBER,)))], 0, NOVEMBER)
    assert found is not None
    assert found[0] == NOVEMBER


def test_what_has_expired_does_not_expire_again() -> None:
    assert next_expiry(LOADS, 1_050, OCTOBER) is None
    assert next_expiry([FALLING], 1_000, OCTOBER) is None
