# SPDX-License-Identifier: Apache-2.0
"""What a status means on a day: month's limit, what one debit may take, when the limit renews."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssn_card.protocol import status as sw
from ssn_card.protocol.values import NEVER, WITHOUT_PIN, LifeState
from ssn_card.receipts import Tip
from ssn_card.terminal import CardNeedsMending, CardStatus
from ssn_card.terminal.purse import explain

TODAY = dt.date(2025, 10, 31)
PLAIN = CardStatus(
    serial=bytes.fromhex("5353000000000042"), seq=9, balance=500_000, month_spent=150_000, last_mac=b"\xaa" * 8,
    update_seq=2, granted_total=897_000, month=b"\x25\x10", extra_month=b"\x25\x09", month_extra=40_000,
    pin_floor=430_000, pin_choice=0, pin_tries=3, loaded_total=900_000, expired_total=5_000, monthly_limit=600_000,
    override_max=300_000, debit_max=420_000, pin_above=NEVER, allowed_categories=0x7F,
    valid_until=dt.date(2025, 12, 1), key_selection=4, state=LifeState.ACTIVE, policy_id=2025,
    issued_at=dt.datetime(2025, 10, 1, 8, 0, 0), pin_count=1, mend_count=0, mended_to=bytes(2),
)  # fmt: skip


def changed(**values: object) -> CardStatus:
    return dataclasses.replace(PLAIN, **values)  # type: ignore[arg-type]


def test_the_month_counts_for_its_own_month_only() -> None:
    assert PLAIN.month_left(TODAY) == 450_000
    assert PLAIN.month_left(dt.date(2025, 11, 1)) == 600_000
    assert changed(extra_month=b"\x25\x10").month_left(TODAY) == 490_000
    assert changed(extra_month=b"\x25\x11").month_left(dt.date(2025, 11, 1)) == 640_000
    assert changed(month_spent=600_000).month_left(TODAY) == 0
    assert changed(month_spent=700_000).month_left(TODAY) == 0  # the limit was lowered since


def test_one_debit_takes_no_more_than_the_least_of_three() -> None:
    assert PLAIN.spendable(TODAY) == 420_000
    assert changed(debit_max=460_000).spendable(TODAY) == 450_000
    assert changed(balance=10).spendable(TODAY) == 10


@pytest.mark.parametrize("state", [state for state in LifeState if state is not LifeState.ACTIVE])
def test_a_card_that_is_not_active_spends_nothing(state: LifeState) -> None:
    assert changed(state=state).spendable(TODAY) == 0


def test_the_last_day_is_a_day_of_use() -> None:
    assert changed(valid_until=TODAY).spendable(TODAY) == 420_000
    assert changed(valid_until=TODAY - dt.timedelta(days=1)).spendable(TODAY) == 0
    assert changed(valid_until=None).spendable(TODAY) == 0


@given(st.dates(dt.date(2000, 1, 1), dt.date(2078, 12, 31)))
def test_the_limit_renews_on_the_first_of_the_next_month(today: dt.date) -> None:
    first = changed(valid_until=dt.date(2079, 12, 31), month=bytes(2)).renews(today)
    coming = (today + dt.timedelta(days=days) for days in range(1, 32))
    assert first == next(day for day in coming if day.day == 1)


def test_it_does_not_renew_behind_the_last_day() -> None:
    assert changed(valid_until=dt.date(2025, 11, 1)).renews(TODAY) == dt.date(2025, 11, 1)
    assert changed(valid_until=dt.date(2025, 10, 31)).renews(TODAY) is None
    assert changed(valid_until=None).renews(TODAY) is None


def test_a_status_for_programs() -> None:
    assert PLAIN.as_dict(TODAY) == {
        "serial": "5353000000000042", "state": "ACTIVE", "balance": 500_000, "month": "2510", "month_spent": 150_000,
        "month_left": 450_000, "spendable": 420_000, "renews": "2025-11-01", "monthly_limit": 600_000,
        "debit_max": 420_000, "pin_above": None, "without_pin": 70_000, "pin_tries": 3, "pin_choice": False,
        "pin_count": 1, "override_max": 300_000, "extra_month": "2509", "month_extra": 40_000,
        "allowed_categories": 0x7F, "valid_until": "2025-12-01", "loaded_total": 900_000, "expired_total": 5_000,
        "granted_total": 897_000, "withdrawn_total": 3_000, "spent_total": 397_000, "mend_count": 0,
        "mended_to": None, "update_seq": 2, "policy_id": 2025, "key_selection": 4, "seq": 9, "last_mac": "aa" * 8,
    }  # fmt: skip
    fresh = changed(valid_until=None, pin_above=100_000, state=LifeState.ISSUED, pin_tries=WITHOUT_PIN).as_dict(TODAY)
    assert (fresh["valid_until"], fresh["renews"], fresh["pin_above"], fresh["spendable"]) == (None, None, 100_000, 0)
    assert (fresh["pin_tries"], fresh["without_pin"]) == (None, 500_000)
    mended = changed(pin_choice=1, mend_count=2, mended_to=b"\x25\x09").as_dict(TODAY)
    assert (mended["pin_choice"], mended["mend_count"], mended["mended_to"]) == (True, 2, "2509")
    assert PLAIN.tip == Tip(9, b"\xaa" * 8)


@pytest.mark.parametrize(
    ("floor", "left"), [(430_000, 70_000), (500_000, 0), (500_001, 0), (0, 500_000), (-1, 500_000), (-(2**31), 500_000)]
)
def test_what_is_left_without_the_pin(floor: int, left: int) -> None:
    """The floor is under the balance; negative it never stops anything, and above the balance everything."""
    assert changed(pin_floor=floor).without_pin == left
    assert changed(pin_floor=floor, pin_tries=0).without_pin == left
    assert changed(pin_floor=floor, pin_tries=WITHOUT_PIN).without_pin == 500_000


def test_a_debit_that_needs_the_pin_says_what_does_not() -> None:
    for text in explain(sw.PinRequired("DEBIT"), PLAIN, TODAY).text:
        assert "Rp70.000" in text
    assert "Rp70.000" not in explain(sw.MonthlyLimitExceeded("DEBIT"), PLAIN, TODAY).text.en


def test_a_refusal_names_what_is_left_and_the_day() -> None:
    told = explain(sw.MonthlyLimitExceeded("DEBIT"), PLAIN, TODAY)
    assert told.details == {"balance": 500_000, "month_left": 450_000, "spendable": 420_000, "renews": "2025-11-01"}
    for text in told.text:
        assert [part in text for part in ("Rp500.000", "Rp450.000", "2025-11-01")] == [True] * 3
    last = explain(sw.MonthlyLimitExceeded("DEBIT"), changed(valid_until=TODAY, balance=1_000), TODAY)
    assert last.details["renews"] is None
    for text in last.text:
        assert text.count("Rp1.000") == 2  # not the month's limit, which is more than there is
        assert "2025" not in text
        assert text.endswith(".")


def test_a_clock_set_back_brings_no_limit_back() -> None:
    """The card's month is that of its newest debit; a movement of an earlier month would be refused."""
    early = dt.date(2025, 9, 3)
    assert (PLAIN.month_left(early), PLAIN.spendable(early)) == (450_000, 420_000)
    assert PLAIN.renews(early) == dt.date(2025, 11, 1)
    told = explain(sw.TimestampBeforeMonth("DEBIT"), PLAIN, early)
    assert isinstance(told, CardNeedsMending)
    assert told.where == "DEBIT"
    assert told.details == {"balance": 500_000, "month_left": 450_000, "spendable": 420_000, "renews": "2025-11-01"}
    for text in told.text:
        assert "Rp450.000" in text
        assert "2025-09-03" in text
        assert "2025-10;" not in text
        assert "2025-10." in text
        assert "Rp600.000" not in text


