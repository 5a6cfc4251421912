# SPDX-License-Identifier: Apache-2.0
"""What terminals and companions do: DEBIT, CANCEL, OVERRIDE, at and around every limit."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis.stateful import precondition, rule
from tests.card.machine.base import CardMachine, Sent, Tear
from tests.card.machine.choices import BEYOND, DAYS, MONTHS, TOP, WRONG_MOMENTS, amounts, moments, near, short_tears
from tests.model import wire
from tests.model.reference_card import Outcome, ReferenceCard
from tests.model.wire import MAC, T_DEBIT, TYPE

CHANGES = (None, None, None, None, "amount", "categories", "terminal", "mac", "month")


def _effect(card: ReferenceCard, ins: int, body: bytes) -> Outcome:
    return {wire.DEBIT: card.debit, wire.CANCEL: card.cancel, wire.OVERRIDE: card.override}[ins](body)


class Movements(CardMachine):
    """Everything that makes a receipt without the bank."""

    def move(self, ins: int, body: bytes) -> None:
        """One movement, good for once; its number afterwards tells what became of it."""
        self.ready()
        apdu, number = self.talk.signed(ins, body), self.talk.newest + 1
        self.sent.append(Sent(apdu))
        if self.play(ins, lambda card: _effect(card, ins, body), lambda: self.talk.send_movement(apdu)):
            assert self.talk.raw(apdu) == (b"", 0x6985), "the challenge lives on"
        self.ready()
        assert self.talk.read(number) == self.model.read(number)

    def body(self, amount: int, when: str, repeat: bool = False, **fields: int | bytes) -> bytes:
        """36 bytes with the next transaction number, or the last one again: it is the terminal's own matter."""
        self.txn += not repeat
        return wire.movement(max(amount, 0), when=when, txn=self.txn, **fields)  # type: ignore[arg-type]

    def room(self, month: bytes) -> int:
        """What one debit may take now."""
        rest = self.model.month_limit(month) - self.model.spent_in(month)
        return min(self.model.balance, self.model.entitlement.debit_max, rest)

    @rule(
        amount=st.one_of(amounts, st.sampled_from(BEYOND)), when=st.one_of(moments, st.sampled_from(WRONG_MOMENTS)),
        categories=st.sampled_from((1, 0x7F, 2, 0, 0x80, 0xFFFF)), repeat=st.booleans(),
    )  # fmt: skip
    def any_debit(self, amount: int, when: str, categories: int, repeat: bool) -> None:
        self.move(wire.DEBIT, self.body(amount, when, repeat, categories=categories))

    @rule(
        what=st.sampled_from(("balance", "debit_max", "month", "without PIN", "without PIN")),
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
            "without PIN": self.model.free,
        }[what]
        self.move(wire.DEBIT, self.body(min(limit + delta, 0xFFFF_FFFF), when, terminal=terminal))

    @rule(count=st.integers(1, 15), divisor=st.integers(2, 12), digest=st.binary(min_size=16, max_size=16), later=near)
    def possible_debits(self, count: int, divisor: int, digest: bytes, later: int) -> None:
        """Some that the rules allow, if any are: so that histories get long and the log goes round."""
        for _ in range(count):
            self.possible_debit(divisor, digest, later)

    def possible_debit(self, divisor: int, digest: bytes, later: int, repeat: bool = False) -> None:
        """One of them; ``repeat``: under the transaction number of the last one."""
        month = max(self.model.month, bytes.fromhex(MONTHS[later + 1]))
        self.move(
            wire.DEBIT, self.body(max(self.room(month) // divisor, 1), month.hex() + DAYS[1], repeat, rest=digest)
        )

    @rule(tear=short_tears, ins=st.sampled_from(wire.MOVEMENTS))
    def torn_movement(self, tear: Tear, ins: int) -> None:
        """One that the rules allow, if any, with power going in it or right behind it."""
        if ins == wire.CANCEL:
            self.possible_debit(2, bytes(16), 0)
        self.tear = tear
        if ins == wire.DEBIT:
            self.possible_debit(3, bytes(16), 0)
        elif ins == wire.CANCEL:
            self._cancel(self.model.receipts[-1], None)
        else:
            self.move(wire.OVERRIDE, self.body(1000, max(self.model.month.hex(), MONTHS[0]) + DAYS[1]))

    @rule(divisor=st.integers(1, 3), change=st.sampled_from(CHANGES))
    def debit_and_cancel(self, divisor: int, change: str | None) -> None:
        self.possible_debit(divisor, bytes(16), 0)
        self._cancel(self.model.receipts[-1], change)

    @rule(divisor=st.integers(2, 3))
    def debit_twice_under_one_number(self, divisor: int) -> None:
        self.possible_debit(divisor, bytes(16), 0)
        self.possible_debit(divisor, bytes(16), 0, repeat=True)

    @precondition(lambda self: self.model.receipts)
    @rule(change=st.sampled_from(CHANGES))
    def cancel(self, change: str | None) -> None:
        self._cancel(self.model.receipts[-1], change)

    @rule(data=st.data())
    def cancel_by_an_old_receipt(self, data: st.DataObject) -> None:
        debits = [receipt for receipt in self.model.receipts if receipt[TYPE] == T_DEBIT]
        if debits:
            self._cancel(data.draw(st.sampled_from(debits)), None)

    def _cancel(self, debit: bytes, change: str | None) -> None:
        """Of the movement of a receipt, with one field changed."""
        self.txn += 1
        fields = {
            "amount": wire.number(debit, 4) & TOP,
            "categories": wire.number(debit, 8, 2),
            "terminal": wire.number(debit, 16),
        }
        if change in fields:
            fields[change] ^= 1
        when = debit[10:16].hex()
        if change == "month":
            when = "7911" + when[4:]
        mac = debit[MAC:]
        mac = bytes((mac[0] ^ (change == "mac"),)) + mac[1:]
        self.move(wire.CANCEL, wire.movement(when=when, txn=self.txn, rest=mac, **fields))

    @rule(amount=amounts, when=moments)
    def override(self, amount: int, when: str) -> None:
        self.move(wire.OVERRIDE, self.body(amount, when, rest=b"PD-00001"))

    @rule(delta=near, part=st.integers(1, 2), when=moments)
    def override_at_the_limit(self, delta: int, part: int, when: str) -> None:
        month = bytes.fromhex(when[:4])
        used = self.model.extra if month == self.model.extra_month else 0
        left = self.model.entitlement.override_max - used
        self.move(wire.OVERRIDE, self.body(left // part + delta, when))

    @rule(back=st.integers(-3, 40), beyond=st.sampled_from((0, 0, 0, 1 << 8, 1 << 31)))
    def read_receipt(self, back: int, beyond: int) -> None:
        self.ready()
        number = max(len(self.model.receipts) - back, 0) + beyond
        assert self.talk.read(number) == self.model.read(number)

    @rule()
    def read_everything(self) -> None:
        self.ready()
        assert self.whole_log() == self.log_of(self.model)
