# SPDX-License-Identifier: Apache-2.0
"""Money goes from one card to the next on real cards: never more, never less, and no month's limit twice."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from tests.bank.updates.scene import OPERATOR, POLICIES, Scene, wita

from ssn_card.bank.cards.errors import MoveRefused, NotFinalYet, ReplacementDecided, StillUsable
from ssn_card.bank.cards.replacement import called_off, overspent
from ssn_card.bank.life import LifePhase
from ssn_card.bank.proposals.errors import EmptyProposal
from ssn_card.bank.store.tables.cards import ReplacementRow
from ssn_card.bank.updates.choice import BETWEEN, STILL_COUNTED
from ssn_card.bank.updates.order import RunKind, RunOrder
from ssn_card.bank.updates.planning import UNCOUNTED
from ssn_card.entitlement import Entitlement
from ssn_card.protocol.values import LifeState


def in_use(scene: Scene, tranche: int = 1) -> str:
    serial = scene.card()
    scene.run(RunKind.LOAD, serial, policy=1, tranche=tranche)
    scene.move(serial, "activate", scene.deliver(serial))
    return serial


def blocked(scene: Scene, serial: str) -> str:
    scene.move(serial, "block")
    scene.run(RunKind.BLOCK, serial)
    return serial


def next_card(scene: Scene, old: str) -> str:
    return scene.card(scene.person_of(old), replaces=old)


def test_a_card_in_hand_gives_exactly_what_is_left_at_once(scene: Scene) -> None:
    old = in_use(scene)
    receipt = scene.buy(old, 120_000)
    assert receipt is not None
    with pytest.raises(MoveRefused):
        scene.decide(old)
    scene.move(old, "block")
    with pytest.raises(StillUsable):
        scene.decide(old, receipt)  # it may have been debited since
    scene.run(RunKind.BLOCK, old)
    stopped = scene.deliver(old)
    assert scene.decide(old, stopped) == (180_000, 0)
    assert scene.decide(old, stopped) == (180_000, 0)
    # A load that falls due between the two cards is the next one's.
    scene.at(wita(10, 5))
    other = in_use(scene)
    plan = scene.run(RunKind.LOAD, old, other, policy=1, tranche=2)
    assert plan.left_out == [(old, BETWEEN)]
    new = next_card(scene, old)
    with pytest.raises(ReplacementDecided):
        scene.decide(old, stopped)
    scene.run(RunKind.CARRY, policy=1)
    scene.deliver(new)
    assert scene.status(new).balance == 180_000 + 300_000
    # 120,000 of October's 300,000 were spent on the old card.
    assert scene.buy(new, 180_001) is None
    assert scene.buy(new, 180_000)
    scene.at(wita(11, 1))
    assert scene.buy(new, 200_000) is None
    scene.run(RunKind.CARRY)
    scene.deliver(new)
    assert scene.buy(new, 300_000)
    assert scene.status(new).balance == 0
    scene.run(RunKind.LOAD, new, policy=1, tranche=3)
    assert scene.newest(new).entitlement.loaded_total == 180_000 + 600_000
    scene.run(RunKind.TERMINATE, old)
    scene.deliver(old)
    assert (scene.status(old).state, scene.status(old).balance) == (LifeState.TERMINATED, 0)


def test_of_a_lost_card_what_may_yet_be_spent_is_held_back_until_the_window_is_over(scene: Scene) -> None:
    old = in_use(scene, tranche=3)
    scene.at(wita(10, 15))
    scene.buy(old, 100_000)
    scene.hand_in()
    scene.buy(old, 50_000)  # a shop without network keeps this receipt
    scene.at(wita(10, 20))
    scene.move(old, "report-lost")
    # 800,000 left by the newest receipt; October and November, within 14 days of the loss, allow 300,000 each.
    assert scene.decide(old) == (800_000, 500_000)
    new = next_card(scene, old)
    scene.run(RunKind.CARRY, policy=1)
    scene.deliver(new)
    assert scene.status(new).balance == 300_000
    assert scene.buy(new, 1_000) is None  # the month may be used up
    with pytest.raises(NotFinalYet):
        scene.settle(old)
    with pytest.raises(EmptyProposal) as nothing:
        scene.planned(RunOrder(RunKind.TERMINATE), old)
    assert nothing.value.name
    assert STILL_COUNTED
    scene.at(wita(11, 10))
    scene.run(RunKind.CARRY)
    scene.deliver(new)
    assert scene.buy(new, 300_000)
    scene.hand_in()
    scene.at(wita(11, 18))
    assert scene.settle(old) == 450_000
    assert scene.settle(old) == 450_000
    scene.run(RunKind.CARRY)
    scene.deliver(new)
    assert scene.status(new).balance == 450_000
    with scene.bank.reading() as session:
        row = session.scalars(select(ReplacementRow)).one()
        assert overspent(session, row) == 0


def test_a_lost_card_that_turns_up_blocked_ends_the_waiting(scene: Scene) -> None:
    old = blocked(scene, in_use(scene))
    scene.buy(old, 70_000)  # the block has not come to it
    assert scene.decide(old) == (300_000, 300_000)
    new = next_card(scene, old)
    with pytest.raises(EmptyProposal):
        scene.planned(RunOrder(RunKind.CARRY, policy=2), old)
    scene.hand_in(scene.deliver(old))
    assert scene.settle(old) == 230_000
    scene.run(RunKind.CARRY, policy=1)
    scene.deliver(new)
    assert scene.status(new).balance == 230_000
    assert scene.status(new).monthly_limit == 230_000


def test_a_card_that_is_found_before_it_is_replaced_goes_back_with_nothing_lost(scene: Scene) -> None:
    old = in_use(scene)
    scene.buy(old, 70_000)
    scene.move(old, "report-lost")
    scene.run(RunKind.BLOCK, old)
    scene.decide(old)
    with scene.bank.work(OPERATOR) as work:
        assert called_off(work, old)
        assert not called_off(work, old)
    scene.move(old, "find")
    scene.run(RunKind.UNBLOCK, old)
    scene.move(old, "activate", scene.deliver(old))
    assert scene.status(old).balance == 230_000
    scene.run(RunKind.LOAD, old, policy=1, tranche=2)
    assert scene.newest(old).entitlement.loaded_total == 600_000


def test_a_card_whose_old_one_was_never_counted_gets_nothing_yet(scene: Scene) -> None:
    old = in_use(scene)
    scene.move(old, "damage")
    new = next_card(scene, old)
    with pytest.raises(EmptyProposal):
        scene.planned(RunOrder(RunKind.LOAD, policy=1, tranche=2), new)
    assert UNCOUNTED
    balance, held = scene.decide(old)
    assert (balance, held) == (300_000, 300_000)
    scene.at(wita(10, 31))
    assert scene.settle(old) == 300_000
    scene.run(RunKind.LOAD, new, policy=1, tranche=2)
    scene.deliver(new)
    assert scene.status(new).balance == 600_000


def test_money_of_an_old_card_expires_with_its_own_loads(scene: Scene) -> None:
    loads = "tranches = [300_000, 300_000, 300_000]\n"
    scene.decided(POLICIES.replace(loads, f"{loads}expires = [2025-11-30, 2025-12-15, 2025-12-31]\n"))
    old = in_use(scene, tranche=2)
    scene.buy(old, 100_000)
    blocked(scene, old)
    scene.decide(old, scene.deliver(old))
    new = next_card(scene, old)
    scene.run(RunKind.CARRY, policy=1)
    scene.deliver(new)
    assert scene.status(new).balance == 500_000
    scene.at(wita(12, 1))
    scene.run(RunKind.LOAD, new, policy=1, tranche=3)
    # 200,000 of the first load were left: they are gone, and nothing of the second.
    newest = scene.newest(new).entitlement
    assert (newest.loaded_total, newest.expired_total) == (800_000, 200_000)
    scene.deliver(new)
    assert scene.status(new).balance == 600_000


def test_three_cards_of_one_family(scene: Scene) -> None:
    serial = in_use(scene)
    spent = 0
    for month, amount in ((10, 10_000), (11, 20_000), (12, 30_000)):
        scene.at(wita(month, 10))
        if month > 10:
            scene.run(RunKind.LOAD, serial, policy=1, tranche=month - 9)
            scene.deliver(serial)
        assert scene.buy(serial, amount)
        spent += amount
        blocked(scene, serial)
        scene.decide(serial, scene.deliver(serial))
        new = next_card(scene, serial)
        scene.run(RunKind.CARRY, policy=1)
        scene.move(new, "activate", scene.deliver(new))
        assert scene.status(new).balance == 300_000 * (month - 9) - spent
        serial = new
    with scene.bank.reading() as session:
        assert session.scalars(select(ReplacementRow.old_serial)).all()
    entitlement: Entitlement = scene.newest(serial).entitlement
    assert entitlement.loaded_total == 900_000 - spent
    assert LifePhase.REPLACED
