# SPDX-License-Identifier: Apache-2.0
"""Whatever happens to a family's cards: what it was granted is what it has spent and what it has, to the rupiah."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from tests.bank.conftest import Clock
from tests.bank.updates.scene import OPERATOR, Scene, wita
from tests.card.live_card import LiveCard

from ssn_card.bank.cards.errors import NotFinalYet
from ssn_card.bank.cards.moves import state_of
from ssn_card.bank.cards.rights import deactivate, reactivate
from ssn_card.bank.life import LifePhase
from ssn_card.bank.proposals.errors import EmptyProposal
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.updates.order import RunKind
from ssn_card.programme import WITA
from ssn_card.receipts import Receipt

WINDOW = dt.timedelta(days=14)
AMOUNTS = st.integers(1_000, 300_000)


class Family(RuleBasedStateMachine):
    """One family, its cards one after another, and another family beside it that only gets loads."""

    start: Callable[[], Scene]

    def __init__(self) -> None:
        super().__init__()
        self.scene = self.start()
        self.scene.at(wita(10, 1))
        self.other = self.scene.card()
        self.card = self.scene.card()
        self.granted = self.tranche = 0
        self.spent: dict[tuple[str, str], int] = {}  #: by card and month
        self.lost: dict[str, dt.datetime] = {}
        self.entitled = True
        self.load()

    def teardown(self) -> None:
        self.end()
        self.scene.journal.close()
        for one in self.scene.cards.values():
            one.discard()

    def active(self, serial: str, receipt: Receipt) -> None:
        with self.scene.bank.reading() as session:
            delivered = state_of(session, serial) is LifePhase.DELIVERED
        if delivered:
            self.scene.move(serial, "activate", receipt)

    def bought(self, serial: str, amount: int) -> None:
        if self.scene.buy(serial, amount) is not None:
            key = serial, self.scene.now.strftime("%Y-%m")
            self.spent[key] = self.spent.get(key, 0) + amount

    @precondition(lambda self: self.tranche < 3)
    @rule()
    def load(self) -> None:
        self.tranche += 1
        self.granted += 300_000
        self.scene.run(RunKind.LOAD, self.card, self.other, policy=1, tranche=self.tranche)

    @rule()
    def deliver(self) -> None:
        try:
            receipt = self.scene.deliver(self.card)
        except AssertionError:  # nothing was issued to the new card yet
            return
        self.active(self.card, receipt)

    @rule(amount=AMOUNTS)
    def buy(self, amount: int) -> None:
        self.bought(self.card, amount)

    @precondition(lambda self: self.lost)
    @rule(amount=AMOUNTS)
    def somebody_else_buys(self, amount: int) -> None:
        serial, when = list(self.lost.items())[-1]
        if self.scene.clock.now <= when + WINDOW:
            self.bought(serial, amount)

    @rule()
    def receipts_come(self) -> None:
        self.scene.hand_in()

    @rule(days=st.integers(1, 13))
    def time_passes(self, days: int) -> None:
        """No shop keeps its receipts longer than the window."""
        after = self.scene.clock.now + dt.timedelta(days=days)
        if after > wita(12, 10):
            return
        late = [one for one in self.scene.offline if one.timestamp.replace(tzinfo=WITA) + WINDOW <= after]
        if late:
            self.scene.hand_in(*late)
            self.scene.offline = [one for one in self.scene.offline if one not in late]
        self.scene.at(after)

    @rule()
    def rights_change(self) -> None:
        with self.scene.bank.work(OPERATOR) as work:
            (deactivate if self.entitled else reactivate)(work, self.card, "data changed")
        self.entitled = not self.entitled

    @precondition(lambda self: len(self.scene.cards) < 6)
    @rule(between=st.booleans())
    def taken_in_hand(self, between: bool) -> None:
        old = self.card
        self.scene.move(old, "block")
        self.scene.run(RunKind.BLOCK, old)
        self.scene.decide(old, self.scene.deliver(old))
        self.successor(old, between)

    @precondition(lambda self: len(self.scene.cards) < 6)
    @rule(told=st.booleans(), between=st.booleans())
    def goes_lost(self, told: bool, between: bool) -> None:
        old = self.card
        self.scene.move(old, "report-lost")
        self.lost[old] = self.scene.clock.now
        if told:
            self.scene.run(RunKind.BLOCK, old)
        self.scene.decide(old)
        self.successor(old, between)

    def successor(self, old: str, between: bool) -> None:
        if between and self.tranche < 3:
            self.load()
        self.card = self.scene.card(self.scene.person_of(old), replaces=old)
        self.carry()

    @precondition(lambda self: self.lost)
    @rule()
    def turns_up(self) -> None:
        """The lost card, at a counter that has its update."""
        serial = list(self.lost)[-1]
        self.scene.hand_in(self.scene.deliver(serial))

    @rule()
    def settled(self) -> None:
        for serial in self.lost:
            try:
                self.scene.settle(serial)
            except NotFinalYet:
                continue
        self.carry()

    def carry(self) -> None:
        try:
            self.scene.run(RunKind.CARRY, self.card, policy=1)
        except EmptyProposal:
            return
        self.deliver()

    @invariant()
    def never_more(self) -> None:
        assert sum(self.spent.values()) <= self.granted

    @invariant()
    def no_month_twice(self) -> None:
        if not self.lost:
            for month in {month for _, month in self.spent}:
                assert sum(amount for (_, one), amount in self.spent.items() if one == month) <= 300_000

    def end(self) -> None:
        """Everything comes in: nothing is missing, and nothing too much."""
        if not self.entitled:
            self.rights_change()
        self.scene.hand_in()
        self.scene.at(wita(12, 10) + 3 * WINDOW - dt.timedelta(days=25))
        for serial in self.lost:
            self.scene.at(max(self.scene.clock.now, self.lost[serial] + 2 * WINDOW + dt.timedelta(days=2)))
            self.scene.settle(serial)
        self.carry()
        with contextlib.suppress(AssertionError):  # nothing was issued to the new card
            self.scene.deliver(self.card)
        assert self.scene.status(self.card).balance == self.granted - sum(self.spent.values())


@pytest.fixture
def scenes(bank: Bank, clock: Clock, tmp_path: Path, new_card: Callable[[], LiveCard]) -> Callable[[], Scene]:
    made: list[Scene] = []

    def start() -> Scene:
        folder = tmp_path / str(len(made))
        folder.mkdir()
        names = made[-1].names if made else None
        scene = Scene(bank, clock, folder, new_card)
        if names is not None:
            scene.names = names
        made.append(scene)
        return scene

    return start


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", ["sqlite"])
def test_money_is_conserved_in_any_history(scenes: Callable[[], Scene]) -> None:
    Family.start = staticmethod(scenes)
    run_state_machine_as_test(
        Family,
        settings=settings(
            max_examples=12,
            stateful_step_count=18,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
