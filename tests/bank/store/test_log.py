# SPDX-License-Identifier: Apache-2.0
"""The log cannot be changed unseen: its chain shows a changed row, a signed checkpoint a log that was made anew."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from ssn_card.bank.errors import BankLogBroken, CheckpointDiffers, CheckpointOfAnotherStore
from ssn_card.bank.store import chain
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.checkpoint import (
    LogCheckpoint,
    check_log,
    checkpoint_of,
    read_checkpoint,
    write_checkpoint,
)
from ssn_card.bank.store.tables.accounts import LogRow
from ssn_card.bank.store.work import SignedIn
from ssn_card.signing import AttestationRefused

NOW = dt.datetime(2025, 10, 1, tzinfo=dt.UTC)


@pytest.fixture
def noted(bank: Bank, operator: SignedIn) -> Bank:
    """With rows 5 to 9."""
    for number in range(5):
        with bank.work(operator) as work:
            work.note("step", f"no-{number}", amount=number)
    return bank


def _triggers(session: Session, state: str) -> None:
    """What whoever owns the database can do."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection().exec_driver_sql(f"ALTER TABLE log {state} TRIGGER ALL")
    elif state == "DISABLE":
        for change in ("UPDATE", "DELETE"):
            session.connection().exec_driver_sql(f"DROP TRIGGER log_no_{change}")


def _tampered(bank: Bank, *statements: object) -> None:
    with Session(bank._engine) as session, session.begin():
        _triggers(session, "DISABLE")
        for statement in statements:
            session.execute(statement)  # type: ignore[call-overload]


def _broken(bank: Bank) -> int | None:
    with bank.reading() as session:
        return chain.check(session).broken


@pytest.mark.parametrize("change", [
    {"actor": "second"}, {"content": '{"amount":9}'}, {"at": "2025-10-01T01:20:01Z"}, {"action": "other"},
    {"subject": "no-9"}, {"chain": bytes(32)}, {"id": 70},
], ids=str)  # fmt: skip
def test_a_changed_row_is_the_first_that_does_not_follow(noted: Bank, change: dict[str, object]) -> None:
    assert _broken(noted) is None
    _tampered(noted, update(LogRow).where(LogRow.id == 7).values(**change))
    assert _broken(noted) == 7


def test_a_dropped_row(noted: Bank) -> None:
    _tampered(noted, delete(LogRow).where(LogRow.id == 6))
    assert _broken(noted) == 6
    with pytest.raises(BankLogBroken, match="Row 6"), noted.reading() as session:
        checkpoint_of(session, NOW)


def test_a_dropped_end_shows_at_a_checkpoint_only(noted: Bank, tmp_path: Path) -> None:
    with noted.reading() as session:
        kept = {tmp_path: checkpoint_of(session, NOW)}
        assert check_log(session, kept).rows == 9
    _tampered(noted, delete(LogRow).where(LogRow.id >= 8))
    assert _broken(noted) is None
    with pytest.raises(CheckpointDiffers, match="row 9"), noted.reading() as session:
        check_log(session, kept)


def test_a_log_that_was_made_anew(noted: Bank, operator: SignedIn, tmp_path: Path) -> None:
    with noted.reading() as session:
        kept = {tmp_path: checkpoint_of(session, NOW)}
    _tampered(noted, delete(LogRow).where(LogRow.id >= 8))
    for number in range(9):
        with noted.work(operator) as work:
            work.note("step", f"no-{number}", amount=number + 1)
    assert _broken(noted) is None
    with pytest.raises(CheckpointDiffers), noted.reading() as session:
        check_log(session, kept)


def test_what_comes_after_a_checkpoint_is_no_contradiction(noted: Bank, operator: SignedIn, tmp_path: Path) -> None:
    with noted.reading() as session:
        kept = {tmp_path: checkpoint_of(session, NOW)}
    with noted.work(operator) as work:
        work.note("step", "later")
    with noted.reading() as session:
        assert check_log(session, kept).rows == 10


def test_a_checkpoint_is_its_signers_and_its_stores(noted: Bank, tmp_path: Path) -> None:
    key, path = Ed25519PrivateKey.generate(), tmp_path / "checkpoint"
    with noted.reading() as session:
        stated = checkpoint_of(session, NOW)
    write_checkpoint(path, stated, key)
    assert read_checkpoint(path, key.public_key()) == stated
    with pytest.raises(FileExistsError):
        write_checkpoint(path, stated, key)
    with pytest.raises(AttestationRefused):
        read_checkpoint(path, Ed25519PrivateKey.generate().public_key())
    path.write_bytes(path.read_bytes().replace(b'"log_rows":9', b'"log_rows":8'))
    with pytest.raises(AttestationRefused):
        read_checkpoint(path, key.public_key())
    other = LogCheckpoint(**stated.model_dump(exclude={"schema_", "store"}), store="another")
    with pytest.raises(CheckpointOfAnotherStore), noted.reading() as session:
        check_log(session, {path: other})
