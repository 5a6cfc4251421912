# SPDX-License-Identifier: Apache-2.0
"""The log on the command line: looked through, verified, and held against what was signed before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session
from tests.bank.cli.conftest import BankCommand
from tests.bank.conftest import Clock
from tests.bank.store.test_log import _triggers
from tests.cli.conftest import Ran
from tests.cli.shown import check_languages, check_widths

from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.accounts import LogRow
from ssn_card.bank.store.work import SignedIn
from ssn_card.signing import create_signing_key, public_pem

Ssn = Callable[..., Ran]


@pytest.fixture
def _steps(bank: Bank, operator: SignedIn, second: SignedIn, clock: Clock) -> None:
    for day, user in enumerate((operator, second, operator)):
        with bank.work(user) as work:
            work.note("step", f"no-{day}", cards=day)
        clock.pass_by(days=1)


@pytest.mark.usefixtures("_steps")
def test_looked_through(as_user: BankCommand) -> None:
    def subjects(*options: object) -> list[str]:
        rows = as_user("reader", "bank", "log", *options).json["rows"]
        return [row["subject"] for row in rows]

    assert subjects("--last", 3) == ["no-0", "no-1", "no-2"]
    assert subjects("--actor", "operator") == ["no-0", "no-2"]
    assert subjects("--action", "step", "--last", 1) == ["no-2"]
    assert subjects("--subject", "no-1") == ["no-1"]
    assert subjects("--from", "2025-10-02") == ["no-1", "no-2"]
    assert subjects("--from", "2025-10-02", "--through", "2025-10-02") == ["no-1"]
    assert len(subjects("--last", 0)) == 7
    refused = as_user("reader", "bank", "log", "--from", "02/10/2025")
    assert (refused.code, refused.error["where"]) == (1, "--from")


@pytest.mark.usefixtures("_steps")
def test_verified_through_a_checkpoint(
    as_user: BankCommand, bank: Bank, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSN_ATTESTATION_PASSWORD", "beras lima kilo")
    key, public, out = tmp_path / "bank.key", tmp_path / "bank.pub", tmp_path / "checkpoint"
    public.write_bytes(public_pem(create_signing_key(key, "beras lima kilo")))
    stated = as_user("custodian", "bank", "checkpoint", "--signer", key, "--out", out).json
    through = ("--checkpoint", out, "--public-key", public)
    whole = as_user("reader", "bank", "verify-log", *through)
    assert (whole.code, whole.json["rows"], whole.json["chain"]) == (0, stated["log_rows"], stated["log_chain"])
    with Session(bank._engine) as session, session.begin():
        _triggers(session, "DISABLE")
        session.execute(delete(LogRow).where(LogRow.id == 7))
    assert as_user("reader", "bank", "verify-log").json["whole"] is True
    short = as_user("reader", "bank", "verify-log", *through)
    assert (short.code, short.json["whole"], short.json["code"]) == (3, False, "checkpoint-differs")
    with Session(bank._engine) as session, session.begin():
        session.execute(delete(LogRow).where(LogRow.id == 5))
    broken = as_user("reader", "bank", "verify-log")
    assert (broken.code, broken.json["broken_row"], broken.json["code"]) == (3, 5, "bank-log-broken")
    alone = as_user("reader", "bank", "verify-log", "--checkpoint", out)
    assert alone.error["code"] == "bad-argument"


@pytest.mark.usefixtures("_steps")
def test_what_people_see(ssn: Ssn, bank_place: str, as_user: BankCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    where = ("--bank", bank_place, "--user", "reader", "--development")
    for command in ("log", "verify-log"):

        def show(language: str, columns: int, command: str = command) -> str:
            monkeypatch.setenv("COLUMNS", str(columns))
            shown = ssn("--lang", language, "bank", command, *where).out
            # Actions and names of users are codes.
            return "\n".join(line for line in shown.splitlines() if "2025-" not in line) if columns > 80 else shown

        check_languages(lambda language, _: show(language, 400))
        if command == "verify-log":
            check_widths(show)
