# SPDX-License-Identifier: Apache-2.0
"""Stations without cards: journals that say what a run would have said, of a batch of the store."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from pathlib import Path

from sqlalchemy import select
from tests.bank.proposals.scene import POLICY, new_batch

from ssn_card.bank.proposals import batches, flow
from ssn_card.bank.proposals.batches import BatchChoice
from ssn_card.bank.secret import development_secret
from ssn_card.bank.station.taking import StationTaken
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.batches import BatchItemRow, ProposalRow
from ssn_card.bank.store.tables.cards import CardMoveRow, CardRow
from ssn_card.bank.store.tables.people import FamilyRow, PersonRow
from ssn_card.bank.store.work import SignedIn
from ssn_card.personalization.cli.import_station import take_from
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import RowKeys

_serials = count(0x5353_0000_0000_0001)


class JournalScene:
    """A station's journal, written as its run would."""

    def __init__(self, folder: Path, number: int = 0) -> None:
        self.path = folder / f"station-{number}-{next(_serials):x}.sqlite"
        Journal.create(self.path, development_secret(), number).close()

    def stock(self, cards: int, delivery: str = "2025-10") -> list[bytes]:
        serials = [next(_serials).to_bytes(8, "big") for _ in range(cards)]
        with Journal.open(self.path, development_secret()) as journal:
            journal.stock.add(delivery, serials)
        return serials

    def make(
        self, bank: Bank, batch: ProposalRow, serials: Iterable[bytes], lines: Iterable[int] | None = None
    ) -> None:
        """Make cards of a batch with these serials: of its first lines, or of those that are named."""
        with Journal.open(self.path, development_secret()) as journal:
            number = journal.batch(batch.sha256 or "", batch.policy_id, batch.name)
            keys = row_keys(bank, batch)
            for line, serial in zip(lines or keys, serials, strict=False):
                entry = journal.plan(number, line, keys[line])
                journal.done(journal.sent(entry, serial, bytes(16), "debit=1"))

    def lose(self, serial: bytes, reason: str = "declared: gone") -> None:
        with Journal.open(self.path, development_secret()) as journal:
            entry = journal.by_serial(serial)
            assert entry is not None
            journal.lose(entry, reason)

    def told(self, bank: Bank, actor: SignedIn) -> StationTaken:
        """Taken into the store."""
        with bank.work(actor) as work, Journal.open(self.path, work.secret, read_only=True) as journal:
            return take_from(work, journal)[0]


def row_keys(bank: Bank, batch: ProposalRow) -> dict[int, RowKeys]:
    """By which a station knows each line."""
    wanted = (
        select(BatchItemRow.place, PersonRow.key, FamilyRow.key)
        .join(PersonRow, PersonRow.id == BatchItemRow.person_id)
        .join(FamilyRow, FamilyRow.id == PersonRow.family_id)
        .where(BatchItemRow.proposal_id == batch.id)
        .order_by(BatchItemRow.place)
    )
    with bank.reading() as session:
        return {place: RowKeys(row, family) for place, row, family in session.execute(wanted)}


def approved_batch(
    bank: Bank,
    operator: SignedIn,
    second: SignedIn,
    name: str = "first",
    choice: BatchChoice = BatchChoice(),  # noqa: B008
) -> ProposalRow:
    row = new_batch(bank, operator, name, choice)
    with bank.work(operator) as work:
        batches.submit(work, work.session.get_one(ProposalRow, row.id))
    with bank.work(second) as work:
        flow.approve(work, work.session.get_one(ProposalRow, row.id))
    with bank.work(operator) as work:
        return batches.begin(work, name)


def states(bank: Bank) -> dict[str, str]:
    """Of all cards."""
    with bank.reading() as session:
        return dict(session.execute(select(CardRow.serial, CardRow.state)).all())


def moves(bank: Bank, serial: bytes) -> list[str]:
    with bank.reading() as session:
        wanted = select(CardMoveRow.move).where(CardMoveRow.serial == serial.hex()).order_by(CardMoveRow.id)
        return list(session.scalars(wanted))


__all__ = ["POLICY", "JournalScene", "approved_batch", "moves", "row_keys", "states"]
