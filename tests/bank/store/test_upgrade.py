# SPDX-License-Identifier: Apache-2.0
"""A store of an earlier version is brought up to date with its data, after a backup, whole or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, inspect, select, text
from sqlalchemy.orm import Session
from tests.bank.conftest import KINDS, PASSWORD, Clock
from tests.bank.store.keep_backup import FOLDER, kept_of
from tests.bank.store.rows import fill

from ssn_card.bank.accounts.errors import SignInRefused
from ssn_card.bank.accounts.sign_in import signed_in
from ssn_card.bank.errors import BackupNotWritten, BankStoreOfAnotherVersion, NotAllowed
from ssn_card.bank.store import chain, migrations, schema
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.restore import restore
from ssn_card.bank.store.tables import Base
from ssn_card.bank.store.tables.accounts import LogRow
from ssn_card.bank.store.tables.people import FamilyRow
from ssn_card.bank.store.upgrade import Upgraded, upgrade
from ssn_card.bank.store.work import SignedIn
from ssn_card.protocol.crypto import SecretKey

#: A revision as one may come: a table is changed that others refer to, and data are moved.
_NEXT = """
import sqlalchemy as sa
from alembic import op

revision = "9002"
down_revision = {before!r}

def upgrade():
    with op.batch_alter_table("family") as family:
        family.add_column(sa.Column("label", sa.String(), nullable=False, server_default="none"))
        family.create_check_constraint("label", "label <> ''")
    op.execute("UPDATE family SET label = 'first' WHERE id = 1")
    {then}
"""


@pytest.fixture
def revise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Gives this program a revision more."""

    def add(then: str = "pass") -> None:
        folder = tmp_path / "revisions"
        shutil.copytree(schema.REVISIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / "versions" / "r9002_next.py").write_text(_NEXT.format(before=migrations.NEWEST, then=then))
        monkeypatch.setattr(schema, "REVISIONS", folder)
        monkeypatch.setattr(migrations, "NEWEST", "9002")

    return add


def _who(name: str = "custodian", password: str = PASSWORD) -> Callable[[Session], SignedIn]:
    return lambda session: signed_in(session, name, password, Clock().now)


@pytest.fixture
def filled(bank: Bank, bank_place: str) -> str:
    with bank._engine.begin() as connection:
        fill(connection, 5)
    bank.close()
    return bank_place


def _content(where: str, secret: SecretKey) -> dict[str, Any]:
    with Bank.open(where, secret) as bank, bank.reading() as session:
        assert chain.check(session).broken is None
        return {
            table.name: [tuple(row) for row in session.execute(select(table).order_by(*table.primary_key.columns))]
            for table in Base.metadata.sorted_tables
        }


def test_with_its_data(
    filled: str, revise: Callable[[], None], tmp_path: Path, secret: SecretKey, clock: Clock, kind: str
) -> None:
    before = _content(filled, secret)
    revise()
    with pytest.raises(BankStoreOfAnotherVersion, match="9002"):
        Bank.open(filled, secret)
    done = upgrade(filled, secret, lambda version: tmp_path / f"of-{version}", _who(), clock.now)
    assert done == Upgraded("0001", "9002", tmp_path / "of-0001")
    after = _content(filled, secret)
    assert after["log"].pop()[3:5] == ("upgraded", "9002")
    assert after == before
    with Bank.open(filled, secret) as bank, bank.reading() as session:
        labels = session.execute(text("SELECT label FROM family ORDER BY id")).scalars().all()
        assert list(labels) == ["first", *["none"] * 4]
        if kind == "sqlite":
            assert session.connection().exec_driver_sql("PRAGMA foreign_key_check").all() == []
    again = upgrade(filled, secret, lambda version: tmp_path / "again", _who(), clock.now)
    assert again == Upgraded("9002", "9002", None)


@pytest.mark.parametrize("other", KINDS)
def test_out_of_the_backup_that_was_made_before(
    filled: str, other: str, empty_place: Callable[[str], str], revise: Callable[[], None], tmp_path: Path,
    secret: SecretKey, clock: Clock,
) -> None:  # fmt: skip
    before = _content(filled, secret)
    revise()
    upgrade(filled, secret, lambda version: tmp_path / version, _who(), clock.now)
    where = empty_place(other)
    restore(tmp_path / "0001", where, secret, _who(), clock.now)
    after = _content(where, secret)
    assert after["log"].pop()[3] == "restored"
    assert after == before


@pytest.mark.parametrize(
    ("then", "who", "error"),
    [
        ("op.execute('SELECT nothing FROM nowhere')", _who(), Exception),
        ("pass", _who(password="not-the-right-one"), SignInRefused),
        ("pass", _who("operator"), NotAllowed),
    ],
    ids=["fails half way", "a wrong password", "no custodian"],
)
def test_whole_or_not_at_all(
    filled: str, revise: Callable[[str], None], tmp_path: Path, secret: SecretKey, clock: Clock, then: str,
    who: Callable[[Session], SignedIn], error: type[Exception], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    before = _content(filled, secret)
    revise(then)
    with pytest.raises(error):
        upgrade(filled, secret, lambda version: tmp_path / version, who, clock.now)
    monkeypatch.undo()
    assert _content(filled, secret) == before
    with Bank.open(filled, secret) as bank, bank.reading() as session:
        assert "label" not in {column["name"] for column in inspect(session.connection()).get_columns("family")}


def test_not_without_a_backup(
    filled: str, revise: Callable[[], None], tmp_path: Path, secret: SecretKey, clock: Clock
) -> None:
    revise()
    (tmp_path / "there").write_text("an older one")
    with pytest.raises(BackupNotWritten):
        upgrade(filled, secret, lambda _: tmp_path / "there", _who(), clock.now)
    with pytest.raises(BankStoreOfAnotherVersion, match="0001"):
        Bank.open(filled, secret)


def test_a_newer_store(bank: Bank, bank_place: str, tmp_path: Path, secret: SecretKey, clock: Clock) -> None:
    with bank._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(BankStoreOfAnotherVersion, match="9999"):
        upgrade(bank_place, secret, lambda version: tmp_path / version, _who(), clock.now)
    assert not (tmp_path / "9999").exists(), "of what cannot be upgraded no backup is made either"


def _revisions() -> list[str]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        script = ScriptDirectory.from_config(schema.config_of(connection))
        return sorted(revision.revision for revision in script.walk_revisions())


def test_a_backup_of_every_revision_is_kept() -> None:
    assert sorted(path.stem for path in FOLDER.glob("*.backup")) == _revisions()


@pytest.mark.parametrize("version", _revisions())
def test_of_every_revision(version: str, kind: str, empty_place: Callable[[str], str], secret: SecretKey) -> None:
    """What was a store once is one today, on either database."""
    where = empty_place(kind)
    content = restore(kept_of(version), where, secret, _who(), Clock().now)
    assert content.version == version
    with Bank.open(where, secret) as bank, bank.reading() as session:
        assert chain.check(session).broken is None
        assert session.scalars(select(LogRow.action).order_by(LogRow.id.desc()).limit(1)).one() == "restored"
        assert len(session.scalars(select(FamilyRow)).all()) == 5
    assert min(content.rows.values()) >= 1
