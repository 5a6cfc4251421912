# SPDX-License-Identifier: Apache-2.0
"""A station's journal in the store: again, in any order, from several stations, as it goes on; and what is refused."""

from __future__ import annotations

import shutil
import sqlite3
from itertools import permutations
from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from tests.bank.proposals.scene import add_persons
from tests.bank.station.scene import JournalScene, approved_batch, moves, row_keys, states

from ssn_card.bank.cards.moves import move
from ssn_card.bank.errors import NotAllowed
from ssn_card.bank.proposals import batches
from ssn_card.bank.proposals.batches import BatchChoice
from ssn_card.bank.proposals.errors import BatchIncomplete, CardNotReplaceable, ItemHasCard
from ssn_card.bank.proposals.figures import batch_figures
from ssn_card.bank.secret import development_secret
from ssn_card.bank.station.errors import StationForked, StationRowsDiffer, StationRowsUnknown
from ssn_card.bank.station.findings import StationFinding
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.batches import BatchItemRow, ProposalRow
from ssn_card.bank.store.tables.cards import CardMoveRow, CardRow
from ssn_card.bank.store.tables.people import ImportRow
from ssn_card.bank.store.work import SignedIn
from ssn_card.personalization.journal.errors import SecretMismatch, StationLogBroken
from ssn_card.personalization.journal.journal import Journal
from ssn_card.personalization.journal.records import RowKeys
from ssn_card.protocol.crypto import SecretKey


@pytest.fixture
def batch(bank: Bank, operator: SignedIn, second: SignedIn) -> ProposalRow:
    with bank.work(operator) as work:
        add_persons(work, 6)
    return approved_batch(bank, operator, second)


def everything(bank: Bank) -> tuple[object, ...]:
    """What the store holds of cards, but for when it was told."""
    with bank.reading() as session:
        cards = session.execute(
            select(
                CardRow.serial, CardRow.beneficiary_id, CardRow.person_id, CardRow.proposal_id, CardRow.state,
                CardRow.replaces, CardRow.delivery,
            ).order_by(CardRow.serial)
        ).all()  # fmt: skip
        told = session.execute(
            select(CardMoveRow.uid, CardMoveRow.serial, CardMoveRow.move).order_by(CardMoveRow.uid)
        ).all()
    return tuple(map(tuple, cards)), tuple(map(tuple, told))


def test_stock_and_cards(bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path) -> None:
    station = JournalScene(tmp_path)
    serials = station.stock(8)
    station.make(bank, batch, serials[:5])
    taken = station.told(bank, operator)
    assert (taken.stocked, taken.produced, taken.exceptions, taken.again) == (8, 5, [], False)
    assert states(bank) == {
        serial.hex(): "produced" if number < 5 else "in-stock" for number, serial in enumerate(serials)
    }
    with bank.reading() as session:
        card = session.get_one(CardRow, serials[0].hex())
        item = session.scalars(select(BatchItemRow).where(BatchItemRow.place == 1)).one()
        assert (card.person_id, card.proposal_id, card.delivery, card.keys) == (
            item.person_id, batch.id, "2025-10", "debit=1"
        )  # fmt: skip
        [imported] = session.scalars(select(ImportRow)).all()
        figures = batch_figures(session, batch)
    assert imported.scope == Journal.open(station.path, read_only=True).name
    assert (figures.items, figures.waiting) == (6, 1)
    assert figures.entitlement_sum == 6 * 900_000
    assert [count for _, count in sorted(figures.reached.items())] == [0, 0, 0, 5, 0]


