# SPDX-License-Identifier: Apache-2.0
"""A bank with its register, and families with real cards in the simulator."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.bank.cards.made import KEYS, family
from tests.bank.conftest import Clock
from tests.bank.updates.issued import signed_newest
from tests.card.live_card import LiveCard

from ssn_card.bank.cards.moves import move
from ssn_card.bank.cards.proof import GenuineReceipt
from ssn_card.bank.cards.replacement import decide, settle
from ssn_card.bank.cards.tips import saw
from ssn_card.bank.life import LifePhase
from ssn_card.bank.proposals import flow
from ssn_card.bank.roles import BankRole
from ssn_card.bank.store.bank import Bank
from ssn_card.bank.store.tables.batches import ProposalKind
from ssn_card.bank.store.tables.cards import CardRow
from ssn_card.bank.store.tables.people import PersonRow
from ssn_card.bank.store.work import SignedIn
from ssn_card.bank.updates.choice import RunChoice
from ssn_card.bank.updates.order import RunKind, RunOrder
from ssn_card.bank.updates.planning import RunPlan
from ssn_card.bank.updates.runs import issue_run, new_run
from ssn_card.entitlement import Register, SignedUpdate
from ssn_card.programme import WITA, load_policies
from ssn_card.receipts import Basket, Receipt
from ssn_card.receipts.genuine import ReceiptKeys
from ssn_card.terminal import CardStatus, DebitRefused, Reader, SoftwareTerminalKeys, Terminal, TerminalJournal

OPERATOR = SignedIn("operator", frozenset({BankRole.OPERATOR}))
SECOND = SignedIn("second", frozenset({BankRole.APPROVER}))
POLICIES = """
[[policy]]
id = 1
name = "one"
valid_from = 2025-10-01
valid_until = 2025-12-31
entitlement_total = 900_000
tranches = [300_000, 300_000, 300_000]
monthly_limit = 300_000
override_needs_companion = false
shops = 51
categories = ["BERAS", "TELUR"]

