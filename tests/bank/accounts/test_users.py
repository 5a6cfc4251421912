# SPDX-License-Identifier: Apache-2.0
"""Accounts are a custodian's to make and change, and one custodian is always left."""

from __future__ import annotations

import pytest
from tests.bank.conftest import PASSWORD, USERS

from ssn_card.bank.accounts.errors import (
    LastCustodian,
    RolesMissing,
    SignInRefused,
    UserExists,
    UserNameUnusable,
)
from ssn_card.bank.accounts.sign_in import sign_in
from ssn_card.bank.accounts.users import add_user, disable_user, enable_user, set_password, set_roles
from ssn_card.bank.errors import NotAllowed, NotFound
from ssn_card.bank.roles import BankRole
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.work import SignedIn
from ssn_card.keys.errors import PasswordWeak

OTHER = "arang-tempurung-42"


def test_everybody_signs_in_with_his_roles(bank: Bank) -> None:
    for name, role in USERS.items():
        assert sign_in(bank, name, PASSWORD) == SignedIn(name, frozenset({role}))


@pytest.mark.parametrize(
    ("name", "roles", "password", "error"),
    [
        ("operator", {BankRole.READER}, OTHER, UserExists),
        ("Siti Aminah", {BankRole.READER}, OTHER, UserNameUnusable),
        ("", {BankRole.READER}, OTHER, UserNameUnusable),
        ("x" * 41, {BankRole.READER}, OTHER, UserNameUnusable),
        ("new", set(), OTHER, RolesMissing),
        ("new", {BankRole.READER}, "short", PasswordWeak),
        ("new", {BankRole.READER}, "aaaaaaaaaaaaaaaa", PasswordWeak),
    ],
)
def test_what_is_no_account(
    bank: Bank, custodian: SignedIn, name: str, roles: set[BankRole], password: str, error: type[Exception]
) -> None:
    with pytest.raises(error), bank.work(custodian) as work:
        add_user(work, name, roles, password)
    with pytest.raises(SignInRefused):
        sign_in(bank, "new", OTHER)


def test_only_a_custodian_may(bank: Bank, operator: SignedIn) -> None:
    for change in (
        lambda work: add_user(work, "new", {BankRole.READER}, OTHER),
        lambda work: set_roles(work, "operator", set(BankRole)),
        lambda work: disable_user(work, "second"),
        lambda work: enable_user(work, "second"),
        lambda work: set_password(work, "second", OTHER),
    ):
        with pytest.raises(NotAllowed), bank.work(operator) as work:
            change(work)


def test_ones_own_password(bank: Bank, operator: SignedIn) -> None:
    with bank.work(operator) as work:
        set_password(work, "operator", OTHER)
    assert sign_in(bank, "operator", OTHER) == operator
    with pytest.raises(SignInRefused):
        sign_in(bank, "operator", PASSWORD)


def test_roles_count_from_the_next_sign_in(bank: Bank, custodian: SignedIn) -> None:
    with bank.work(custodian) as work:
        set_roles(work, "operator", {BankRole.OPERATOR, BankRole.APPROVER})
    assert sign_in(bank, "operator", PASSWORD).roles == {BankRole.OPERATOR, BankRole.APPROVER}


def test_disabled_and_enabled(bank: Bank, custodian: SignedIn) -> None:
    for expected in (True, False):
        with bank.work(custodian) as work:
            assert disable_user(work, "operator") is expected
    with pytest.raises(SignInRefused):
        sign_in(bank, "operator", PASSWORD)
    for expected in (True, False):
        with bank.work(custodian) as work:
            assert enable_user(work, "operator") is expected
    sign_in(bank, "operator", PASSWORD)


def test_the_last_custodian_stays(bank: Bank, custodian: SignedIn) -> None:
    for change in (
        lambda work: disable_user(work, "custodian"),
        lambda work: set_roles(work, "custodian", {BankRole.READER}),
    ):
        with pytest.raises(LastCustodian), bank.work(custodian) as work:
            change(work)
    with bank.work(custodian) as work:
        add_user(work, "other", {BankRole.CUSTODIAN}, OTHER)
        disable_user(work, "custodian")
    with pytest.raises(LastCustodian), bank.work(sign_in(bank, "other", OTHER)) as work:
        disable_user(work, "other")


def test_nobody_of_that_name(bank: Bank, custodian: SignedIn) -> None:
    with pytest.raises(NotFound), bank.work(custodian) as work:
        disable_user(work, "nobody")
