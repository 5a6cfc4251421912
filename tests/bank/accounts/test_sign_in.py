# SPDX-License-Identifier: Apache-2.0
"""Guessing has to wait, ever longer; what was wrong is told to nobody; every guess is noted."""

from __future__ import annotations

import datetime as dt
import json
from itertools import pairwise

import argon2
import pytest
from sqlalchemy import select
from tests.bank.conftest import PASSWORD, Clock

from ssn_card.bank.accounts import passwords
from ssn_card.bank.accounts.errors import SignInRefused
from ssn_card.bank.accounts.passwords import wait_after
from ssn_card.bank.accounts.sign_in import sign_in
from ssn_card.bank.accounts.users import disable_user, set_password
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.accounts import LogRow, UserRow
from ssn_card.bank.store.work import SignedIn

PASSWORD_HASHER = passwords._HASHER  #: before the tests make it cheap
WRONG = "kayu-ulin-tepi-barito"


def _user(bank: Bank, name: str = "operator") -> UserRow:
    with bank.reading() as session:
        return session.get_one(UserRow, name)


def _fail(bank: Bank, name: str = "operator", password: str = WRONG) -> str:
    with pytest.raises(SignInRefused) as raised:
        sign_in(bank, name, password)
    return raised.value.describe("en")


def test_waits_grow_and_end() -> None:
    waits = [wait_after(failures) for failures in range(30)]
    assert waits[:5] == [dt.timedelta()] * 5
    assert waits[5:9] == [dt.timedelta(seconds=30 * 2**n) for n in range(4)]
    assert all(one <= other for one, other in pairwise(waits))
    assert waits[-1] == dt.timedelta(hours=1) == wait_after(10**9)


def test_a_locked_account_refuses_the_right_password_too(bank: Bank, clock: Clock) -> None:
    for _ in range(5):
        _fail(bank)
    _fail(bank, password=PASSWORD)
    clock.pass_by(seconds=29)
    _fail(bank, password=PASSWORD)
    assert _user(bank).failures == 5, "what is not even compared is no further failure"
    clock.pass_by(seconds=1)
    sign_in(bank, "operator", PASSWORD)
    assert _user(bank).failures == 0
    _fail(bank)
    sign_in(bank, "operator", PASSWORD)


def test_another_account_is_not_locked(bank: Bank) -> None:
    for _ in range(6):
        _fail(bank)
    sign_in(bank, "second", PASSWORD)


def test_nobody_learns_why(bank: Bank, custodian: SignedIn) -> None:
    with bank.work(custodian) as work:
        disable_user(work, "reader")
    told = {_fail(bank, name, word).replace(name, "") for name, word in (
        ("nobody", PASSWORD), ("reader", PASSWORD), ("operator", WRONG), ("reader", WRONG), ("' OR 1=1 --", WRONG),
    )}  # fmt: skip
    assert len(told) == 1


def test_guesses_are_noted_and_unknown_names_are_not(bank: Bank) -> None:
    _fail(bank)
    _fail(bank)
    _fail(bank, WRONG)  # a password in the place of the name
    sign_in(bank, "operator", PASSWORD)
    with bank.reading() as session:
        rows = session.scalars(select(LogRow).order_by(LogRow.id)).all()[-3:]
    assert [(row.action, row.subject, json.loads(row.content)["failures"]) for row in rows] == [
        ("sign-in-refused", "operator", 1),
        ("sign-in-refused", "operator", 2),
        ("signed-in-after", "operator", 2),
    ]


def test_one_computation_for_each_sign_in(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    counted: list[str] = []

    class Counting(argon2.PasswordHasher):
        def hash(self, *arguments: object, **named: object) -> str:
            counted.append("hash")
            return super().hash(*arguments, **named)  # type: ignore[arg-type]

        def verify(self, *arguments: object) -> bool:  # type: ignore[override]
            counted.append("verify")
            return super().verify(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(passwords, "_HASHER", Counting(time_cost=1, memory_cost=8, parallelism=1))
    sign_in(bank, "operator", PASSWORD)
    assert counted == ["verify"]
    for name in ("operator", "nobody"):
        _fail(bank, name)
    assert counted == ["verify"] * 3


def test_what_a_guess_costs() -> None:
    """RFC 9106, its second recommended option."""
    hasher = PASSWORD_HASHER
    assert (hasher.type, hasher.time_cost, hasher.memory_cost, hasher.parallelism) == (argon2.Type.ID, 3, 1 << 16, 4)


def test_a_password_is_hashed_anew_at_another_cost(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _user(bank).password
    monkeypatch.setattr(passwords, "_HASHER", argon2.PasswordHasher(time_cost=4))
    sign_in(bank, "operator", PASSWORD)
    after = _user(bank).password
    assert "t=4" in after
    assert after != before
    sign_in(bank, "operator", PASSWORD)
    assert _user(bank).password == after


def test_composed_and_decomposed_letters_are_one_password(bank: Bank, custodian: SignedIn) -> None:
    with bank.work(custodian) as work:
        set_password(work, "operator", "caf\u00e9-tepian-mahakam")
    sign_in(bank, "operator", "cafe\u0301-tepian-mahakam")
