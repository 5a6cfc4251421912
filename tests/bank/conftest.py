# SPDX-License-Identifier: Apache-2.0
"""A new store for each test, on SQLite and on PostgreSQL, with one user of each role.

A store is made once and copied: a file, or a database from a template.
"""

from __future__ import annotations

import datetime as dt
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import argon2
import pytest
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from tests.bank.server import PostgresServer, programs

from ssn_card.bank.accounts import passwords
from ssn_card.bank.accounts.users import add_user
from ssn_card.bank.roles import BankRole
from ssn_card.bank.secret import development_secret
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.work import SignedIn, StoreWork
from ssn_card.keys import sealing
from ssn_card.keys.sealing import ScryptParameters
from ssn_card.protocol.crypto import SecretKey

PASSWORD = "kayu-ulin-tepi-mahakam"  #: of every user
USERS = {
    "custodian": BankRole.CUSTODIAN,
    "operator": BankRole.OPERATOR,
    "second": BankRole.APPROVER,
    "reader": BankRole.READER,
}
_HERE = Path(__file__).parent
#: What a store can be in. A test that is of one kind only asks for ``place_on``.
KINDS = ("sqlite", "postgresql")


@dataclass
class Clock:
    """The stores' time, which stands still until a test moves it."""

    now: dt.datetime = dt.datetime(2025, 10, 1, 1, 20, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_by(self, **delta: float) -> None:
        self.now += dt.timedelta(**delta)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def secret() -> SecretKey:
    return development_secret()


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Passwords at argon2's and scrypt's least cost: what it costs a thief is not what these tests are about."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(passwords, "_HASHER", argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patched.setattr(ScryptParameters, "fresh", lambda: ScryptParameters(salt=os.urandom(16).hex(), n=1 << 14))
        patched.setattr(sealing, "Scrypt", _RememberedScrypt)
        yield


class _RememberedScrypt:
    """What was derived once is not derived again: keys are the same as anybody's."""

    def __init__(self, **parameters: Any) -> None:
        self._parameters = tuple(sorted(parameters.items()))

    def derive(self, password: bytes) -> bytes:
        return _derived(password, self._parameters)


@cache
def _derived(password: bytes, parameters: tuple[tuple[str, Any], ...]) -> bytes:
    return Scrypt(**dict(parameters)).derive(password)


def make_filled(where: str) -> None:
    """A store with one user of each role."""
    custodian = SignedIn("custodian", frozenset({BankRole.CUSTODIAN}))

    def first(work: StoreWork) -> None:
        for name, role in USERS.items():
            add_user(work, name, {role}, PASSWORD)

    Bank.create(where, development_secret(), Clock(), custodian, first).close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """A server; left out only where its programs are missing, and never in CI."""
    folder = programs()
    if folder is None:
        if os.environ.get("CI") == "true":
            pytest.fail("PostgreSQL's programs are missing (apt-get install postgresql)")
        pytest.skip("PostgreSQL's programs are missing (apt-get install postgresql)")
    server = PostgresServer(folder)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _postgres_template(postgres: PostgresServer) -> str:
    postgres.execute("CREATE DATABASE filled")
    make_filled(postgres.url("filled"))
    return "filled"


@pytest.fixture(scope="session")
def _file_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bank") / "filled.db"
    make_filled(str(path))
    return path


_numbers = itertools.count(1)


@pytest.fixture
def empty_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes places for a store, by kind: a path where there is no file, the address of an empty database."""
    made: list[str] = []

    def make(kind: str) -> str:
        number = next(_numbers)
        if kind == "sqlite":
            return str(tmp_path / f"bank-{number}.db")
        server: PostgresServer = request.getfixturevalue("postgres")
        server.execute(f"CREATE DATABASE empty_{number}")
        made.append(f"empty_{number}")
        return server.url(made[-1])

    yield make
    for database in made:
        request.getfixturevalue("postgres").execute(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture
def place_on(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Makes places with a store in them, by kind."""
    made: list[str] = []

    def make(kind: str) -> str:
        number = next(_numbers)
        if kind == "sqlite":
            path = tmp_path / f"bank-{number}.db"
            shutil.copy(request.getfixturevalue("_file_template"), path)
            return str(path)
        server: PostgresServer = request.getfixturevalue("postgres")
        template = request.getfixturevalue("_postgres_template")
        server.execute(f"CREATE DATABASE bank_{number} TEMPLATE {template}")
        made.append(f"bank_{number}")
        return server.url(made[-1])

    yield make
    for database in made:
        request.getfixturevalue("postgres").execute(f"DROP DATABASE {database} WITH (FORCE)")


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    """Which database."""
    return str(request.param)


@pytest.fixture
def bank_place(kind: str, place_on: Callable[[str], str]) -> str:
    """A store as ``--bank`` takes it."""
    return place_on(kind)


@pytest.fixture
def bank(bank_place: str, secret: SecretKey, clock: Clock) -> Iterator[Bank]:
    """A store, open."""
    with Bank.open(bank_place, secret, clock) as opened:
        yield opened


def _signed_in(name: str) -> SignedIn:
    return SignedIn(name, frozenset({USERS[name]}))


@pytest.fixture
def operator() -> SignedIn:
    return _signed_in("operator")


@pytest.fixture
def second() -> SignedIn:
    """An approver."""
    return _signed_in("second")


@pytest.fixture
def custodian() -> SignedIn:
    return _signed_in("custodian")


@pytest.fixture
def reader() -> SignedIn:
    return _signed_in("reader")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Of a test's cases on PostgreSQL all but the first are ``slow``: what differs there, that one shows."""
    there: set[tuple[Path, str]] = set()
    for item in items:
        if not item.path.is_relative_to(_HERE) or "postgresql" not in item.name:
            continue
        test = (item.path, getattr(item, "originalname", item.name))
        if test in there:
            item.add_marker("slow")
        there.add(test)
