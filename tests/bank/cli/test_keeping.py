# SPDX-License-Identifier: Apache-2.0
"""Backup, restore, upgrade and status on the command line."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.bank.cli.conftest import BankCommand
from tests.bank.conftest import KINDS
from tests.bank.store.rows import fill
from tests.cli.conftest import Ran
from tests.cli.shown import check_languages, check_widths

from ssn_card.bank.store.bank import Bank

Ssn = Callable[..., Ran]
AS_CUSTODIAN = ("--user", "custodian", "--development", "--json")


@pytest.mark.parametrize("other", KINDS)
def test_to_either_database(
    as_user: BankCommand,
    ssn: Ssn,
    bank: Bank,
    bank_place: str,
    tmp_path: Path,
    empty_place: Callable[[str], str],
    other: str,
) -> None:
    with bank._engine.begin() as connection:
        fill(connection, 3)
    out, where = tmp_path / "bank.backup", empty_place(other)
    made = as_user("custodian", "bank", "backup", "--out", out).json
    back = ssn("bank", "restore", out, "--bank", where, *AS_CUSTODIAN).json
    assert (back["sha256"], back["rows"]) == (made["sha256"], made["rows"])
    counts = [ssn("bank", "status", "--bank", place, *AS_CUSTODIAN).json for place in (where, bank_place)]
    log, other_log = (count["rows"].pop("log") for count in counts)
    assert counts[0] == counts[1]
    assert log == other_log, "restored in one, backed up in the other"
    again = ssn("bank", "restore", out, "--bank", where, *AS_CUSTODIAN)
    assert (again.code, again.error["code"]) == (1, "bank-store-exists")


def test_only_a_custodian(as_user: BankCommand, ssn: Ssn, tmp_path: Path) -> None:
    out = tmp_path / "bank.backup"
    assert as_user("operator", "bank", "backup", "--out", out).error["code"] == "not-allowed"
    assert not out.exists()
    as_user("custodian", "bank", "backup", "--out", out)
    where = ("--bank", tmp_path / "new.db", "--user", "operator", "--development", "--json")
    assert ssn("bank", "restore", out, *where).error["code"] == "not-allowed"
    assert as_user("custodian", "bank", "backup", "--out", out).error["code"] == "store-backup-not-written"


def test_nothing_to_upgrade(as_user: BankCommand) -> None:
    done = as_user("custodian", "bank", "upgrade").json
    assert (done["before"], done["after"], done["backup"]) == ("0001", "0001", None)


def test_a_newer_store(as_user: BankCommand, bank: Bank) -> None:
    with bank._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for command in ("status", "upgrade"):
        assert as_user("custodian", "bank", command).error["code"] == "bank-store-version"


def test_status(as_user: BankCommand, bank: Bank, ssn: Ssn, bank_place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert as_user("reader", "bank", "status").json["states"]["cards"] == {}
    with bank._engine.begin() as connection:
        fill(connection, 12)
    counts = as_user("reader", "bank", "status").json
    assert counts["states"]["cards"] == dict.fromkeys(sorted(counts["states"]["cards"]), 1)
    assert sum(counts["states"]["cards"].values()) == counts["rows"]["families"] == 12
    assert sum(sum(counts["states"][kind].values()) for kind in ("batches", "runs")) == 12

    def show(language: str, columns: int) -> str:
        monkeypatch.setenv("COLUMNS", str(columns))
        where = ("--bank", bank_place, "--user", "reader", "--development")
        return ssn("--lang", language, "bank", "status", *where).out

    check_widths(show)
    check_languages(lambda language, columns: re.sub(r"0{4}\w+", "1", show(language, columns)))  # kinds of files
