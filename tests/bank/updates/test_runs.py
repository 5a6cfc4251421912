# SPDX-License-Identifier: Apache-2.0
"""Runs of updates on real cards: what is approved is what is issued, once, whatever breaks off."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from tests.bank.updates.scene import OPERATOR, SECOND, Scene, wita

from ssn_card.bank.proposals import flow
from ssn_card.bank.proposals.errors import EmptyProposal, OwnProposal
from ssn_card.bank.store.tables.batches import ProposalKind, ProposalStage
from ssn_card.bank.store.tables.people import PersonRow, PersonState
from ssn_card.bank.store.tables.updates import UpdateRow
from ssn_card.bank.updates.choice import DEACTIVATED, NOT_BLOCKED, STOPPED_NOW
from ssn_card.bank.updates.errors import RunNotIssued, RunOrderUnfit, RunOutdated
from ssn_card.bank.updates.order import RunKind, RunOrder
from ssn_card.bank.updates.planning import UNCHANGED
from ssn_card.bank.updates.runs import totals
from ssn_card.entitlement import Register, read_updates
from ssn_card.protocol.values import LifeState


def load(tranche: int, policy: int = 1) -> dict[str, int]:
    return {"policy": policy, "tranche": tranche}


def test_a_load_activates_and_the_next_one_adds(scene: Scene) -> None:
    one, other = scene.card(), scene.card()
    plan = scene.run(RunKind.LOAD, **load(1))
    assert {planned.card.serial for planned in plan.planned} == {one, other}
    scene.move(one, "activate", scene.deliver(one))
    scene.buy(one, 100_000)
    scene.at(wita(11, 1))
    scene.run(RunKind.LOAD, one, **load(2))
    scene.deliver(one)
    assert scene.status(one).balance == 500_000
    assert scene.status(one).state is LifeState.ACTIVE
    name, again = scene.planned(RunOrder(RunKind.LOAD, policy=1, tranche=2), other)
    assert [planned.loaded for planned in again.planned] == [300_000]
    with scene.bank.reading() as session:
        row = flow.find(session, ProposalKind.RUN, name)
        assert totals(session, row) == [("64.72.01", 1, 1, 300_000)]
        assert RunOrder.of(row.options) == RunOrder(RunKind.LOAD, policy=1, tranche=2)


def test_nothing_is_issued_without_a_second_person(scene: Scene) -> None:
    one = scene.card()
    name, _ = scene.planned(RunOrder(RunKind.LOAD, policy=1, tranche=1), one)
    with pytest.raises(RunNotIssued):
        scene.issue(name)
    with scene.bank.work(OPERATOR) as work:
        flow.submit(work, flow.find(work.session, ProposalKind.RUN, name))
    with pytest.raises(RunNotIssued):
        scene.issue(name)
    both = OPERATOR.__class__("operator", OPERATOR.roles | SECOND.roles)
    with scene.bank.work(both) as work, pytest.raises(OwnProposal):
        flow.approve(work, flow.find(work.session, ProposalKind.RUN, name))
    assert not list(scene.folder.glob("run-*.jsonl"))


@pytest.mark.parametrize("broken_off", ["before the register", "after the register"])
def test_issuing_that_was_broken_off_goes_on_and_doubles_nothing(
    scene: Scene, broken_off: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = scene.card()
    name, _ = scene.planned(RunOrder(RunKind.LOAD, policy=1, tranche=1), one)
    scene.approve(name)
    kept = Register.issue

    def dies(register: Register, *given: object) -> object:
        if broken_off == "after the register":
            kept(register, *given)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(Register, "issue", dies)
    with pytest.raises(KeyboardInterrupt):
        scene.issue(name)
    monkeypatch.setattr(Register, "issue", kept)
    for _ in range(2):
        if scene_stage(scene, name) is not ProposalStage.DONE:
            assert scene.issue(name) == 1
    assert len(list(read_updates(scene.folder / f"{name}.jsonl"))) == 1
    with scene.bank.reading() as session:
        assert [row.update_seq for row in session.scalars(select(UpdateRow))] == [1]
    assert scene_stage(scene, name) is ProposalStage.DONE


def scene_stage(scene: Scene, name: str) -> ProposalStage:
    with scene.bank.reading() as session:
        return ProposalStage(flow.find(session, ProposalKind.RUN, name).stage)


def test_what_came_between_is_seen_and_nothing_issued(scene: Scene) -> None:
    one, other = scene.card(), scene.card()
    scene.run(RunKind.LOAD, one, other, **load(1))
    name, _ = scene.planned(RunOrder(RunKind.LOAD, policy=1, tranche=2), one, other)
    scene.approve(name)
    scene.run(RunKind.PIN, one)
    with pytest.raises(RunOutdated) as refused:
        scene.issue(name)
    assert (refused.value.count, refused.value.serials) == (1, one)
    name, _ = scene.planned(RunOrder(RunKind.LOAD, policy=1, tranche=2), one, other)
    scene.approve(name)
    scene.move(other, "report-lost")  # what was approved would have made it usable
    with pytest.raises(RunOutdated):
        scene.issue(name)
    assert scene.newest(other).entitlement.loaded_total == 300_000


def test_a_card_that_is_stopped_is_made_usable_by_nothing_but_its_unblocking(scene: Scene) -> None:
    one = scene.card()
    scene.run(RunKind.LOAD, one, **load(1))
    scene.move(one, "activate", scene.deliver(one))
    scene.move(one, "report-lost")
    _, refused = scene.planned(RunOrder(RunKind.BLOCK), one)
    assert [planned.entitlement.state for planned in refused.planned] == [LifeState.BLOCKED]
    scene.at(wita(11, 1))
    scene.run(RunKind.LOAD, one, **load(2))
    assert scene.newest(one).entitlement.state is LifeState.BLOCKED
    assert scene.newest(one).entitlement.loaded_total == 600_000
    for kind, why in ((RunKind.ACTIVATE, STOPPED_NOW), (RunKind.UNBLOCK, NOT_BLOCKED)):
        with pytest.raises(EmptyProposal):
            scene.planned(RunOrder(kind), one)
        assert why
    scene.move(one, "find")
    scene.run(RunKind.UNBLOCK, one)
    scene.move(one, "activate", scene.deliver(one))
    assert (scene.status(one).balance, scene.status(one).state) == (600_000, LifeState.ACTIVE)


def test_an_urgent_block_works_at_once_and_is_looked_at_afterwards(scene: Scene) -> None:
    one = scene.card()
    scene.run(RunKind.LOAD, one, **load(1))
    scene.move(one, "activate", scene.deliver(one))
    scene.move(one, "block")
    name, _ = scene.planned(RunOrder(RunKind.BLOCK, urgent=True), one)
    with scene.bank.work(OPERATOR) as work:
        flow.submit(work, flow.find(work.session, ProposalKind.RUN, name))
    assert scene.issue(name) == 1
    assert scene_stage(scene, name) is ProposalStage.SUBMITTED
    scene.deliver(one)
    assert scene.buy(one, 1_000) is None
    with scene.bank.work(SECOND) as work:
        flow.approve(work, flow.find(work.session, ProposalKind.RUN, name))
    scene.issue(name)
    assert scene_stage(scene, name) is ProposalStage.DONE


def test_what_a_deactivated_person_misses_comes_when_he_is_reactivated(scene: Scene) -> None:
    one = scene.card()
    other = scene.card()
    scene.run(RunKind.LOAD, one, other, **load(1))
    with scene.bank.work(OPERATOR) as work:
        work.session.get_one(PersonRow, scene.person_of(one)).state = PersonState.DEACTIVATED
    scene.at(wita(11, 1))
    for tranche in (2, 3):
        plan = scene.run(RunKind.LOAD, one, other, **load(tranche))
        assert plan.left_out == [(one, DEACTIVATED)]
    scene.at(wita(1, 2, year=2026))
    scene.run(RunKind.LOAD, one, other, **load(1, policy=2))
    with scene.bank.work(OPERATOR) as work:
        work.session.get_one(PersonRow, scene.person_of(one)).state = PersonState.READY
    scene.run(RunKind.LOAD, one, other, **load(2, policy=2))
    for serial in (one, other):
        assert scene.newest(serial).entitlement.loaded_total == 1_500_000
    with pytest.raises(EmptyProposal):
        scene.planned(RunOrder(RunKind.CARRY), one)
    with pytest.raises(EmptyProposal):
        scene.planned(RunOrder(RunKind.LOAD, policy=2, tranche=2), one, other)


def test_other_kinds_do_what_they_say(scene: Scene) -> None:
    one = scene.card()
    with pytest.raises(RunOrderUnfit):
        RunOrder(RunKind.LOAD)
    scene.run(RunKind.LOAD, one, **load(1))
    scene.run(RunKind.LIMITS, one, monthly_limit=100_000)
    scene.run(RunKind.PIN, one)
    scene.run(RunKind.KEYS, one, next_keys=("UPDATE", "DEBIT"))
    scene.run(RunKind.MEND, one, mend_month=wita(10, 1).date())
    scene.deliver(one)
    found = scene.status(one)
    assert (found.monthly_limit, found.pin_count, found.mend_count, found.balance) == (100_000, 1, 1, 300_000)
    _, plan = scene.planned(RunOrder(RunKind.LIMITS, as_policy=True), one)
    assert plan.planned[0].entitlement.monthly_limit == 300_000
    assert UNCHANGED
