# SPDX-License-Identifier: Apache-2.0
"""Several processes on one store: one writes at a time, none half, and the log stays one chain."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ssn_card.bank.errors import BankStoreBusy
from ssn_card.bank.store import chain, place
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.accounts import LogRow
from ssn_card.bank.store.tables.people import FamilyRow
from ssn_card.bank.store.work import SignedIn
from ssn_card.protocol.crypto import SecretKey

WRITER = Path(__file__).with_name("writer.py")
EACH = 40


def _writer(where: str, name: str, count: object) -> subprocess.Popen[str]:
    command = [sys.executable, str(WRITER), where, name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def _counts(bank: Bank) -> tuple[int, int]:
    with bank.reading() as session:
        assert chain.check(session).broken is None
        families = session.scalar(select(func.count()).select_from(FamilyRow)) or 0
        noted = session.scalar(select(func.count()).where(LogRow.action == "family-added")) or 0
    return families, noted


def test_three_writers_and_a_reader(bank: Bank, bank_place: str) -> None:
    writers = [_writer(bank_place, name, EACH) for name in ("operator", "second", "custodian")]
    while any(writer.poll() is None for writer in writers):
        families, noted = _counts(bank)
        assert families == noted, "a look shows one moment"
    assert [writer.returncode for writer in writers] == [0, 0, 0]
    assert _counts(bank) == (3 * EACH, 3 * EACH)


def test_killed_in_the_middle_of_work(bank: Bank, bank_place: str, operator: SignedIn) -> None:
    writer = _writer(bank_place, "operator", "hang")
    assert writer.stdout is not None
    assert writer.stdout.readline() == "written\n"
    writer.kill()
    writer.wait()
    assert _counts(bank) == (0, 0)
    with bank.work(operator) as work:
        work.session.add(FamilyRow(key=bytes(16)))
        work.note("family-added", "after")
    assert _counts(bank) == (1, 1)


def test_who_waits_too_long_is_told(
    bank: Bank,
    bank_place: str,
    operator: SignedIn,
    second: SignedIn,
    secret: SecretKey,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(place, "BUSY_SECONDS", 1)
    with Bank.open(bank_place, secret) as other, bank.work(operator) as work:
        with pytest.raises(BankStoreBusy), other.work(second):
            pass
        work.note("family-added", "undisturbed")
    assert _counts(bank) == (0, 1)