def test_again_changes_nothing_and_going_on_adds(
    bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path
) -> None:
    station = JournalScene(tmp_path)
    serials = station.stock(6)
    station.make(bank, batch, serials[:2])
    station.told(bank, operator)
    before = everything(bank)
    again = station.told(bank, operator)
    assert (again.again, again.stocked, again.produced) == (True, 0, 0)
    assert everything(bank) == before
    station.make(bank, batch, serials[2:6], range(3, 7))
    assert station.told(bank, operator).produced == 4
    with bank.work(operator) as work:
        batches.close(work, work.session.get_one(ProposalRow, batch.id))


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_several_stations_in_any_order(
    bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path, order: tuple[int, ...]
) -> None:
    """The first of one station's two states may come after the second: it says nothing new."""
    one, two = JournalScene(tmp_path, 1), JournalScene(tmp_path, 2)
    serials = one.stock(4, "one")
    one.make(bank, batch, serials[:2], [1, 2])
    early = JournalScene(tmp_path, 3)
    shutil.copy(one.path, early.path)
    one.lose(serials[0])
    one.make(bank, batch, serials[2:4], [1, 3])
    two.make(bank, batch, two.stock(3, "two"), [4, 5, 6])
    for which in order:
        assert (one, two, early)[which].told(bank, operator).exceptions == []
    made = [state for state in states(bank).values() if state == "produced"]
    assert (len(made), states(bank)[serials[0].hex()]) == (6, "damaged")
    assert moves(bank, serials[0]) == ["produce", "damage"]


def test_spoiled_made_after_all_lost_and_given_back(
    bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path
) -> None:
    station = JournalScene(tmp_path)
    spoiled, mended, doubtful, back, left = station.stock(5)
    with Journal.open(station.path, development_secret()) as journal:
        journal.stock.spoil([spoiled, mended], "no answer")
        journal.stock.give_back([back])
    first = station.told(bank, operator)
    assert (first.spoiled, first.given_back) == (2, 1)
    station.make(bank, batch, [mended], [1])
    with Journal.open(station.path, development_secret()) as journal:
        number = journal.batch(batch.sha256 or "", batch.policy_id, batch.name)
        entry = journal.plan(number, 2, row_keys(bank, batch)[2])
        journal.lose(journal.sent(entry, doubtful, bytes(16)), "declared: never found")
        journal.stock.give_back([spoiled])
    second = station.told(bank, operator)
    assert (second.produced, second.lost, second.given_back) == (1, 1, 1)
    expected = {
        spoiled: "terminated", mended: "produced", doubtful: "damaged", back: "terminated", left: "in-stock",
    }  # fmt: skip
    assert states(bank) == {serial.hex(): state for serial, state in expected.items()}
    assert moves(bank, mended) == ["spoil", "restock", "produce"]


def test_two_stations_gave_one_family_two_cards(
    bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path
) -> None:
    one, two = JournalScene(tmp_path, 1), JournalScene(tmp_path, 2)
    [first], [other] = one.stock(1, "one"), two.stock(1, "two")
    one.make(bank, batch, [first], [3])
    two.make(bank, batch, [other], [3])
    one.told(bank, operator)
    for _ in range(2):  # every time, until somebody has decided
        [told] = two.told(bank, operator).exceptions
        assert (told.finding, told.serial, told.line, told.other) == (
            StationFinding.FAMILY_TWICE, other.hex(), 3, first.hex()
        )  # fmt: skip
        assert states(bank) == {first.hex(): "produced", other.hex(): "in-stock"}
    one.lose(first)
    one.told(bank, operator)
    settled = two.told(bank, operator)
    assert (settled.exceptions, settled.produced) == ([], 1)
    assert states(bank) == {first.hex(): "damaged", other.hex(): "produced"}


def test_stations_with_one_number_and_one_serial(
    bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path
) -> None:
    one, two = JournalScene(tmp_path), JournalScene(tmp_path)
    serials = one.stock(1)
    one.make(bank, batch, serials, [1])
    two.make(bank, batch, [b"\x11" * 8, serials[0]], [2, 3])
    one.told(bank, operator)
    assert [exception.finding for exception in two.told(bank, operator).exceptions] == [
        StationFinding.NUMBER_TWICE, StationFinding.SERIAL_TWICE
    ]  # fmt: skip
    with bank.reading() as session:
        assert session.scalar(select(func.count()).select_from(CardMoveRow)) == 1


def test_cards_of_no_approved_batch(bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path) -> None:
    station = JournalScene(tmp_path)
    serials = station.stock(1)
    batch.sha256 = "ab" * 32
    station.make(bank, batch, serials, [1])
    [told] = station.told(bank, operator).exceptions
    assert told.finding is StationFinding.NO_BATCH
    assert states(bank) == {serials[0].hex(): "in-stock"}


