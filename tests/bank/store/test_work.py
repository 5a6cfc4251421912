# SPDX-License-Identifier: Apache-2.0
"""A piece of work in the store: whole or not at all, noted, and by those who may."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import NoResultFound

from ssn_card.bank.errors import NotAllowed
from ssn_card.bank.roles import BankRole
from ssn_card.bank.store import chain
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.accounts import LogRow
from ssn_card.bank.store.tables.people import FamilyRow
from ssn_card.bank.store.work import SignedIn


def _count(bank: Bank, table: type) -> int:
    with bank.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_what_is_done_and_its_note_come_together(bank: Bank, operator: SignedIn) -> None:
    noted = _count(bank, LogRow)
    with bank.work(operator) as work:
        work.session.add(FamilyRow(key=bytes(16)))
        work.note("family-added", "1")
    assert (_count(bank, FamilyRow), _count(bank, LogRow)) == (1, noted + 1)
    with bank.reading() as session:
        assert chain.check(session).broken is None


def test_work_that_fails_leaves_nothing(bank: Bank, operator: SignedIn) -> None:
    noted = _count(bank, LogRow)

    def torn() -> None:
        with bank.work(operator) as work:
            work.session.add(FamilyRow(key=bytes(16)))
            work.note("family-added", "1")
            raise RuntimeError("torn")

    with pytest.raises(RuntimeError, match="torn"):
        torn()
    assert (_count(bank, FamilyRow), _count(bank, LogRow)) == (0, noted)


def test_who_may_not_is_refused(bank: Bank, reader: SignedIn) -> None:
    with pytest.raises(NotAllowed), bank.work(reader) as work:
        work.require(BankRole.OPERATOR, BankRole.CUSTODIAN)


def test_a_fault_of_ours_is_not_taken_for_a_foreign_database(bank: Bank, operator: SignedIn) -> None:
    with pytest.raises(NoResultFound), bank.work(operator) as work:
        work.session.scalars(select(FamilyRow)).one()
