# SPDX-License-Identifier: Apache-2.0
"""A store is made in an empty place, and opened only as what it is."""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from tests.bank.server import PostgresServer

from ssn_card.bank.errors import (
    BankStoreExists,
    BankStoreNotFound,
    BankStoreNotOurs,
    BankStoreOfAnotherVersion,
    BankStoreSecretMismatch,
    BankStoreUnusable,
)
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.making import fresh
from ssn_card.bank.store.place import url_of
from ssn_card.protocol.crypto import SecretKey

Place = Callable[[str], str]


def test_it_is_made_once(kind: str, empty_place: Place, secret: SecretKey) -> None:
    where = empty_place(kind)
    Bank.create(where, secret).close()
    with pytest.raises(BankStoreExists):
        Bank.create(where, secret)
    Bank.open(where, secret).close()


def test_a_file_is_its_owners_alone(tmp_path: Path, secret: SecretKey) -> None:
    Bank.create(str(tmp_path / "bank.db"), secret).close()
    assert [stat.S_IMODE(one.stat().st_mode) for one in tmp_path.iterdir()] == [0o600]


def test_what_fails_half_way_leaves_nothing(kind: str, empty_place: Place, secret: SecretKey) -> None:
    where = empty_place(kind)

    def torn() -> None:
        with fresh(url_of(where)) as connection:
            connection.execute(text("CREATE TABLE half (done INTEGER)"))
            raise RuntimeError("torn")

    with pytest.raises(RuntimeError, match="torn"):
        torn()
    if kind == "sqlite":
        assert list(Path(where).parent.iterdir()) == []
    Bank.create(where, secret).close()


def test_nothing_there(kind: str, empty_place: Place, secret: SecretKey) -> None:
    where = empty_place(kind)
    with pytest.raises(BankStoreNotOurs if kind == "postgresql" else BankStoreNotFound):
        Bank.open(where, secret)


def test_no_such_database(postgres: PostgresServer, secret: SecretKey) -> None:
    for make in (Bank.open, Bank.create):
        with pytest.raises(BankStoreNotFound):
            make(postgres.url("never_made"), secret)


def test_no_such_server(tmp_path: Path, secret: SecretKey) -> None:
    with pytest.raises(BankStoreUnusable):
        Bank.open(f"postgresql://somebody:geheim@/bank?host={tmp_path}", secret)
    with pytest.raises(BankStoreUnusable) as raised:
        Bank.open("mysql://somebody:geheim@host/bank", secret)
    assert "geheim" not in raised.value.describe("en")


def test_another_secret(bank_place: str) -> None:
    with pytest.raises(BankStoreSecretMismatch):
        Bank.open(bank_place, SecretKey(bytes(16), "another"))


def test_somebody_elses_database(tmp_path: Path, secret: SecretKey) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE other (one INTEGER)")
    before = path.read_bytes()
    with pytest.raises(BankStoreNotOurs):
        Bank.open(str(path), secret)
    with pytest.raises(BankStoreExists):
        Bank.create(str(path), secret)
    (tmp_path / "text").write_text("no database at all\n" * 100)
    with pytest.raises(BankStoreNotOurs):
        Bank.open(str(tmp_path / "text"), secret)
    assert path.read_bytes() == before


def test_another_version(bank: Bank, bank_place: str, operator: object, secret: SecretKey) -> None:
    with bank._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BankStoreOfAnotherVersion, match="9999"):
        Bank.open(bank_place, secret)
