# SPDX-License-Identifier: Apache-2.0
"""What the holder does: the PIN, right, wrong, chosen, changed, over contacts and through the air, and without it."""

from __future__ import annotations

from collections.abc import Iterable

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from tests.card.machine.base import Sent, Tear
from tests.card.machine.choices import BAD_PINS, DAYS, MONTHS, PINS, WRONG_PIN, near, short_tears
from tests.card.machine.movements import Movements
from tests.card.machine.updates import Updates
from tests.model import wire
from tests.model.reference_card import Outcome, ReferenceCard
from tests.model.reference_entitlement import ACTIVE

from ssn_card.simulator import Medium

some_pin = st.sampled_from(("right", "right", "right", "wrong", "wrong", *PINS, *BAD_PINS))
new_pin = st.sampled_from((*PINS, *PINS, *BAD_PINS))
ABOVE = 100


class Holder(Movements, Updates):
    """VERIFY and CHANGE REFERENCE DATA."""

    def _block(self, which: str | bytes) -> bytes:
        if isinstance(which, bytes):
            return which
        return WRONG_PIN if which == "wrong" else self.model.pin.block or PINS[0]

    def _say(self, block: bytes, contacts: bool = True) -> None:
        self.ready()
        apdu = self.talk.pin_command(wire.VERIFY, block)
        self.sent.append(Sent(apdu))
        self.subject.simulator.set_medium(self.subject.simulated, Medium.CONTACT if contacts else Medium.TYPE_A)
        self.play(
            wire.VERIFY,
            lambda card: Outcome(card.pin.verify(block, contacts)),
            lambda: self.talk.send(apdu),
            _try_lost,
        )
        self.subject.simulator.set_medium(self.subject.simulated, Medium.CONTACT)

    def _choose(self, block: bytes) -> None:
        self.ready()
        apdu = self.talk.pin_command(wire.CHANGE, block)
        self.sent.append(Sent(apdu))
        self.play(wire.CHANGE, lambda card: Outcome(card.pin.change(block)), lambda: self.talk.send(apdu))

    @rule(which=some_pin, contacts=st.booleans(), tear=st.none() | short_tears)
    def verify(self, which: str | bytes, contacts: bool, tear: Tear | None) -> None:
        self.tear = tear
        self._say(self._block(which), contacts)

    @rule(times=st.integers(1, 4), contacts=st.booleans())
    def guess(self, times: int, contacts: bool) -> None:
        for _ in range(times):
            self._say(WRONG_PIN, contacts)

    @rule(new=new_pin, tear=st.none() | short_tears)
    def choose_or_change(self, new: bytes, tear: Tear | None) -> None:
        """Allowed or not, as it comes."""
        self.tear = tear
        self._choose(new)

    @rule(given=st.sampled_from(("right", "right", "wrong")), new=new_pin, tear=st.none() | short_tears)
    def change(self, given: str, new: bytes, tear: Tear | None) -> None:
        self._say(self._block(given))
        self.tear = tear
        self._choose(new)

    @rule(
        times=st.integers(0, 3), back=st.none() | st.integers(0, 3), new=new_pin,
        between=st.sampled_from(("", "", "update", "debit", "cancel", "select")),
    )  # fmt: skip
    def guess_and_be_given_a_choice(self, times: int, back: int | None, new: bytes, between: str) -> None:
        """By an update that may be torn around its commit: no update gives a guess, the choice does."""
        self.guess(times, contacts=True)
        self.tear = None if back is None else Tear(max(self.writes + 1 - back, 1))
        self.deliver(self.entitle(pin_steps=1))
        if between == "update":
            self.deliver(self.entitle(load=1))
        elif between == "select":
            self.select()
        elif between:
            self.possible_debit(2, bytes(16), 0)
        self._choose(new)
        self._say(self._block("right"))

    @precondition(lambda self: self.model.entitlement.state == ACTIVE)
    @rule(which=st.sampled_from(("right", "right", "wrong")), forget=st.sampled_from(("", "", "select", "reset")))
    def debit_above_what_needs_no_pin(self, which: str, forget: str) -> None:
        """The PIN, perhaps forgotten, and a debit that wants it and that nothing else forbids."""
        self.deliver(self.entitle(load=1000, pin_above=ABOVE))
        self._say(self._block(which))
        if forget == "select":
            self.select()
        elif forget == "reset":
            self.reset()
        given = self.model.pin.given
        self.move(wire.DEBIT, self.body(ABOVE + 1, self._month() + DAYS[2]))
        self.reach(f"debit after {'a right' if given else 'no'} PIN")

    @precondition(lambda self: self.model.entitlement.state == ACTIVE)
    @rule(parts=st.integers(1, 4), delta=near, cancelled=st.booleans())
    def slices(self, parts: int, delta: int, cancelled: bool) -> None:
        """In some debits just what may be spent without the PIN, or one rupiah beside it; perhaps one given back."""
        self.deliver(self.entitle(load=1000, pin_above=ABOVE))
        for part in range(parts):
            rest = max(self.model.free, 0)
            amount = rest + delta if part == parts - 1 else rest // 2
            self.move(wire.DEBIT, self.body(amount, self._month() + DAYS[2]))
        if cancelled:
            self._cancel(self.model.receipts[-1], None)

    def _month(self) -> str:
        return max(self.model.month, bytes.fromhex(MONTHS[0])).hex()


def _try_lost(before: ReferenceCard, after: ReferenceCard) -> Iterable[ReferenceCard]:
    """A try is counted before the comparison."""
    torn = before.copy()
    torn.pin.try_lost()
    yield torn
