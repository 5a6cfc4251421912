# SPDX-License-Identifier: Apache-2.0
"""A store is made with its secret and its first key custodian, who makes the other accounts."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bank.cli.conftest import BankCommand
from tests.bank.conftest import PASSWORD
from tests.cli.conftest import Ran
from tests.cli.shown import check_languages, check_widths

Ssn = Callable[..., Ran]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SSN_BANK_PASSWORD", PASSWORD)
    monkeypatch.setenv("SSN_KEYRING_PASSWORD", "beras lima kilo")
    return tmp_path


def test_a_store_is_made_with_its_secret(ssn: Ssn, desk: Path, kind: str, empty_place: Callable[[str], str]) -> None:
    where = empty_place(kind)
    made = ssn("bank", "init", "--bank", where, "--user", "budi", "--json").json
    secret = Path(made["secret"])
    assert secret.stat().st_mode & 0o777 == 0o600
    assert (made["secret_made"], made["custodian"]) == (True, "budi")
    listed = ssn("bank", "users", "list", "--bank", where, "--user", "budi", "--json").json["users"]
    assert [(one["user"], one["roles"]) for one in listed] == [("budi", ["key-custodian"])]
    again = ssn("bank", "init", "--bank", where, "--user", "budi", "--json")
    assert (again.code, again.error["code"]) == (1, "bank-store-exists")
    assert secret.exists(), "the secret of the store that is there"


def test_a_store_with_the_stations_secret(ssn: Ssn, desk: Path) -> None:
    ssn("bank", "init", "--bank", "one.db", "--user", "budi")
    made = ssn("bank", "init", "--bank", "two.db", "--user", "budi", "--secret", "one.db.secret", "--json").json
    assert (made["secret"], made["secret_made"]) == ("one.db.secret", False)


@pytest.mark.parametrize(("name", "password"), [("Budi", PASSWORD), ("budi", "short")])
def test_nothing_is_left_of_a_store_that_was_not_made(
    ssn: Ssn, desk: Path, monkeypatch: pytest.MonkeyPatch, name: str, password: str
) -> None:
    monkeypatch.setenv("SSN_BANK_PASSWORD", password)
    assert ssn("bank", "init", "--bank", "bank.db", "--user", name, "--json").code == 1
    assert list(desk.iterdir()) == []


def test_accounts(as_user: BankCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_BANK_NEW_PASSWORD", "arang-tempurung-42")
    added = as_user("custodian", "bank", "users", "add", "siti", "operator", "approver")
    assert (added.code, added.json["roles"]) == (0, ["approver", "operator"])
    assert as_user("custodian", "bank", "users", "roles", "siti", "operator").json["roles"] == ["operator"]
    assert as_user("operator", "bank", "users", "password", "operator").code == 0
    assert as_user("operator", "bank", "users", "list").error["code"] == "sign-in-refused"
    monkeypatch.setenv("SSN_BANK_PASSWORD", "arang-tempurung-42")
    assert as_user("operator", "bank", "users", "list").error["code"] == "not-allowed"
    assert as_user("operator", "bank", "users", "disable", "second").error["code"] == "not-allowed"
    monkeypatch.setenv("SSN_BANK_PASSWORD", PASSWORD)
    assert as_user("custodian", "bank", "users", "disable", "siti").json["disabled"] is True
    assert as_user("custodian", "bank", "users", "enable", "siti").json["disabled"] is False
    assert as_user("custodian", "bank", "users", "disable", "custodian").error["code"] == "last-custodian"
    listed = as_user("reader", "bank", "users", "list").json["users"]
    assert {one["user"] for one in listed} == {"custodian", "operator", "reader", "second", "siti"}


def test_what_people_see(as_user: BankCommand, ssn: Ssn, bank_place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSN_BANK_PASSWORD", "wrong-wrong-again")
    for _ in range(5):
        as_user("operator", "bank", "users", "list")
    monkeypatch.setenv("SSN_BANK_PASSWORD", PASSWORD)
    as_user("custodian", "bank", "users", "disable", "reader")

    def show(language: str, columns: int) -> str:
        monkeypatch.setenv("COLUMNS", str(columns))
        where = ("--bank", bank_place, "--user", "custodian", "--development")
        shown = ssn("--lang", language, "bank", "users", "list", *where).out
        return re.sub("custodian |operator|reader |second ", lambda name: len(name.group()) * "1", shown)  # names

    check_widths(show)
    check_languages(show)
