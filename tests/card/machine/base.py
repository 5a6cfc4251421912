# SPDX-License-Identifier: Apache-2.0
"""The applet and the reference card side by side: one way to do a thing to both, and to compare them after it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from hypothesis import event
from hypothesis.stateful import Bundle, RuleBasedStateMachine, invariant
from tests.card.live_card import LiveCard, Talk
from tests.card.scp03_host import Scp03Host
from tests.conftest import BENEFICIARY, IDENTITY
from tests.model import wire
from tests.model.reference_card import LOG, Outcome, ReferenceCard
from tests.model.reference_entitlement import NEXT_DEBIT, NEXT_OVERRIDE, NEXT_RECEIPT, NEXT_UPDATE
from tests.model.wire import T_CANCEL, T_DEBIT, T_UPDATE, TYPE

from ssn_card.keys import development_keyring
from ssn_card.receipts import Line, Receipt, ReceiptVerifier, Tip
from ssn_card.simulator import Rest, SimulatedCard, Simulator
from ssn_card.transport import ConnectionLost

PROVIDER = development_keyring()
NAMES = {
    wire.DEBIT: "DEBIT", wire.CANCEL: "CANCEL", wire.OVERRIDE: "OVERRIDE", wire.UPDATE: "UPDATE",
    wire.VERIFY: "VERIFY", wire.CHANGE: "CHANGE", wire.STORE_DATA: "STORE DATA",
}  # fmt: skip

Effect = Callable[[ReferenceCard], Outcome]


@dataclass(frozen=True)
class Subject:
    """A blank card, its talker's end, and the simulator that can tear it."""

    live: LiveCard
    simulated: SimulatedCard
    simulator: Simulator


class Tear(NamedTuple):
    """When power goes in the next command; ``write`` 0: when it is done and before it is answered."""

    write: int
    inside: int = 0
    rest: Rest = Rest.OLD


class Sent(NamedTuple):
    """A command that somebody may have recorded; ``version``: of an update's key."""

    apdu: bytes
    version: int = 0


