# SPDX-License-Identifier: Apache-2.0
"""Nothing comes to producing without two people and one content that nobody has changed."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from tests.bank.proposals.scene import POLICY, RUPIAH, add_persons, new_batch

from ssn_card.bank.errors import NotAllowed
from ssn_card.bank.proposals import batches, flow
from ssn_card.bank.proposals.batches import BatchChoice
from ssn_card.bank.proposals.content import content_hash
from ssn_card.bank.proposals.errors import (
    ContentChanged,
    EmptyProposal,
    OwnProposal,
    ProposalExists,
    ProposalNameUnfit,
    ProposalStageRefused,
    ReasonMissing,
)
from ssn_card.bank.roles import BankRole
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.accounts import LogRow
from ssn_card.bank.store.tables.batches import (
    BatchItemRow,
    DecisionRow,
    ProposalKind,
    ProposalRow,
    ProposalStage,
    RunItemRow,
)
from ssn_card.bank.store.tables.cards import CardRow
from ssn_card.bank.store.tables.people import PersonRow
from ssn_card.bank.store.work import SignedIn, StoreWork

BOTH = frozenset({BankRole.OPERATOR, BankRole.APPROVER})
PEOPLE = tuple(SignedIn(name, BOTH) for name in ("operator", "second", "custodian"))
_numbers = itertools.count(1)


def prepared(bank: Bank, operator: SignedIn, persons: int = 4) -> ProposalRow:
    with bank.work(operator) as work:
        add_persons(work, persons)
    return new_batch(bank, operator)


def stage(bank: Bank, row: ProposalRow) -> str:
    with bank.reading() as session:
        return session.scalars(select(ProposalRow.stage).where(ProposalRow.id == row.id)).one()


def do(bank: Bank, actor: SignedIn, step: Callable[[StoreWork, ProposalRow], object], row: ProposalRow) -> None:
    with bank.work(actor) as work:
        step(work, work.session.get_one(ProposalRow, row.id))


def test_the_whole_way_is_told_step_by_step(bank: Bank, operator: SignedIn, second: SignedIn) -> None:
    row = prepared(bank, operator)
    for actor, step in (
        (operator, flow.submit),
        (second, flow.approve),
        (operator, flow.begin),
        (operator, flow.finish),
    ):
        do(bank, actor, step, row)
    assert stage(bank, row) == ProposalStage.DONE
    with bank.reading() as session:
        steps = flow.decisions(session, row)
        logged = session.execute(select(LogRow.action, LogRow.content).where(LogRow.action.like("batch-%"))).all()
    assert [(one.step, one.stage, one.actor) for one in steps] == [
        ("proposed", "draft", "operator"),
        ("filled", "draft", "operator"),
        ("submitted", "submitted", "operator"),
        ("approved", "approved", "second"),
        ("begun", "producing", "operator"),
        ("finished", "done", "operator"),
    ]
    assert len({one.sha256 for one in steps[2:]}) == 1
    assert [action for action, _ in logged] == [f"batch-{one.step}" for one in steps]
    assert json.loads(logged[-1][1])["sha256"] == steps[-1].sha256


def test_whoever_had_a_hand_in_it_cannot_approve_it(bank: Bank) -> None:
    creator, filler, submitter = PEOPLE
    with bank.work(creator) as work:
        ids = add_persons(work, 4)
        row = flow.propose(work, ProposalKind.BATCH, "hands", POLICY, {})
    with bank.work(filler) as work:
        assert batches.fill(work, work.session.get_one(ProposalRow, row.id), BatchChoice()) == len(ids)
    do(bank, submitter, flow.submit, row)
    for actor in PEOPLE:
        with pytest.raises(OwnProposal):
            do(bank, actor, flow.approve, row)
    assert stage(bank, row) == ProposalStage.SUBMITTED
    do(bank, SignedIn("reader", BOTH), flow.approve, row)
    assert stage(bank, row) == ProposalStage.APPROVED


def test_roles(bank: Bank, operator: SignedIn, second: SignedIn, reader: SignedIn) -> None:
    row = prepared(bank, operator)
    for actor, step in ((second, flow.submit), (reader, flow.submit), (operator, flow.approve), (second, flow.begin)):
        with pytest.raises(NotAllowed):
            do(bank, actor, step, row)
    with pytest.raises(NotAllowed):
        do(bank, operator, lambda work, row: flow.refuse(work, row, "no"), row)


def test_refused_goes_back_to_draft_with_a_reason(bank: Bank, operator: SignedIn, second: SignedIn) -> None:
    row = prepared(bank, operator)
    do(bank, operator, flow.submit, row)
    with pytest.raises(ReasonMissing):
        do(bank, second, lambda work, row: flow.refuse(work, row, "  "), row)
    do(bank, second, lambda work, row: flow.refuse(work, row, "one line too many"), row)
    assert stage(bank, row) == ProposalStage.DRAFT
    with bank.reading() as session:
        assert flow.decisions(session, row)[-1].reason == "one line too many"
    do(bank, operator, lambda work, row: batches.withdraw(work, row, [2], "one line too many"), row)
    do(bank, operator, flow.submit, row)
    do(bank, second, flow.approve, row)  # who refused it may approve what was mended
    with bank.reading() as session:
        assert flow.count(session, row) == 3


def test_names_and_empty_ones(bank: Bank, operator: SignedIn) -> None:
    prepared(bank, operator)
    with pytest.raises(ProposalExists):
        new_batch(bank, operator)
    for name in ("", "../up", "a b", "x" * 41, "6472011234567890/1", "naïve"):
        with pytest.raises(ProposalNameUnfit):
            new_batch(bank, operator, name)
    with pytest.raises(EmptyProposal):
        new_batch(bank, operator, "nobody-left")
    with bank.work(operator) as work:
        row = flow.propose(work, ProposalKind.RUN, "empty", POLICY, {})
        with pytest.raises(EmptyProposal):
            flow.submit(work, row)


def _data(work: StoreWork, row: ProposalRow) -> None:
    item = work.session.scalars(select(BatchItemRow).where(BatchItemRow.proposal_id == row.id).limit(1)).one()
    person = work.session.get_one(PersonRow, item.person_id)
    person.kelurahan += 1


def _swapped(work: StoreWork, row: ProposalRow) -> None:
    [stranger] = add_persons(work, 1, first=50)
    work.session.execute(
        update(BatchItemRow)
        .where(BatchItemRow.proposal_id == row.id, BatchItemRow.place == 1)
        .values(person_id=stranger)
    )


def _dropped(work: StoreWork, row: ProposalRow) -> None:
    work.session.execute(delete(BatchItemRow).where(BatchItemRow.proposal_id == row.id, BatchItemRow.place == 1))


def _options(work: StoreWork, row: ProposalRow) -> None:
    row.options = row.options.replace(str(RUPIAH), str(RUPIAH * 10))


def _policy(work: StoreWork, row: ProposalRow) -> None:
    row.policy_id += 1


def _hash_too(work: StoreWork, row: ProposalRow) -> None:
    """Even where the hash is made to fit: the decision tells the one that was submitted."""
    _policy(work, row)
    row.sha256 = content_hash(work.session, row)


BENEATH = (_data, _swapped, _dropped, _options, _policy, _hash_too)


@pytest.mark.parametrize("beneath", BENEATH, ids=lambda one: one.__name__)
@pytest.mark.parametrize("steps", [0, 1, 2], ids=["approval", "beginning", "end"])
def test_what_is_changed_beneath_is_found(
    bank: Bank, operator: SignedIn, second: SignedIn, beneath: Callable[[StoreWork, ProposalRow], None], steps: int
) -> None:
    row = prepared(bank, operator)
    do(bank, operator, flow.submit, row)
    following = [(second, flow.approve), (operator, flow.begin), (operator, flow.finish)]
    for actor, step in following[:steps]:
        do(bank, actor, step, row)
    before = stage(bank, row)
    do(bank, operator, beneath, row)
    actor, step = following[steps]
    with pytest.raises(ContentChanged):
        do(bank, actor, step, row)
    assert stage(bank, row) == before


def test_a_corrected_person_changes_no_approved_content(bank: Bank, operator: SignedIn, second: SignedIn) -> None:
    row = prepared(bank, operator)
    do(bank, operator, flow.submit, row)
    with bank.work(operator) as work:
        person = work.session.scalars(select(PersonRow).limit(1)).one()
        person.version, person.kelurahan = 2, 5
    do(bank, second, flow.approve, row)
    assert stage(bank, row) == ProposalStage.APPROVED


def test_a_run_is_fixed_by_its_bodies(bank: Bank, operator: SignedIn, second: SignedIn) -> None:
    with bank.work(operator) as work:
        work.session.add(CardRow(serial="53" * 8, state="produced", since=work.at))
        row = flow.propose(work, ProposalKind.RUN, "load-1", POLICY, {"load": 1})
        work.session.add(RunItemRow(proposal_id=row.id, serial="53" * 8, body=bytes(55)))
        flow.submit(work, row)
    do(bank, second, flow.approve, row)
    with bank.work(operator) as work:
        work.session.execute(update(RunItemRow).values(body=bytes(54) + b"\1"))
    with pytest.raises(ContentChanged) as told:
        do(bank, operator, flow.begin, row)
    assert told.value.details["found"] != told.value.details["expected"]


def test_of_two_approvers_at_once_one_approves(bank: Bank, operator: SignedIn) -> None:
    row = prepared(bank, operator)
    do(bank, operator, flow.submit, row)
    ready, said = threading.Barrier(2), []

    def approving(name: str) -> None:
        ready.wait()
        try:
            do(bank, SignedIn(name, BOTH), flow.approve, row)
            said.append("approved")
        except ProposalStageRefused:
            said.append("refused")

    threads = [threading.Thread(target=approving, args=(name,)) for name in ("second", "custodian")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["approved", "refused"]
    with bank.reading() as session:
        approvals = session.scalars(select(DecisionRow).where(DecisionRow.step == "approved")).all()
    assert len(approvals) == 1


def test_a_stale_row_does_not_move_what_somebody_else_has_moved(
    bank: Bank, operator: SignedIn, second: SignedIn
) -> None:
    row = prepared(bank, operator)
    do(bank, operator, flow.submit, row)
    with bank.work(second) as work:
        stale = work.session.get_one(ProposalRow, row.id)
        work.session.execute(update(ProposalRow).values(stage="cancelled").execution_options(synchronize_session=False))
        assert stale.stage == "submitted"
        with pytest.raises(ProposalStageRefused):
            flow.approve(work, stale)


STEPS = {
    "submit": flow.submit,
    "approve": flow.approve,
    "begin": flow.begin,
    "finish": flow.finish,
    "refuse": lambda work, row: flow.refuse(work, row, "because"),
    "cancel": lambda work, row: flow.cancel(work, row, "because"),
    "fill": lambda work, row: flow.filled(work, row),
    "beneath": lambda work, row: _policy(work, row),
}
REFUSALS = (NotAllowed, ProposalStageRefused, OwnProposal, ContentChanged, EmptyProposal)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=st.lists(
        st.tuples(
            st.integers(0, 2), st.sampled_from(sorted(STEPS)), st.sets(st.sampled_from(sorted(BOTH)), min_size=1)
        ),
        min_size=4,
        max_size=14,
    )
)
def test_no_path_to_producing_without_two_people_and_one_content(
    bank: Bank, steps: list[tuple[int, str, set[BankRole]]]
) -> None:
    name = f"path-{next(_numbers)}"
    with bank.work(PEOPLE[0]) as work:
        row = flow.propose(work, ProposalKind.RUN, name, POLICY, {})
        serial = f"{next(_numbers):016x}"
        work.session.add(CardRow(serial=serial, state="produced", since=work.at))
        work.session.flush()
        work.session.add(RunItemRow(proposal_id=row.id, serial=serial, body=bytes(55)))
    own, policy, submitted = {PEOPLE[0].name}, POLICY, None
    for who, step, roles in steps:
        actor, before = SignedIn(PEOPLE[who].name, frozenset(roles)), stage(bank, row)
        try:
            do(bank, actor, STEPS[step], row)
        except REFUSALS:
            assert stage(bank, row) == before
            continue
        after = stage(bank, row)
        if step == "beneath":
            policy += 1
        if step in ("submit", "fill"):
            own.add(actor.name)
            submitted = policy if step == "submit" else submitted
        if after in (ProposalStage.APPROVED, ProposalStage.PRODUCING, ProposalStage.DONE) and step != "beneath":
            assert submitted == policy
            assert after != ProposalStage.APPROVED or (actor.name not in own and BankRole.APPROVER in roles)
            assert (before, after) in {
                ("submitted", "approved"), ("approved", "producing"), ("producing", "done")
            }  # fmt: skip
    with bank.reading() as session:
        taken = flow.decisions(session, row)
    if any(one.step == "begun" for one in taken):
        approval = [one for one in taken if one.step == "approved"][-1]
        others = {
            one.actor for one in taken[: taken.index(approval)] if one.step in ("proposed", "filled", "submitted")
        }
        assert approval.actor not in others
        assert len({one.sha256 for one in taken[taken.index(approval) - 1 :]}) == 1
