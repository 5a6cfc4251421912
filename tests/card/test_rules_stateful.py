# SPDX-License-Identifier: Apache-2.0
"""The applet and the reference card side by side, through whatever Hypothesis thinks of."""

from __future__ import annotations

from collections.abc import Callable

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from tests.card.live_card import LiveCard, Talk
from tests.model import wire
from tests.model.reference_card import LOG, Outcome, ReferenceCard

from ssn_card.keys import development_keyring
from ssn_card.receipts import Line, Receipt, ReceiptVerifier, Tip

PROVIDER = development_keyring()
TOP = (1 << 31) - 1

#: Where a 32-bit sum in two shorts may go wrong: at the ends, at multiples of 2^16, at 2^15 within the low short.
EDGES = (0, 1, 2, 0x7FFF, 0x8000, 0x8001, 0xFFFF, 0x10000, 0x10001, 0x17FFF, 0x18000, 0x1FFFF, 0x20000, TOP - 1, TOP)
BEYOND = (TOP + 1, TOP + 2, 0xFFFF_0000, 0xFFFF_FFFF)
amounts = st.one_of(
    st.sampled_from(EDGES),
    st.builds(lambda k, d: k * 0x10000 + d, st.integers(1, 40), st.integers(-2, 2)),
    st.integers(0, 2_000_000),
)
limits = st.one_of(st.sampled_from(EDGES), st.sampled_from((TOP, TOP, 1_000_000, 1 << 30)), st.integers(0, 0x40000))
near = st.sampled_from((-1, 0, 1))
#: MMDDhhmmss parts that are possible, and some that are not.
MONTHS = ("2501", "2502", "2503", "2512", "2601", "7912")
DAYS = ("01000000", "15101530", "28235959")
WRONG_MOMENTS = (
    "250230100000", "251301100000", "250001100000", "250100100000", "250132100000", "250431100000",
    "250101240000", "250101106000", "250101100060", "25010110005A", "25010A100000", "2A0101100000", "800101100000",
    "250101A00000", "25011A100000", "2501010A0000", "251A01100000", "FFFFFFFFFFFF", "000000000000",
)  # fmt: skip
moments = st.builds(lambda month, rest: month + rest, st.sampled_from(MONTHS[:4]), st.sampled_from(DAYS))
dates = st.sampled_from(("791231", "260115", "251231", "250215", "250228", "250301"))


