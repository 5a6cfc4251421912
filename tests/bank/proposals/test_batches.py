# SPDX-License-Identifier: Apache-2.0
"""Who comes into a batch: ready, one of a family, without a live card, in no other open batch."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import select, update
from tests.bank.proposals.scene import KECAMATAN, POLICY, RUPIAH, add_persons, new_batch, people_in

from ssn_card.bank.errors import NotFound
from ssn_card.bank.proposals import batches, flow
from ssn_card.bank.proposals.batches import BatchChoice
from ssn_card.bank.proposals.errors import CardNotReplaceable, EmptyProposal, PolicyDiffers
from ssn_card.bank.proposals.figures import batch_figures, listed
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.batches import BatchItemRow, ProposalKind, ProposalRow
from ssn_card.bank.store.tables.cards import CardRow
from ssn_card.bank.store.tables.people import PersonRow, PersonState
from ssn_card.bank.store.work import SignedIn, StoreWork


def card_for(work: StoreWork, person: int, state: str, serial: str = "53" * 8) -> str:
    family = work.session.get_one(PersonRow, person).family_id
    work.session.add(CardRow(serial=serial, person_id=person, family_id=family, state=state, since=work.at))
    work.session.flush()
    return serial


def test_one_person_of_each_family_in_the_order_of_the_way(bank: Bank, operator: SignedIn) -> None:
    with bank.work(operator) as work:
        add_persons(work, 12, families=[0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5])
    row = new_batch(bank, operator)
    with bank.reading() as session:
        persons = {person.id: person for person in session.scalars(select(PersonRow))}
    chosen = [persons[one] for one in people_in(bank, row)]
    assert len(chosen) == 6
    assert len({person.family_id for person in chosen}) == 6
    way = [(person.kode_kecamatan, person.kelurahan, person.companion or "", person.id) for person in chosen]
    assert way == sorted(way)


@pytest.mark.parametrize("state", [state for state in PersonState if state is not PersonState.READY])
def test_who_is_not_ready_stays_out(bank: Bank, operator: SignedIn, state: PersonState) -> None:
    with bank.work(operator) as work:
        ids = add_persons(work, 3)
        work.session.get_one(PersonRow, ids[1]).state = state.value
    assert sorted(people_in(bank, new_batch(bank, operator))) == [ids[0], ids[2]]


@pytest.mark.parametrize(
    ("state", "out"),
    [("produced", True), ("activated", True), ("blocked", True), ("returned", True), ("temporarily-lost", True),
     ("damaged", False), ("terminated", False), ("replaced", False)],
)  # fmt: skip
def test_a_family_with_a_live_card_stays_out(bank: Bank, operator: SignedIn, state: str, out: bool) -> None:
    with bank.work(operator) as work:
        holder, other, stranger = add_persons(work, 3, families=[0, 0, 1])
        card_for(work, holder, state)
    assert sorted(people_in(bank, new_batch(bank, operator))) == ([stranger] if out else [holder, stranger]), other


def test_in_one_open_batch_only(bank: Bank, operator: SignedIn, second: SignedIn) -> None:
    with bank.work(operator) as work:
        ids = add_persons(work, 5)
    first = new_batch(bank, operator, "first", BatchChoice(limit=2))
    rest = new_batch(bank, operator, "rest")
    assert sorted(people_in(bank, first) + people_in(bank, rest)) == ids
    with pytest.raises(EmptyProposal):
        new_batch(bank, operator, "none")
    with bank.work(operator) as work:
        flow.cancel(work, work.session.get_one(ProposalRow, first.id), "too early")
    assert sorted(people_in(bank, new_batch(bank, operator, "again"))) == sorted(people_in(bank, first))
    with bank.work(operator) as work:
        row = work.session.get_one(ProposalRow, rest.id)
        flow.submit(work, row)
        batches.withdraw(work, row, [1], "moved away")
    assert people_in(bank, new_batch(bank, operator, "moved")) == people_in(bank, rest)[:1]


def test_narrowed(bank: Bank, operator: SignedIn) -> None:
    with bank.work(operator) as work:
        add_persons(work, 12)
    row = new_batch(bank, operator, "narrow", BatchChoice(kecamatan=[KECAMATAN[0]], companions=["PD-001", "PD-002"]))
    with bank.reading() as session:
        chosen = session.scalars(select(PersonRow).where(PersonRow.id.in_(people_in(bank, row)))).all()
    assert {person.kode_kecamatan for person in chosen} == {KECAMATAN[0]}
    assert {person.companion for person in chosen} <= {"PD-001", "PD-002"}
    assert len(chosen) == 2


def test_reissue_takes_the_holder_of_that_card_alone(bank: Bank, operator: SignedIn) -> None:
    with bank.work(operator) as work:
        ids = add_persons(work, 3)
        serial = card_for(work, ids[1], "blocked")
        used = card_for(work, ids[2], "activated", "54" * 8)
    row = new_batch(bank, operator, "reissue", BatchChoice(reissue=[serial]))
    with bank.reading() as session:
        [item] = session.scalars(select(BatchItemRow)).all()
    assert (item.person_id, item.replaces) == (ids[1], serial)
    with pytest.raises(EmptyProposal):  # it is in one already
        new_batch(bank, operator, "twice", BatchChoice(reissue=[serial]))
    with pytest.raises(CardNotReplaceable):
        new_batch(bank, operator, "used", BatchChoice(reissue=[used]))
    with pytest.raises(NotFound):
        new_batch(bank, operator, "strange", BatchChoice(reissue=["55" * 8]))
    with bank.reading() as session:
        assert batch_figures(session, row).reissues == 1


def test_a_draft_is_brought_up_to_date_when_it_is_submitted(bank: Bank, operator: SignedIn, second: SignedIn) -> None:
    with bank.work(operator) as work:
        ids = add_persons(work, 4)
    row = new_batch(bank, operator)
    with bank.work(operator) as work:
        work.session.get_one(PersonRow, ids[0]).state = PersonState.DEACTIVATED.value
        corrected = work.session.get_one(PersonRow, ids[1])
        corrected.version, corrected.kelurahan = 2, 3
        card_for(work, ids[2], "produced")
    with bank.work(operator) as work:
        assert batches.submit(work, work.session.get_one(ProposalRow, row.id)) == 2
    assert sorted(people_in(bank, row)) == [ids[1], ids[3]]
    with bank.work(second) as work:
        flow.approve(work, work.session.get_one(ProposalRow, row.id))
    with bank.reading() as session:
        item = session.scalars(select(BatchItemRow).where(BatchItemRow.person_id == ids[1])).one()
        assert item.person_version == 2
        assert batch_figures(session, row).corrected == 0


def test_who_is_corrected_later_is_told_and_waits(bank: Bank, operator: SignedIn) -> None:
    with bank.work(operator) as work:
        ids = add_persons(work, 2)
    row = new_batch(bank, operator)
    with bank.work(operator) as work:
        batches.submit(work, work.session.get_one(ProposalRow, row.id))
        work.session.execute(update(PersonRow).where(PersonRow.id == ids[0]).values(version=2))
    with bank.reading() as session:
        figures = batch_figures(session, row)
    assert (figures.items, figures.corrected, figures.waiting) == (2, 1, 2)


def test_the_policy_must_give_what_was_approved(bank: Bank, operator: SignedIn) -> None:
    with bank.work(operator) as work:
        add_persons(work, 1)
    row = new_batch(bank, operator)
    batches.require_policy(row, RUPIAH)
    with pytest.raises(PolicyDiffers):
        batches.require_policy(row, RUPIAH + 1)


def test_lists_and_unknown_ones(bank: Bank, operator: SignedIn) -> None:
    with bank.work(operator) as work:
        add_persons(work, 2)
    new_batch(bank, operator)
    with bank.work(operator) as work:
        flow.propose(work, ProposalKind.RUN, "load", POLICY, {})
        row = flow.find(work.session, ProposalKind.BATCH, "first")
        with pytest.raises(NotFound):
            flow.find(work.session, ProposalKind.BATCH, "load")
        with pytest.raises(NotFound):
            batches.withdraw(work, row, [9], "no such line")
    with bank.reading() as session:
        assert [(row.name, items, cards) for row, items, cards in listed(session)] == [("first", 2, 0)]


def test_many(bank: Bank, operator: SignedIn, second: SignedIn) -> None:
    """In seconds, for 43,000 take no more than twenty times this."""
    with bank.work(operator) as work:
        add_persons(work, 2_000)
    began = time.process_time()
    row = new_batch(bank, operator)
    with bank.work(operator) as work:
        batches.submit(work, work.session.get_one(ProposalRow, row.id))
    with bank.work(second) as work:
        flow.approve(work, work.session.get_one(ProposalRow, row.id))
    assert time.process_time() - began < 5
    assert len(people_in(bank, row)) == 2_000
