# SPDX-License-Identifier: Apache-2.0
"""What the bank and Dinas Sosial do over SCP03: personalization, identity, and what is refused them."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis.stateful import initialize, rule
from tests.card.data_groups import LAST, MORE, blocks, group, groups
from tests.card.machine.base import Tear
from tests.card.machine.choices import PINS, amounts, short_tears, tears
from tests.card.machine.updates import Updates
from tests.card.scp03_host import HOST_CHALLENGE, Scp03Host
from tests.conftest import IDENTITY
from tests.model import wire
from tests.model.reference_card import Outcome, ReferenceCard

from ssn_card.transport import ConnectionLost

pins = st.sampled_from((*PINS, *PINS, None, None))
names = st.binary(min_size=1, max_size=40)


class Secure(Updates):
    """Whatever needs a secure channel."""

    @initialize(
        target=Updates.updates, load=amounts, pin=pins,
        attempts=st.lists(st.tuples(pins, st.integers(0, 5), st.none() | tears), max_size=2),
    )  # fmt: skip
    def personalize_and_activate(
        self, load: int, pin: bytes | None, attempts: list[tuple[bytes | None, int, Tear | None]]
    ) -> bytes:
        """Attempts that are given up or torn at some block, until one is whole; then the first update."""
        for number, (attempted, stop, tear) in enumerate([*attempts, (pin, 99, None)]):
            self._blank_card_does_nothing_else(untouched=number == 0)
            if self._personalize(attempted, stop, tear):
                self.reach("personalized at the first attempt" if number == 0 else "personalized after attempts")
                self.model.pin.block = attempted
                break
        return self.deliver(self.entitle(load=load + 1_000_000))

    def _blank_card_does_nothing_else(self, *, untouched: bool) -> None:
        told = self.talk.select()
        assert told[:10] == self.subject.live.serial + b"\x01\x00"
        # A torn last block may leave key versions and the number's mask behind: of no use to anyone, and written again
        # by the next attempt.
        assert told[10:18] == bytes(8) or not untouched
        assert self.talk.raw(self.talk.signed(wire.DEBIT, wire.movement(1)))[1] == 0x6985
        assert self.talk.raw(self.talk.update_command(wire.entitlement(1, 1)))[1] == 0x6985
        assert self.talk.raw(bytes((0x80, 0x50, wire.ISSUER, 0, 8)) + HOST_CHALLENGE + b"\x00")[1] == 0x6A88
        assert self.talk.verify(PINS[0]) == 0x6985

    def _personalize(self, pin: bytes | None, stop: int, tear: Tear | None) -> bool:
        """Store blocks up to ``stop``, which is torn or left out; whether the card is somebody's now."""
        self.talk.select()
        host = Scp03Host(self.talk.raw, self.subject.live.serial)
        host.open(wire.TRANSPORT, 0x33)
        packed = blocks(groups(self.subject.live.serial, pin))
        last = len(packed) - 1
        for number, block in enumerate(packed):
            if number == stop and tear is None:
                return False
            try:
                if number == stop:
                    self._arm(tear)
                sw = host.send(wire.STORE_DATA, LAST if number == last else MORE, number, block)[1]
            except ConnectionLost:
                self.talk.reset()
                complete = self.talk.select()[9] == 1
                assert not complete or number == last, "somebody's before the last block"
                self.reach(f"personalization torn {'after' if complete else 'before'} its commit")
                return complete
            self.subject.simulator.disarm(self.subject.simulated)
            assert sw == wire.OK
        return True

    @rule(kvn=st.sampled_from((wire.ISSUER, wire.REGISTRY, 0)), level=st.sampled_from((0x33, 0x33, 0x03, 0x13)))
    def read_identity(self, kvn: int, level: int) -> None:
        answer = self.channel(kvn, level).send(wire.GET_DATA, 0x01, 0x02)
        assert answer == ((self.model.holder, wire.OK) if level == 0x33 else (b"", 0x6982))
        self.reach(f"identity read by {kvn:02X} at level {level:02X}")

    @rule(
        name=names, kvn=st.sampled_from((wire.ISSUER,) * 4 + (wire.REGISTRY,)), p1=st.sampled_from((LAST, MORE)),
        tear=st.none() | short_tears,
    )  # fmt: skip
    def correct_identity(self, name: bytes, kvn: int, p1: int, tear: Tear | None) -> None:
        """In an ISSUER session, and with the last block only."""
        identity = IDENTITY[:21] + bytes((len(name),)) + name
        host = self.channel(kvn)

        def effect(card: ReferenceCard) -> Outcome:
            if kvn != wire.ISSUER:
                return Outcome(0x6985)
            return card.correct(identity) if p1 == LAST else Outcome(wire.OK)

        self.tear = tear
        self.play(wire.STORE_DATA, effect, lambda: host.send(wire.STORE_DATA, p1, 0, group(0x0102, identity)))
        if p1 == LAST:
            self.read_identity(wire.REGISTRY, 0x33)

    @rule(kvn=st.sampled_from((wire.ISSUER, wire.REGISTRY)), which=st.integers(0, 15))
    def second_personalization(self, kvn: int, which: int) -> None:
        self.select()
        self.talk.challenge = None
        transport = bytes((0x80, 0x50, wire.TRANSPORT, 0, 8)) + HOST_CHALLENGE + b"\x00"
        assert self.talk.raw(transport) == (b"", 0x6A88)
        block = [one for one in groups(self.model.serial, PINS[0]) if one[:2] != b"\x01\x02"][which]
        expected = 0x6A80 if kvn == wire.ISSUER else 0x6985
        assert self.channel(kvn).send(wire.STORE_DATA, LAST, 0, block) == (b"", expected)