def test_withdrawn_and_made_all_the_same(bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path) -> None:
    station = JournalScene(tmp_path)
    serials = station.stock(1)
    station.make(bank, batch, serials, [1])
    with bank.work(operator) as work:
        row = work.session.get_one(ProposalRow, batch.id)
        batches.withdraw(work, row, [1, 2, 3, 4, 5, 6], "moved away")
    taken = station.told(bank, operator)
    assert [one.finding for one in taken.exceptions] == [StationFinding.WITHDRAWN]
    assert (taken.produced, states(bank)) == (1, {serials[0].hex(): "produced"})


def test_who_has_a_card_is_not_withdrawn_and_who_waits_keeps_the_batch_open(
    bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path
) -> None:
    station = JournalScene(tmp_path)
    station.make(bank, batch, station.stock(5), range(1, 6))
    station.told(bank, operator)
    with bank.work(operator) as work:
        row = work.session.get_one(ProposalRow, batch.id)
        with pytest.raises(ItemHasCard):
            batches.withdraw(work, row, [5, 6], "moved away")
        with pytest.raises(BatchIncomplete) as told:
            batches.close(work, row)
        assert told.value.text.en == "1 lines of first have no card: 6."
        batches.withdraw(work, row, [6], "moved away")
        batches.close(work, row)
        assert row.stage == "done"


def test_a_reissue_puts_one_card_in_place_of_another(
    bank: Bank, operator: SignedIn, second: SignedIn, batch: ProposalRow, tmp_path: Path
) -> None:
    station = JournalScene(tmp_path)
    old, new = station.stock(2)
    station.make(bank, batch, [old], [1])
    station.told(bank, operator)
    at = "2025-10-01T01:20:00Z"
    with bank.work(operator) as work:
        move(work, old.hex(), "deliver", uid="d", at=at)
    choice = BatchChoice(reissue=[old.hex()])
    with pytest.raises(CardNotReplaceable):
        approved_batch(bank, operator, second, "again", choice)
    with bank.work(operator) as work:
        move(work, old.hex(), "block", uid="b", at=at, reason="stolen")
    again = approved_batch(bank, operator, second, "again", choice)
    with bank.work(operator) as work:
        person = work.session.get_one(CardRow, old.hex()).person_id
    station.lose(old, "replaced by the next card")
    station.make(bank, again, [new])
    taken = station.told(bank, operator)
    assert (taken.produced, taken.replaced, taken.exceptions) == (1, 1, [])
    assert states(bank) == {old.hex(): "replaced", new.hex(): "produced"}
    with bank.reading() as session:
        card = session.get_one(CardRow, new.hex())
        assert (card.person_id, card.replaces, card.proposal_id) == (person, old.hex(), again.id)
    before = everything(bank)
    station.told(bank, operator)
    assert everything(bank) == before


def test_a_card_that_is_used_again_is_not_replaced(
    bank: Bank, operator: SignedIn, second: SignedIn, batch: ProposalRow, tmp_path: Path
) -> None:
    one, two = JournalScene(tmp_path, 1), JournalScene(tmp_path, 2)
    [old], [new] = one.stock(1, "one"), two.stock(1, "two")
    one.make(bank, batch, [old], [1])
    one.told(bank, operator)
    at = "2025-10-01T01:20:00Z"
    with bank.work(operator) as work:
        move(work, old.hex(), "deliver", uid="d", at=at)
        move(work, old.hex(), "report-lost", uid="l", at=at, reason="at the market")
    again = approved_batch(bank, operator, second, "again", BatchChoice(reissue=[old.hex()]))
    two.make(bank, again, [new])
    with bank.work(operator) as work:
        move(work, old.hex(), "find", uid="f", at=at)
        move(work, old.hex(), "deliver", uid="d2", at=at)
    [told] = two.told(bank, operator).exceptions
    assert (told.finding, told.other) == (StationFinding.OLD_CARD_IN_USE, old.hex())
    with bank.work(operator) as work:
        move(work, old.hex(), "block", uid="b", at=at, reason="it has a successor")
    assert two.told(bank, operator).replaced == 1
    assert states(bank) == {old.hex(): "replaced", new.hex(): "produced"}


