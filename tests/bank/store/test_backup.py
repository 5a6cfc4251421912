# SPDX-License-Identifier: Apache-2.0
"""A backup holds every row, for nobody but the secret's holders, and becomes the same store on either database."""

from __future__ import annotations

import stat
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from tests.bank.conftest import PASSWORD, Clock
from tests.bank.store.rows import fill

from ssn_card.bank.accounts.errors import SignInRefused
from ssn_card.bank.accounts.sign_in import signed_in
from ssn_card.bank.errors import (
    BackupNotWritten,
    BackupUnreadable,
    BankLogBroken,
    BankStoreExists,
    BankStoreSecretMismatch,
    NotAllowed,
    StoreBackupDamaged,
)
from ssn_card.bank.store import chain, sealed_stream
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.restore import restore
from ssn_card.bank.store.tables import Base
from ssn_card.bank.store.tables.accounts import LogRow
from ssn_card.bank.store.tables.people import FamilyRow
from ssn_card.bank.store.work import SignedIn
from ssn_card.protocol.crypto import SecretKey

Place = Callable[[str], str]
Rows = dict[str, list[tuple[Any, ...]]]


def _who(name: str = "custodian", password: str = PASSWORD) -> Callable[[Session], SignedIn]:
    return lambda session: signed_in(session, name, password, Clock().now)


def _rows(bank: Bank) -> Rows:
    with bank.reading() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }


@pytest.fixture
def filled(bank: Bank) -> Bank:
    """With five rows in each table."""
    with bank._engine.begin() as connection:
        fill(connection, 5)
    return bank


@pytest.fixture
def backup(filled: Bank, tmp_path: Path) -> Path:
    path = tmp_path / "bank.backup"
    filled.backup(path)
    return path


@pytest.mark.parametrize("other", ["sqlite", "postgresql"])
def test_the_same_store_on_either_database(
    filled: Bank, backup: Path, other: str, empty_place: Place, secret: SecretKey, clock: Clock, operator: SignedIn
) -> None:
    where = empty_place(other)
    content = restore(backup, where, secret, _who(), clock.now)
    before = _rows(filled)
    assert content.rows == {name: len(rows) for name, rows in before.items()}
    assert all(count >= 4 or name == "store" for name, count in content.rows.items()), "every table has some"
    with Bank.open(where, secret, clock) as restored:
        after = _rows(restored)
        noted = after["log"].pop()
        assert noted[2:5] == ("custodian", "restored", content.sha256)
        assert after == before
        with restored.work(operator) as work:
            assert chain.check(work.session).broken is None
            work.session.add(FamilyRow(key=bytes(16)[:-1] + b"\xff"))  # a number of the database's own
            work.note("goes-on", "after")


def test_the_same_rows_have_the_same_hash(filled: Bank, tmp_path: Path) -> None:
    first, again = filled.backup(tmp_path / "1"), filled.backup(tmp_path / "2")
    assert first == again
    assert (tmp_path / "1").read_bytes() != (tmp_path / "2").read_bytes()
    assert stat.S_IMODE((tmp_path / "1").stat().st_mode) == 0o600
    with pytest.raises(BackupNotWritten):
        filled.backup(tmp_path / "1")
    with pytest.raises(BackupNotWritten):
        filled.backup(tmp_path / "no" / "folder")


def test_nothing_can_be_read_in_it(backup: Path) -> None:
    content = backup.read_bytes().partition(b"\n")[2]
    for word in (b"custodian", b"operator", b"log", b"argon2", b"person"):
        assert word not in content


def test_every_change_of_the_file_is_seen(
    kind: str, filled: Bank, tmp_path: Path, empty_place: Place, secret: SecretKey, clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(sealed_stream, "_FRAME", 700)
    backup, where = tmp_path / "small-frames", empty_place(kind)
    filled.backup(backup)
    content = backup.read_bytes()
    start = content.index(b"\n") + 1
    size = 4 + 700 + 16
    first, second, rest = (
        content[start : start + size],
        content[start + size : start + 2 * size],
        content[start + 2 * size :],
    )
    assert len(rest) > size
    spoiled = {
        "cut off": content[:-1],
        "without its last frame": content[: start + 2 * size],
        "nothing but the first line": content[:start],
        "something after it": content + b"\0",
        "a frame twice": content[:start] + first + first + second + rest,
        "a frame dropped": content[:start] + second + rest,
        "frames exchanged": content[:start] + second + first + rest,
        "a bit": content[: start + 40] + bytes((content[start + 40] ^ 1,)) + content[start + 41 :],
        "the first line": content.replace(b'"at":"2025', b'"at":"2024'),
    }
    for what, changed in spoiled.items():
        assert changed != content, what
        backup.write_bytes(changed)
        with pytest.raises(StoreBackupDamaged):
            restore(backup, where, secret, _who(), clock.now)
    backup.write_bytes(content)
    restore(backup, where, secret, _who(), clock.now)


def test_what_is_no_backup(tmp_path: Path, secret: SecretKey, clock: Clock) -> None:
    for content in (b"", b"no backup\n", b"{}\n", b'{"format":"ssn-card-bank-backup/2"}\n'):
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(BackupUnreadable):
            restore(tmp_path / "file", str(tmp_path / "bank.db"), secret, _who(), clock.now)
    with pytest.raises(BackupUnreadable):
        restore(tmp_path / "nothing", str(tmp_path / "bank.db"), secret, _who(), clock.now)
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


def test_whole_or_not_at_all(backup: Path, kind: str, empty_place: Place, secret: SecretKey, clock: Clock) -> None:
    where = empty_place(kind)
    for wrong, error in (
        (_who(password="not-the-right-one"), SignInRefused),
        (_who("operator"), NotAllowed),
    ):
        with pytest.raises(error):
            restore(backup, where, secret, wrong, clock.now)
    with pytest.raises(BankStoreSecretMismatch):
        restore(backup, where, SecretKey(bytes(16), "another"), _who(), clock.now)
    restore(backup, where, secret, _who(), clock.now)
    with pytest.raises(BankStoreExists):
        restore(backup, where, secret, _who(), clock.now)


def test_a_broken_log_is_not_restored(
    filled: Bank, kind: str, tmp_path: Path, empty_place: Place, secret: SecretKey, clock: Clock
) -> None:
    with filled._engine.begin() as connection:
        if kind == "postgresql":
            connection.execute(text("ALTER TABLE log DISABLE TRIGGER ALL"))
        else:
            connection.execute(text("DROP TRIGGER log_no_update"))
        connection.execute(LogRow.__table__.update().values(actor="second"))  # type: ignore[attr-defined]
    filled.backup(tmp_path / "broken")
    with pytest.raises(BankLogBroken, match="Row 1"):
        restore(tmp_path / "broken", empty_place(kind), secret, _who(), clock.now)


def test_memory_stays_flat(
    bank: Bank, tmp_path: Path, empty_place: Place, secret: SecretKey, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed_stream, "_FRAME", 1 << 13)  # a few of them are there at a time, however many rows
    peaks, made = [], 0
    for count in (1_000, 2_000, 8_000):  # the first one also loads what is loaded once
        keys = [{"key": number.to_bytes(16, "big")} for number in range(made, count)]
        with bank._engine.begin() as connection:
            connection.execute(FamilyRow.__table__.insert(), keys)  # type: ignore[attr-defined]
        del keys
        made = count
        tracemalloc.start()
        bank.backup(tmp_path / str(count))
        restore(tmp_path / str(count), empty_place("sqlite"), secret, _who(), clock.now)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.2 * peaks[1], f"{peaks} bytes"