[[policy]]
id = 2
name = "two"
valid_from = 2026-01-01
valid_until = 2026-03-31
entitlement_total = 600_000
tranches = [300_000, 300_000]
monthly_limit = 400_000
shops = 51
categories = ["BERAS", "TELUR"]
"""


def wita(month: int, day: int, hour: int = 9, year: int = 2025) -> dt.datetime:
    return dt.datetime(year, month, day, hour, tzinfo=WITA)


@dataclass
class Scene:
    """What a city's bank does, one call a step; its clock stands still until it is moved."""

    bank: Bank
    clock: Clock
    folder: Path
    make: Callable[[], LiveCard]
    cards: dict[str, LiveCard] = field(default_factory=dict)
    offline: list[Receipt] = field(default_factory=list)  #: receipts that have not come to the bank
    names: itertools.count[int] = field(default_factory=lambda: itertools.count(1))
    journal: TerminalJournal = field(default_factory=lambda: TerminalJournal(":memory:", 7))

    def __post_init__(self) -> None:
        self.decided(POLICIES)
        Register.create(self.register).close()

    def decided(self, policies: str) -> None:
        """What the programme has decided."""
        (self.folder / "policies.toml").write_text(policies)
        self.policies = load_policies(self.folder / "policies.toml")

    @property
    def register(self) -> Path:
        return self.folder / "register.sqlite"

    def at(self, moment: dt.datetime) -> None:
        self.clock.now = moment

    @property
    def now(self) -> dt.datetime:
        return self.clock.now.astimezone(WITA).replace(tzinfo=None)

    @property
    def told_at(self) -> str:
        return self.clock.now.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def card(
        self, person: int | None = None, state: LifePhase = LifePhase.DELIVERED, replaces: str | None = None
    ) -> str:
        """A personalized card in the family's hands; of a new family, or of one that is there."""
        live = self.make()
        serial = live.serial.hex()
        self.cards[serial] = live
        with self.bank.work(OPERATOR) as work:
            row = family(work, next(self.names)) if person is None else work.session.get_one(PersonRow, person)
            new = CardRow(serial=serial, person_id=row.id, family_id=row.family_id, keys="", since=self.told_at,
                          state=state if replaces is None else LifePhase.IN_STOCK)  # fmt: skip
            work.session.add(new)
            work.session.flush()
            if replaces is not None:
                move(work, replaces, "replace", uid=f"r{serial}", at=work.at, reason="another", successor=serial)
                new.state = state
        return serial

    def person_of(self, serial: str) -> int:
        with self.bank.reading() as session:
            return int(session.get_one(CardRow, serial).person_id or 0)

    def move(self, serial: str, name: str, receipt: Receipt | None = None) -> None:
        proof = None if receipt is None else GenuineReceipt(receipt, ReceiptKeys(KEYS))
        with self.bank.work(OPERATOR) as work:
            move(work, serial, name, uid=f"m{next(self.names)}", at=work.at, reason="a reason", receipt=proof)

    def planned(self, order: RunOrder, *serials: str) -> tuple[str, RunPlan]:
        name = f"run-{next(self.names)}"
        with Register(self.register) as register, self.bank.work(OPERATOR) as work:
            _, plan = new_run(work, name, order, RunChoice(serials), register, self.policies, self.now)
        return name, plan

    def approve(self, name: str) -> None:
        with self.bank.work(OPERATOR) as work:
            flow.submit(work, flow.find(work.session, ProposalKind.RUN, name))
        with self.bank.work(SECOND) as work:
            flow.approve(work, flow.find(work.session, ProposalKind.RUN, name))

    def issue(self, name: str) -> int:
        out = self.folder / f"{name}.jsonl"
        with Register(self.register) as register:
            return issue_run(self.bank, OPERATOR, name, register, KEYS, self.policies, out, self.now)

    def run(self, kind: RunKind, *serials: str, **order: object) -> RunPlan:
        """Planned, approved and issued."""
        name, plan = self.planned(RunOrder(kind, **order), *serials)  # type: ignore[arg-type]
        self.approve(name)
        self.issue(name)
        return plan

    def newest(self, serial: str) -> SignedUpdate:
        return signed_newest(self.bank, serial)

    @property
    def terminal(self) -> Terminal:
        return Terminal(SoftwareTerminalKeys(KEYS), self.journal, clock=lambda: self.now)

    def deliver(self, serial: str) -> Receipt:
        """The newest update to the card; its receipt."""
        with self.cards[serial].connect() as connection:
            return self.terminal.deliver(connection, self.newest(serial)).receipt

    def buy(self, serial: str, amount: int) -> Receipt | None:
        """A purchase, of which the bank has not heard; ``None`` if the card refuses."""
        with self.cards[serial].connect() as connection:
            try:
                sale = self.terminal.debit(connection, Basket.of(("BERAS", 1, amount)))
            except DebitRefused:
                return None
        self.offline.append(sale.receipt)
        return sale.receipt

    def hand_in(self, *receipts: Receipt) -> None:
        """Receipts come to the bank; with none, all that were offline."""
        keys = ReceiptKeys(KEYS)
        with self.bank.work(OPERATOR) as work:
            saw(work, [GenuineReceipt(one, keys) for one in receipts or self.offline])
        if not receipts:
            self.offline.clear()

    def status(self, serial: str) -> CardStatus:
        with self.cards[serial].connect() as connection:
            return Reader(SoftwareTerminalKeys(KEYS)).status(connection)

    def decide(self, serial: str, stopped: Receipt | None = None, offline_days: int = 14) -> tuple[int, int]:
        """Balance, and what is held back of it."""
        proof = None if stopped is None else GenuineReceipt(stopped, ReceiptKeys(KEYS))
        with self.bank.work(OPERATOR) as work:
            row = decide(work, serial, "a reason", stopped=proof, offline_days=offline_days)
            return row.balance, row.held_back

    def settle(self, serial: str) -> int:
        """Rupiah that are released."""
        with self.bank.work(OPERATOR) as work:
            return settle(work, serial).released