def test_rows_that_the_store_does_not_know(bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path) -> None:
    station = JournalScene(tmp_path)
    with Journal.open(station.path, development_secret()) as journal:
        number = journal.batch(batch.sha256 or "", batch.policy_id, batch.name)
        entry = journal.plan(number, 1, RowKeys(bytes(16), bytes(16)))
        journal.done(journal.sent(entry, b"\x12" * 8, bytes(16)))
    with pytest.raises(StationRowsUnknown):
        station.told(bank, operator)
    assert states(bank) == {}


def test_another_person_in_that_line(bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path) -> None:
    station = JournalScene(tmp_path)
    with Journal.open(station.path, development_secret()) as journal:
        number = journal.batch(batch.sha256 or "", batch.policy_id, batch.name)
        entry = journal.plan(number, 1, row_keys(bank, batch)[2])
        journal.done(journal.sent(entry, b"\x12" * 8, bytes(16)))
    with pytest.raises(StationRowsDiffer):
        station.told(bank, operator)
    assert states(bank) == {}


def test_another_secret(bank: Bank, operator: SignedIn, tmp_path: Path) -> None:
    path = tmp_path / "strange.sqlite"
    Journal.create(path, SecretKey(bytes(16), "another")).close()
    station = JournalScene(tmp_path)
    station.path = path
    with pytest.raises(SecretMismatch):
        station.told(bank, operator)


def test_a_journal_that_was_rolled_back_and_went_on(
    bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path
) -> None:
    station, backup = JournalScene(tmp_path), JournalScene(tmp_path)
    serials = station.stock(4)
    shutil.copy(station.path, backup.path)
    station.make(bank, batch, serials[:1], [1])
    station.told(bank, operator)
    backup.make(bank, batch, serials[1:2], [2])
    with pytest.raises((StationForked, StationLogBroken)):
        backup.told(bank, operator)
    backup.make(bank, batch, serials[2:4], [3, 4])  # and past the state that is known
    with pytest.raises(StationLogBroken):
        backup.told(bank, operator)
    assert sorted(states(bank).values()) == ["in-stock", "in-stock", "in-stock", "produced"]


def test_a_log_that_was_changed(bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path) -> None:
    station = JournalScene(tmp_path)
    station.make(bank, batch, station.stock(2), [1, 2])
    database = sqlite3.connect(station.path)
    database.execute("UPDATE card SET line = 3 WHERE line = 2")
    database.commit()
    database.close()
    with pytest.raises(StationLogBroken):
        station.told(bank, operator)
    assert states(bank) == {}


def test_only_operators(bank: Bank, second: SignedIn, batch: ProposalRow, tmp_path: Path) -> None:
    with pytest.raises(NotAllowed):
        JournalScene(tmp_path).told(bank, second)


def test_a_lost_card_that_is_stopped_already_stays_so(
    bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path
) -> None:
    station = JournalScene(tmp_path)
    [serial] = station.stock(1)
    station.make(bank, batch, [serial], [1])
    station.told(bank, operator)
    with bank.work(operator) as work:
        move(work, serial.hex(), "block", uid="b", at="2025-10-01T01:20:00Z", reason="stolen from the van")
    station.lose(serial)
    station.told(bank, operator)
    assert states(bank) == {serial.hex(): "blocked"}


def test_no_personal_data_in_what_is_kept(bank: Bank, operator: SignedIn, batch: ProposalRow, tmp_path: Path) -> None:
    station = JournalScene(tmp_path)
    station.make(bank, batch, station.stock(2), [1, 2])
    station.told(bank, operator)
    with bank.work(operator) as work:
        work.session.execute(update(ImportRow).values(file=ImportRow.file))
        [row] = work.session.scalars(select(ImportRow)).all()
    assert set(row.control) <= set('{}": ,0123456789abcdefghijklmnopqrstuvwxyz_')
