# SPDX-License-Identifier: Apache-2.0
"""What happens between terminal and card: tears, lost answers, resets, replays, wrong MACs and wrong forms."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from tests.card.machine.base import Sent, Tear
from tests.card.machine.choices import moments, tears
from tests.card.machine.updates import Updates
from tests.model import wire
from tests.model.reference_entitlement import NEXT_DEBIT, NEXT_OVERRIDE

OTHER_APPLET = bytes.fromhex("00A4040005F0FFFFFFFF00")
OPEN_CHANNEL = bytes.fromhex("0070000001")
CHANNEL_1 = 0x01


class TheLine(Updates):
    """None of it may change anything, but for a command that was torn after its commit."""

    @rule(tear=tears)
    def power_will_go(self, tear: Tear) -> None:
        self.tear = tear

    @rule()
    def power_goes(self) -> None:
        self.reset()

    @rule(which=st.sampled_from(wire.MOVEMENTS))
    def power_goes_before_a_command(self, which: int) -> None:
        self.ready()
        command = self.talk.signed(which, wire.movement(1, txn=self.txn + 1))
        self.reset()
        assert self.talk.raw(command)[1] != wire.OK
        self.select()
        assert self.talk.raw(command) == (b"", 0x6988)
        self.talk.challenge = None

    @rule(apdu=st.sampled_from((OTHER_APPLET, OPEN_CHANNEL)))
    def another_applet_or_channel(self, apdu: bytes) -> None:
        assert self.talk.raw(apdu)[1] != wire.OK
        self.talk.challenge = None

    @rule(ins=st.sampled_from((*wire.MOVEMENTS, *wire.QUERIES)))
    def command_on_another_channel(self, ins: int) -> None:
        """Whatever the card itself makes of a SELECT there."""
        self.ready()
        body = self.any_body(ins)
        command = self.talk.signed(ins, body)
        self.talk.raw(bytes((CHANNEL_1,)) + wire.SELECT[1:])
        assert self.talk.raw(bytes((command[0] | CHANNEL_1,)) + command[1:])[1] != wire.OK
        self.talk.challenge = None

    @precondition(lambda self: self.sent)
    @rule(back=st.integers(0, 40), select=st.booleans())
    def replay(self, back: int, select: bool) -> None:
        """A recorded command again: an update may come again, nothing else ever does anything."""
        old: Sent = self.sent[-1 - back % len(self.sent)]
        if old.version:
            self.deliver_signed(old)
            return
        if select:
            self.select()
        assert self.talk.raw(old.apdu)[1] in (0x6985, 0x6988)
        self.talk.challenge = None
        self.reach("replayed")

    @rule(which=st.sampled_from((*wire.MOVEMENTS, *wire.QUERIES)), when=moments)
    def under_a_key_not_in_force(self, which: int, when: str) -> None:
        """That of before a rotation, or of the one to come."""
        bit = NEXT_OVERRIDE if which == wire.OVERRIDE else NEXT_DEBIT
        other = self.versions[3 - self.model.version(bit)]
        self.ready()
        body = self.any_body(which, when)
        key = other.override if which == wire.OVERRIDE else other.debit
        assert self.talk.raw(self.talk.signed(which, body, key=key)) == (b"", 0x6988)
        self.talk.challenge = None
        self.reach(f"{'old' if self.model.version(bit) == 2 else 'next'} key refused")

    @rule(bit=st.integers(0, 63), which=st.sampled_from((*wire.MOVEMENTS, *wire.QUERIES)), moment=moments)
    def wrong_mac(self, bit: int, which: int, moment: str) -> None:
        self.ready()
        command = bytearray(self.talk.signed(which, self.any_body(which, moment)))
        command[-9 + bit // 8] ^= 1 << bit % 8
        assert self.talk.raw(bytes(command)) == (b"", 0x6988)
        self.talk.challenge = None

    @rule(bit=st.integers(0, 143), which=st.sampled_from((*wire.MOVEMENTS, *wire.QUERIES)), moment=moments)
    def quoted_falsely(self, bit: int, which: int, moment: str) -> None:
        """One bit of what SELECT said, or of the challenge, was changed on its way to the terminal."""
        self.select()
        said = bytearray(self.talk.quote + self.talk.live())
        said[bit // 8] ^= 1 << bit % 8
        self.talk.quote, self.talk.challenge = bytes(said[:10]), bytes(said[10:])
        assert self.talk.raw(self.talk.signed(which, self.any_body(which, moment))) == (b"", 0x6988)
        self.talk.challenge = None
        self.reach("quoted falsely")

    def any_body(self, ins: int, when: str = "250101000000") -> bytes:
        """A body of this command's form, of a movement that most cards would do; a PIN of zeros under no mask."""
        return wire.movement(1, when=when, txn=self.txn + 1) if ins in wire.MOVEMENTS else wire.query()

    @rule(which=st.sampled_from((*wire.MOVEMENTS, *wire.QUERIES, wire.UPDATE)), length=st.integers(0, 60))
    def wrong_length(self, which: int, length: int) -> None:
        size = (
            wire.ENTITLEMENT_SIZE if which == wire.UPDATE
            else wire.MOVEMENT_SIZE if which in wire.MOVEMENTS else wire.QUERY_SIZE
        )  # fmt: skip
        body = bytes(length + (length == size))
        self.ready()
        assert self.talk.raw(self.talk.signed(which, body)) == (b"", 0x6700)
        # Refused before the MAC was looked at: the challenge lives, as status() will show.
