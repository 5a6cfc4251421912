# SPDX-License-Identifier: Apache-2.0
"""What the holder does: the PIN, right, wrong, changed, and asked for by a debit."""

from __future__ import annotations

from collections.abc import Iterable

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from tests.card.machine.base import Tear
from tests.card.machine.choices import BAD_PINS, DAYS, MONTHS, PINS, WRONG_PIN, short_tears
from tests.card.machine.movements import Movements
from tests.card.machine.updates import Updates
from tests.model import wire
from tests.model.reference_card import ACTIVE, UNBLOCK_PIN, Outcome, ReferenceCard

some_pin = st.sampled_from(("right", "right", "right", "wrong", "wrong", *PINS, *BAD_PINS))


class Holder(Movements, Updates):
    """VERIFY and CHANGE REFERENCE DATA."""

    def _block(self, which: str | bytes) -> bytes:
        if isinstance(which, bytes):
            return which
        return WRONG_PIN if which == "wrong" else self.model.pin.block or PINS[0]

    def _say(self, block: bytes) -> None:
        self.ready()
        self.play(
            wire.VERIFY,
            lambda card: Outcome(card.pin.verify(block)),
            lambda: self.talk.raw(wire.verify(block)),
            _try_lost,
        )

    @rule(which=some_pin, tear=st.none() | short_tears)
    def verify(self, which: str | bytes, tear: Tear | None) -> None:
        self.tear = tear
        self._say(self._block(which))

    @rule(times=st.integers(1, 4))
    def guess(self, times: int) -> None:
        for _ in range(times):
            self._say(WRONG_PIN)

    @rule(times=st.integers(1, 3), back=st.none() | st.integers(0, 3))
    def guess_and_unblock(self, times: int, back: int | None) -> None:
        """By an update that may be torn around its commit: nobody gets more tries than the bank meant to give."""
        self.guess(times)
        self.tear = None if back is None else Tear(max(self.writes + 1 - back, 1))
        self.deliver(self.entitle(flags=UNBLOCK_PIN))
        self._say(WRONG_PIN)

    @rule(old=some_pin, new=st.sampled_from((*PINS, *PINS, *BAD_PINS)), tear=st.none() | short_tears)
    def change(self, old: str | bytes, new: bytes, tear: Tear | None) -> None:
        block = self._block(old)
        self.ready()
        self.tear = tear
        self.play(
            wire.CHANGE,
            lambda card: Outcome(card.pin.change(block, new)),
            lambda: self.talk.raw(wire.change(block, new)),
            lambda before, after: [*_try_lost(before, after), *_verified_only(before, block)],
        )

    @precondition(lambda self: self.model.entitlement.state == ACTIVE)
    @rule(which=st.sampled_from(("right", "right", "wrong")), forget=st.sampled_from(("", "", "select", "reset")))
    def debit_above_what_needs_no_pin(self, which: str, forget: str) -> None:
        """The PIN, perhaps forgotten, and a debit that wants it and that nothing else forbids."""
        self.deliver(self.entitle(load=1000, pin_above=100))
        self._say(self._block(which))
        if forget == "select":
            self.select()
        elif forget == "reset":
            self.reset()
        month = max(self.model.month, bytes.fromhex(MONTHS[0]))
        given = self.model.pin.verified
        self.move(wire.DEBIT, self.body(101, month.hex() + DAYS[2]))
        self.reach(f"debit after {'a right' if given else 'no'} PIN")


def _try_lost(before: ReferenceCard, after: ReferenceCard) -> Iterable[ReferenceCard]:
    """A try is counted before the comparison."""
    torn = before.copy()
    torn.pin.try_lost()
    yield torn


def _verified_only(before: ReferenceCard, block: bytes) -> Iterable[ReferenceCard]:
    """The old PIN was right, so the tries began anew; the new one was not taken yet."""
    torn = before.copy()
    torn.pin.verify(block)
    torn.pin.verified = False
    yield torn