class Cards(RuleBasedStateMachine):
    """One card, its model, and everything said so far."""

    new_card: Callable[[], LiveCard]
    updates = Bundle("updates")

    def __init__(self) -> None:
        super().__init__()
        card = type(self).new_card()
        self.talk = Talk(card)
        self.model = ReferenceCard(card.serial, self.talk.keys.receipt)
        self.sent: list[bytes] = []
        self.txn = 0
        self.loaded = self.debited = self.cancelled = self.forfeited = 0

    # ---------------------------------------------------------------- updates

    def _deliver(self, body: bytes) -> None:
        if self.talk.challenge is None:
            self.talk.select()
        command = self.talk.update_command(body)
        before = self.model.balance
        expected = self.model.update(body, command[-9:-1])
        self._count_update(expected, before)
        self.sent.append(command)
        assert self.talk.send(command) == (expected.receipt or b"", expected.sw)

    def _count_update(self, outcome: Outcome, before: int) -> None:
        if outcome.sw == wire.OK and outcome.receipt == self.model.receipts[-1]:
            loaded = self.model.entitlement.loaded
            if self.model.entitlement.flags & 1:
                self.forfeited += before + loaded - self.loaded
            self.loaded = loaded

    @rule(
        target=updates, load=amounts, limit=limits, debit_max=limits, override_max=limits, until=dates,
        categories=st.sampled_from((0x7F, 0x7F, 0x03, 0xFFFF)), issued=moments, skipped=st.sampled_from((0, 0, 9)),
        state=st.sampled_from((2,) * 10 + (1, 3)), flags=st.sampled_from((0,) * 6 + (1, 2)),
        pin_above=st.sampled_from((TOP,) * 5 + (0, 100_000)),
    )  # fmt: skip
    def fresh_update(
        self, load: int, limit: int, debit_max: int, override_max: int, until: str, categories: int, issued: str,
        skipped: int, state: int, flags: int, pin_above: int,
    ) -> bytes:  # fmt: skip
        old = self.model.entitlement
        body = wire.entitlement(
            old.seq + 1 + skipped,
            min(old.loaded + load, TOP),
            limit=limit,
            override_max=min(override_max, TOP - limit),
            debit_max=debit_max,
            pin_above=pin_above,
            categories=categories,
            until=until,
            state=state,
            flags=flags,
            issued=issued,
        )
        self._deliver(body)
        return body

    @initialize(target=updates, load=amounts)
    def activation(self, load: int) -> bytes:
        return self._generous_update(load + 1_000_000)

    @rule(target=updates, load=amounts)
    def generous_update(self, load: int) -> bytes:
        return self._generous_update(load)

    def _generous_update(self, load: int) -> bytes:
        """Wide limits, so that long runs of movements become likely."""
        old = self.model.entitlement
        loaded = min(old.loaded + load, TOP)
        body = wire.entitlement(
            old.seq + 1, loaded, limit=TOP >> 1, override_max=TOP >> 1, debit_max=TOP, until="791231"
        )
        self._deliver(body)
        return body

    @precondition(lambda self: len(self.model.receipts) > 45)
    @rule(target=updates, flags=st.integers(0, 1))
    def termination(self, flags: int) -> bytes:
        old = self.model.entitlement
        body = wire.entitlement(old.seq + 1, old.loaded, state=4, flags=flags)
        self._deliver(body)
        return body

    @rule(body=updates)
    def same_or_stale_update(self, body: bytes) -> None:
        self._deliver(body)

    @rule(body=updates, at=st.integers(4, 42), bit=st.integers(0, 7))
    def conflicting_update(self, body: bytes, at: int, bit: int) -> None:
        self._deliver(body[:at] + bytes((body[at] ^ 1 << bit,)) + body[at + 1 :])

    @rule(
        field=st.sampled_from(((0, 4), (4, 4), (8, 4), (12, 4), (16, 4), (25, 1), (26, 1))),
        value=st.one_of(st.sampled_from((*EDGES, *BEYOND)), st.integers(0, 255)),
    )
    def odd_update(self, field: tuple[int, int], value: int) -> None:
        """One field of a good update replaced: too large, shrinking, no such state or flag, or good by chance."""
        at, size = field
        old = self.model.entitlement
        good = wire.entitlement(old.seq + 1, old.loaded)
        self._deliver(good[:at] + (value & ((1 << 8 * size) - 1)).to_bytes(size, "big") + good[at + size :])

    @rule(moment=st.sampled_from(WRONG_MOMENTS), which=st.booleans())
    def impossible_update(self, moment: str, which: bool) -> None:
        old = self.model.entitlement
        changes = {"issued": moment} if which else {"until": moment[:6]}
        self._deliver(wire.entitlement(old.seq + 1, old.loaded, **changes))  # type: ignore[arg-type]

    # ---------------------------------------------------------------- movements

    def _move(self, ins: int, body: bytes) -> None:
        expected = {wire.DEBIT: self.model.debit, wire.CANCEL: self.model.cancel, wire.OVERRIDE: self.model.override}[
            ins
        ](body)
        if expected.sw == wire.OK:
            self.debited += wire.number(body, 0) if ins == wire.DEBIT else 0
            self.cancelled += wire.number(body, 0) if ins == wire.CANCEL else 0
        self.sent.append(self.talk.signed(ins, body))
        assert self.talk.move(ins, body) == (expected.receipt or b"", expected.sw)

    def _body(self, amount: int, when: str, repeat: bool = False, **fields: int | bytes) -> bytes:
        self.txn += not repeat
        return wire.movement(max(amount, 0), when=when, txn=self.txn, **fields)  # type: ignore[arg-type]

    @rule(
        amount=st.one_of(amounts, st.sampled_from(BEYOND)), when=st.one_of(moments, st.sampled_from(WRONG_MOMENTS)),
        categories=st.sampled_from((1, 0x7F, 2, 0, 0x80, 0xFFFF)), repeat=st.booleans(),
    )  # fmt: skip
    def any_debit(self, amount: int, when: str, categories: int, repeat: bool) -> None:
        self._move(wire.DEBIT, self._body(amount, when, repeat, categories=categories))

    @rule(
        what=st.sampled_from(("balance", "debit_max", "month")),
        delta=near,
        when=moments,
        terminal=st.sampled_from((7, 8)),
    )
    def debit_at_the_limit(self, what: str, delta: int, when: str, terminal: int) -> None:
        month = bytes.fromhex(when[:4])
        limit = {
            "balance": self.model.balance,
            "debit_max": self.model.entitlement.debit_max,
            "month": self.model.month_limit(month) - self.model.spent_in(month),
        }[what]
        self._move(wire.DEBIT, self._body(min(limit + delta, 0xFFFF_FFFF), when, terminal=terminal))

    @rule(count=st.integers(1, 9), divisor=st.integers(2, 12), digest=st.binary(min_size=8, max_size=8), later=near)
    def possible_debits(self, count: int, divisor: int, digest: bytes, later: int) -> None:
        """Some that the rules allow, if any are: so that histories get long and the log goes round."""
        for _ in range(count):
            self._possible_debit(divisor, digest, later)

    def _possible_debit(self, divisor: int, digest: bytes, later: int) -> None:
        month = max(self.model.month, bytes.fromhex(MONTHS[later + 1]))
        room = min(
            self.model.balance,
            self.model.entitlement.debit_max,
            self.model.month_limit(month) - self.model.spent_in(month),
        )
        self._move(wire.DEBIT, self._body(max(room // divisor, 1), month.hex() + DAYS[1], rest=digest))

    @rule(divisor=st.integers(1, 3))
    def debit_and_cancel(self, divisor: int) -> None:
        self._possible_debit(divisor, bytes(8), 0)
        self._cancel(None)

    @precondition(lambda self: self.model.receipts)
    @rule(change=st.sampled_from((None, None, None, None, "amount", "categories", "terminal", "mac", "month", "txn")))
    def cancel(self, change: str | None) -> None:
        self._cancel(change)

    def _cancel(self, change: str | None) -> None:
        last = self.model.receipts[-1]
        self.txn += change != "txn"
        fields = {
            "amount": wire.number(last, 0) & TOP,
            "categories": wire.number(last, 4, 2),
            "terminal": wire.number(last, 12),
        }
        if change in fields:
            fields[change] ^= 1
        when = last[6:12].hex()
        if change == "month":
            when = "7911" + when[4:]
        mac = self.model.last_mac
        mac = bytes((mac[0] ^ (change == "mac"),)) + mac[1:]
        self._move(wire.CANCEL, wire.movement(when=when, txn=self.txn, rest=mac, **fields))

    @rule(amount=amounts, when=moments)
    def override(self, amount: int, when: str) -> None:
        self._move(wire.OVERRIDE, self._body(amount, when, rest=b"PD-00001"))

    @rule(delta=near, part=st.integers(1, 2), when=moments)
    def override_at_the_limit(self, delta: int, part: int, when: str) -> None:
        month = bytes.fromhex(when[:4])
        used = self.model.extra if month == self.model.extra_month else 0
        room = self.model.entitlement.override_max - used
        self._move(wire.OVERRIDE, self._body(room // part + delta, when))

    # ---------------------------------------------------------------- queries

    @rule(age=st.integers(0, 255))
    def read_log(self, age: int) -> None:
        assert self.talk.log(age) == self.model.log(age)

    @rule(back=st.integers(0, 40), terminal=st.sampled_from((7, 8)))
    def recover(self, back: int, terminal: int) -> None:
        key = terminal.to_bytes(4, "big") + max(self.txn - back, 0).to_bytes(4, "big")
        assert self.talk.recover(*(wire.number(key, at) for at in (0, 4))) == self.model.recover(key)

    # ---------------------------------------------------------------- what must change nothing

    @precondition(lambda self: self.sent)
    @rule(back=st.integers(0, 20), select=st.booleans())
    def replayed_command(self, back: int, select: bool) -> None:
        command = self.sent[-1 - back % len(self.sent)]
        if command[1] == wire.UPDATE:
            self._deliver(command[5:53])
            return
        if select:
            self.talk.select()
        _, sw = self.talk.raw(command)
        assert sw in (0x6985, 0x6988)
        self.talk.challenge = None

    @rule(bit=st.integers(0, 63), which=st.sampled_from(wire.MOVEMENTS), moment=moments)
    def wrong_mac(self, bit: int, which: int, moment: str) -> None:
        command = bytearray(self.talk.signed(which, wire.movement(1, when=moment, txn=self.txn + 1)))
        command[-9 + bit // 8] ^= 1 << bit % 8
        assert self.talk.raw(bytes(command)) == (b"", 0x6988)
        self.talk.challenge = None

    @rule(which=st.sampled_from((*wire.MOVEMENTS, wire.RECOVER, wire.STATUS, wire.UPDATE)), length=st.integers(0, 60))
    def wrong_length(self, which: int, length: int) -> None:
        size = {wire.STATUS: 12, wire.UPDATE: 48}.get(which, 28)
        body = bytes(length + (length == size))
        self.talk.challenge or self.talk.select()
        assert self.talk.raw(self.talk.signed(which, body)) == (b"", 0x6700)
        # Refused before the MAC was looked at: the challenge lives, as status() will show.

    @rule()
    def reset(self) -> None:
        self.talk.reset()

    @rule(which=st.sampled_from(wire.MOVEMENTS))
    def reset_in_the_middle(self, which: int) -> None:
        command = self.talk.signed(which, wire.movement(1, txn=self.txn + 1))
        self.talk.reset()
        assert self.talk.raw(command)[1] != wire.OK
        self.talk.select()
        assert self.talk.raw(command) == (b"", 0x6988)
        self.talk.challenge = None

    # ---------------------------------------------------------------- after every step

    @invariant()
    def status_is_the_models(self) -> None:
        status = self.talk.status()
        assert status == self.model.status()
        assert wire.number(status, 4) == self.loaded + self.cancelled - self.debited - self.forfeited, "not conserved"

    def teardown(self) -> None:
        """The whole log is the model's, and an auditor finds nothing wrong in the whole history."""
        try:
            log = [self.talk.log(age) for age in range(LOG)]
            assert log == [self.model.log(age) for age in range(LOG)]
            verifier = ReceiptVerifier(PROVIDER)
            lines = [Line(number, Receipt(raw)) for number, raw in enumerate(self.model.receipts, start=1)]
            serial = self.talk.card.serial
            report = verifier.verify_lines(lines, {serial: Tip(len(lines), self.model.last_mac)})
            assert report.clean, report.findings
            assert (report.debited, report.cancelled) == (self.debited, self.cancelled)
        finally:
            self.talk.close()
            self.talk.card.discard()


def _run(new_card: Callable[[], LiveCard], examples: int, steps: int) -> None:
    machine = type("Cards", (Cards,), {"new_card": staticmethod(new_card)})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


@pytest.mark.timeout(300)
def test_card_follows_the_model(new_card: Callable[[], LiveCard]) -> None:
    _run(new_card, examples=150, steps=50)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_card_follows_the_model_for_long(new_card: Callable[[], LiveCard]) -> None:
    _run(new_card, examples=1500, steps=80)