class CardMachine(RuleBasedStateMachine):
    """One card, its model, and everything said so far."""

    new_subject: ClassVar[Callable[[], Subject]]
    reached: ClassVar[Counter[str]]
    updates = Bundle("updates")

    def __init__(self) -> None:
        super().__init__()
        self.subject = type(self).new_subject()
        self.talk = Talk(self.subject.live)
        self.versions = {version: self.subject.live.keys(version) for version in (1, 2)}
        receipt_keys = tuple(self.versions[version].receipt for version in (1, 2))
        self.model = ReferenceCard(self.subject.live.serial, receipt_keys, BENEFICIARY + IDENTITY)
        self.sent: list[Sent] = []
        self.txn = 0
        self.tear: Tear | None = None

    def reach(self, *names: str) -> None:
        """Counts an interesting state, so that a run can show that it came there."""
        for name in names:
            event(name)
            type(self).reached[name] += 1

    # ---------------------------------------------------------------- sessions

    def select(self) -> None:
        """SELECT, on both; also proves which keys are in force."""
        assert self.talk.select()[:14] == self.model.select()
        assert self.talk.newest == len(self.model.receipts)

    def ready(self) -> None:
        """A live challenge, whatever was before."""
        if self.talk.challenge is None:
            self.select()

    def reset(self) -> None:
        """Power or reset: what was in RAM is gone."""
        self.talk.reset()
        self.model.pin.given = False

    def channel(self, kvn: int, level: int = 0x33) -> Scp03Host:
        """An SCP03 session; ends that of the terminal."""
        self.select()
        host = Scp03Host(self.talk.raw, self.model.serial)
        host.open(kvn, level)
        self.talk.challenge = None
        return host

    def follow_keys(self) -> None:
        """Terminals take the versions that SELECT names."""
        key = {bit: self.versions[self.model.version(bit)] for bit in (NEXT_DEBIT, NEXT_OVERRIDE, NEXT_UPDATE)}
        receipt = self.versions[self.model.version(NEXT_RECEIPT)].receipt
        self.talk.keys = wire.CardKeys(
            key[NEXT_DEBIT].debit, receipt, key[NEXT_UPDATE].update, key[NEXT_OVERRIDE].override
        )

    # ---------------------------------------------------------------- commands that change something

    def play(
        self,
        ins: int,
        effect: Effect,
        exchange: Callable[[], tuple[bytes, int]],
        between: Callable[[ReferenceCard, ReferenceCard], Iterable[ReferenceCard]] = lambda before, after: (),
    ) -> bool:
        """Do a command to card and model, torn if a tear was armed, and compare; whether it was answered.

        ``between``: what a torn card may be besides as before and as after the command.
        """
        before = self.model.copy()
        expected = effect(self.model)
        tear, self.tear = self.tear, None
        self._arm(tear)
        try:
            answer = exchange()
        except ConnectionLost:
            assert tear is not None, "the card has lost its power by itself"
            after, lost = self.model, tear.write == 0
            candidates = [after] if lost else [before, after, *between(before, after)]
            self.reach(f"{NAMES[ins]}: answer lost" if lost else f"{NAMES[ins]}: torn")
            self._find_out(ins, before, candidates)
            return False
        if tear is not None:
            self.subject.simulator.disarm(self.subject.simulated)
        assert answer == (expected.receipt or b"", expected.sw)
        self.reach(f"{NAMES[ins]} {expected.sw:04X}")
        self.follow_keys()
        return True

    def _arm(self, tear: Tear | None) -> None:
        simulator, card = self.subject.simulator, self.subject.simulated
        if tear is not None and tear.write == 0:
            simulator.lose_answer(card)
        elif tear is not None:
            simulator.arm_tear(card, *tear)

    def _find_out(self, ins: int, before: ReferenceCard, candidates: list[ReferenceCard]) -> None:
        """After power-up: which of the candidates the card is, by all that it shows. Exactly one outcome may be left.

        The digits of a PIN show themselves only where they are tried, so they are asked last, and only where it makes
        a difference.
        """
        self.talk.reset()
        select = self.talk.select()[:14]
        alive = [one for one in candidates if (one.select(), len(one.receipts)) == (select, self.talk.newest)]
        assert alive, "SELECT tells neither what was before nor what is after"
        status, log = self.talk.status(), self.whole_log()
        alive = [one for one in alive if (one.status(), self.log_of(one)) == (status, log)]
        assert alive, "neither as before nor as after"
        if len({one.holder for one in alive}) > 1:
            holder = self.channel(wire.ISSUER).send(wire.GET_DATA, 0x01, 0x02)[0]
            alive = [one for one in alive if one.holder == holder]
            assert alive, "the identity is neither the old nor the new one"
        if len({one.pin.block for one in alive}) > 1:
            assert before.pin.block is not None
            self.model = alive[0]
            self.select()
            sw = self.talk.verify(before.pin.block)
            alive = [one for one in alive if one.pin.verify(before.pin.block) == sw]
            assert alive, f"the PIN is neither the old nor the new one: {sw:04X}"
        self.model = alive[0]
        self.follow_keys()
        self.reset()
        if ins not in (wire.VERIFY, wire.CHANGE):
            happened = (self.model.status(), self.model.holder) != (before.status(), before.holder)
            self.reach(f"{NAMES[ins]} torn {'after' if happened else 'before'} its commit")

    def log_numbers(self) -> range:
        """Every receipt that the card may have, some that are gone, and one that is not made."""
        return range(max(self.talk.newest - LOG - 2, 0), self.talk.newest + 2)

    def whole_log(self) -> list[bytes | int]:
        """READ RECEIPT of all those numbers."""
        return [self.talk.read(number) for number in self.log_numbers()]

    def log_of(self, model: ReferenceCard) -> list[bytes | int]:
        """What the model's log says to the same."""
        return [model.read(number) for number in self.log_numbers()]

    # ---------------------------------------------------------------- after every step

    @invariant()
    def card_is_the_model(self) -> None:
        """What can be seen without ending the session: status, newest and oldest receipt, conserved money."""
        self.ready()
        status = self.talk.status()
        assert status == self.model.status()
        count = len(self.model.receipts)
        for number in {count, max(count - LOG + 1, 1), max(count - LOG, 0)}:
            assert self.talk.read(number) == self.model.read(number)
        self._money_is_conserved(wire.status(status))
        self._count_states()

    def _money_is_conserved(self, status: dict[str, int]) -> None:
        """Against all receipts that the card has given or logged, apart from the model's own sums."""
        loaded = spent = balance = 0
        for raw in self.model.receipts:
            receipt = wire.receipt(raw)
            if receipt["type"] == T_UPDATE:
                balance = min(balance + receipt["loaded"] - loaded, receipt["loaded"] - receipt["expired"])
                loaded = receipt["loaded"]
            else:
                change = {T_DEBIT: receipt["amount"], T_CANCEL: -receipt["amount"]}.get(receipt["type"], 0)
                spent += change
                balance -= change
            assert receipt["balance"] == balance == receipt["granted"] - spent, "not conserved"
        assert (status["balance"], status["granted"], status["loaded"]) == (balance, balance + spent, loaded)

    def _count_states(self) -> None:
        model = self.model
        states = {
            "PIN blocked": model.pin.block is not None and model.pin.tries == 0,
            "PIN due at once": model.pin.block is not None and model.free == 0 < model.balance,
            "floor below zero": model.floor < 0,
            "pin_above below what was spent": model.free < 0,
            "choice open": model.pin.open,
            "a key rotated": model.entitlement.keys != 0,
            "all keys rotated": model.entitlement.keys == 15,
            "full log": len(model.receipts) >= LOG,
            "log gone round": len(model.receipts) > LOG + 2,
            "expired": model.withdrawn > 0,
            "month turned": model.month > b"\x25\x01",
        }
        self.reach(*(name for name, there in states.items() if there), f"state {model.entitlement.state}")

    def teardown(self) -> None:
        """The whole log is the model's, and an auditor finds nothing wrong in the whole history."""
        try:
            self.select()
            assert self.whole_log() == self.log_of(self.model)
            self._auditor_finds_nothing()
        finally:
            self.talk.close()
            self.subject.live.discard()

    def _auditor_finds_nothing(self) -> None:
        verifier = ReceiptVerifier(PROVIDER)
        lines = [Line(number, Receipt(raw)) for number, raw in enumerate(self.model.receipts, start=1)]
        report = verifier.verify_lines(lines, {self.model.serial: Tip(len(lines), self.model.last_mac)})
        assert report.clean, report.findings
        sums = {
            kind: sum(wire.receipt(one)["amount"] for one in self.model.receipts if one[TYPE] == kind)
            for kind in (T_DEBIT, T_CANCEL)
        }
        assert (report.debited, report.cancelled) == (sums[T_DEBIT], sums[T_CANCEL])