def test_a_card_ahead_needs_mending_and_its_money_is_safe() -> None:
    told = explain(sw.TimestampBeforeMonth("CANCEL"), PLAIN, dt.date(2025, 9, 30))
    assert "needs mending. The money on it is safe." in told.text.en
    assert "perlu dipulihkan. Uang di kartu aman." in told.text.id
    for text in told.remedy:
        assert "bank" in text
    # Refused, and the card says now that it is not ahead: no such promise.
    assert type(explain(sw.TimestampBeforeMonth("DEBIT"), PLAIN, TODAY)) is sw.TimestampBeforeMonth
    assert type(explain(sw.Blocked("DEBIT"), PLAIN, dt.date(2025, 9, 30))) is sw.Blocked


@pytest.mark.parametrize(
    ("refusal", "values"),
    [
        (sw.Blocked, {"state": LifeState.BLOCKED}),
        (sw.NotActivated, {"state": LifeState.ISSUED}),
        (sw.Expired, {"valid_until": TODAY - dt.timedelta(days=1)}),
        (sw.Expired, {"valid_until": None}),
    ],
)
def test_a_card_that_cannot_be_used_promises_nothing(refusal: type[sw.DebitRefused], values: dict[str, object]) -> None:
    told = explain(refusal("DEBIT"), changed(**values), TODAY)
    assert told.details == {"balance": 500_000, "month_left": 0, "spendable": 0, "renews": None}
    for text in told.text:
        assert text.count("Rp") == 1
        assert "Rp500.000" in text
        assert "2025-11" not in text


def test_the_most_of_one_purchase_is_told_where_it_refuses() -> None:
    for text in explain(sw.DebitMaximumExceeded("DEBIT"), PLAIN, TODAY).text:
        assert "Rp420.000" in text
    assert "Rp420.000" not in explain(sw.MonthlyLimitExceeded("DEBIT"), PLAIN, TODAY).text.en
