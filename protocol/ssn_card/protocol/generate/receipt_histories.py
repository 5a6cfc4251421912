# SPDX-License-Identifier: Apache-2.0
"""Histories that a card made, or, with a stolen RECEIPT key, might be said to have made; each with what is wrong in it.

The example card has no rules, so it makes what a real one refuses. All of it adds up, but for the field that is named.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any, NamedTuple

from .. import commands
from ..values import KeySelection, LifeState
from . import sample
from .playing import Script
from .receipt_chains import Finding, case, changed, found, missing, relinked
from .sample import cancellation, entitlement, movement, overriding
from .scripts.journey import moment
from .scripts.personalizing import fresh, with_pin

_JANUARY, _FEBRUARY, _MARCH = (moment(f"2026-0{month}-07T10:15:30") for month in (1, 2, 3))
_IN_JANUARY = bytes.fromhex("2601")
_LOADED = 400_000


class _History:
    """A card with its first update: Rp400,000; ``changes`` of that entitlement."""

    def __init__(self, *, pin: bool = False, **changes: Any) -> None:
        self.script = Script("history", "", with_pin() if pin else fresh())
        self._last: sample.Values = {}
        self._do(commands.UPDATE, entitlement(1, _LOADED, moment("2026-01-05T09:00:00"), **changes))

    @property
    def receipts(self) -> list[bytes]:
        """All of them."""
        return list(self.script.card.chain)

    def _do(self, command: commands.Command, values: sample.Values, *, pin: bool = False) -> _History:
        self.script.select()
        if pin:
            self.script.verify("", sample.PIN)
        self.script.ask("", command, values)
        self._last = values
        return self

    def debit(self, amount: int, when: dt.datetime = _JANUARY, *, pin: bool = False, **changes: Any) -> _History:
        return self._do(commands.DEBIT, movement(amount, when, self.script.txn(), **changes), pin=pin)

    def cancel(self) -> _History:
        """The debit just made is given back."""
        back = cancellation(self._last, self._last["timestamp"], self.script.txn(), self.script.card.last_mac)
        return self._do(commands.CANCEL, back)

    def override(self, amount: int, when: dt.datetime = _JANUARY) -> _History:
        return self._do(commands.OVERRIDE, overriding(amount, when, self.script.txn()))

    def update(self, **changes: Any) -> _History:
        """The next update: all that holds, but for the changes."""
        held = self.script.card.entitlement
        return self._do(commands.UPDATE, held | {"update_seq": held["update_seq"] + 1} | changes)

    def chosen(self) -> _History:
        """The holder chooses a PIN, which no receipt tells."""
        self.script.card.set_pin(sample.PIN)
        return self

    def case(self, name: str, problem: str = "", field: str = "") -> dict[str, Any]:
        """The whole history; what is found is laid to its newest receipt."""
        chain = self.receipts
        return case(name, chain, *([found(problem, len(chain), field)] if problem else []))

    def altered(self, name: str, field: str, value: bytes | int) -> dict[str, Any]:
        """The history, its newest receipt with another value in one field, which does not follow."""
        *chain, newest = self.receipts
        return case(name, [*chain, changed(newest, field, value)], found("wrong_arithmetic", len(chain) + 1, field))


class _Total(NamedTuple):
    """What no update makes smaller: field, its value in an update, and in the next."""

    field: str
    before: int
    after: int


def _floors() -> Iterator[dict[str, Any]]:
    """Rp50,000 may be spent without the PIN: the floor begins at 350,000."""

    def card() -> _History:
        return _History(pin=True, pin_above=50_000, monthly_limit=_LOADED)

    def two() -> _History:
        return card().debit(30_000).debit(20_000).cancel()

    yield two().debit(20_000).case("two debits without the PIN, one cancelled: as much again")
    yield (
        two().debit(20_001).case("the same, and one rupiah more: the floor stays, being higher", "refused", "pin_state")
    )

    def given() -> _History:
        return card().debit(100_000, pin=True).cancel()

    yield given().debit(50_000).case("a debit with the PIN, cancelled: pin_above may be spent")
    yield given().debit(50_001).case("the same, and one rupiah more: the floor rose again", "refused", "pin_state")
    yield (
        card()
        .debit(100_000, pin=True)
        .debit(50_001)
        .case("behind a debit with the PIN, one rupiah above pin_above", "refused", "pin_state")
    )


def _limits() -> Iterator[dict[str, Any]]:
    raised = "above override_max, in sum"
    yield _History().override(30_000).override(20_000).case("raised up to override_max, in two steps")
    yield _History().override(30_000).override(20_001).case(raised, "refused", "amount")
    again = _History().override(50_000).override(50_000, _FEBRUARY)
    yield again.override(50_000).case("another month begins anew, and the first one again")
    forgotten = _History().override(50_000).override(1, _FEBRUARY).debit(100_000)
    yield forgotten.debit(100_001).case("the month raised before is forgotten", "refused", "month_spent_after")
    early = _History().debit(1_000, _FEBRUARY).debit(1_000)
    yield early.case("a debit before the predecessor's month", "refused", "timestamp")


def _updates() -> Iterator[dict[str, Any]]:
    wrong = "wrong_arithmetic"
    totals = (
        _Total("loaded_total", _LOADED + 10_000, _LOADED),
        _Total("expired_total", 10_000, 9_999),
        _Total("pin_count", 2, 1),
        _Total("mend_count", 2, 1),
        _Total("key_selection", int(KeySelection.DEBIT | KeySelection.OVERRIDE), int(KeySelection.DEBIT)),
        _Total("state", int(LifeState.TERMINATED), int(LifeState.ACTIVE)),
    )
    for total in totals:
        history = _History().debit(10_000).update(mended_to=_IN_JANUARY, **{total.field: total.before})
        history.update(**{total.field: total.after})
        name = f"an update: {total.field} from {total.before} to {total.after}"
        yield history.case(name, wrong, total.field)
        chain = history.update(**{total.field: total.after}).receipts
        yield case(
            f"{name}, one between them missing",
            [*chain[:3], chain[4]],
            missing(chain, 4, 4),
            found(wrong, 5, total.field),
        )
    mended = _History().debit(1_000, _FEBRUARY).update(mend_count=1, mended_to=_IN_JANUARY)
    yield mended.debit(1_000).case("mended, and sold in the month before")
    mending = _History().debit(1_000, _FEBRUARY).update()
    yield mending.altered("an update: an earlier month, without a mend_count", "month", _IN_JANUARY)
    never = _History().debit(1_000, _FEBRUARY).update(mend_count=1, mended_to=bytes.fromhex("2602"))
    yield never.altered("an update: mended to no month", "month", bytes(2))
    forward = _History().debit(1_000, _FEBRUARY).update(mend_count=1, mended_to=bytes.fromhex("2602"))
    yield forward.altered("an update: mended forward", "month", bytes.fromhex("2603"))


def _pins() -> Iterator[dict[str, Any]]:
    lost = _History(pin=True).debit(1_000).debit(1_000)
    yield lost.altered("a PIN that was there is gone", "pin_state", 2)
    choice = _History().debit(1_000).update(pin_count=1)
    yield choice.update(debit_max=140_000).chosen().debit(1_000).case("a choice, with another update between")
    none = _History().debit(1_000).update().chosen().debit(1_000)
    yield none.case("a PIN behind an update that opens no choice", "wrong_arithmetic", "pin_state")
    late = _History().debit(1_000).update(pin_count=1).debit(1_000).update().chosen().debit(1_000)
    yield late.case("a PIN after a movement has closed the choice", "wrong_arithmetic", "pin_state")


def _behind_gaps() -> Iterator[dict[str, Any]]:
    wrong = "wrong_arithmetic"
    chain = _History().update().debit(1_000).debit(1_000).receipts
    lower = [*chain[:3], changed(chain[3], "update_seq", 1)]
    yield case(
        "behind a gap: an update_seq lower than before it",
        [lower[0], lower[1], lower[3]],
        missing(lower, 3, 3),
        found(wrong, 4, "update_seq"),
    )
    chain = _History().debit(1_000, _FEBRUARY).debit(1_000, _FEBRUARY).debit(1_000).receipts
    yield case(
        "behind a gap: a month earlier than before it, under the same update",
        [*chain[:2], chain[3]],
        missing(chain, 3, 3),
        found(wrong, 4, "month"),
    )
    chain = _History().debit(1_000).debit(2_000).debit(3_000, _FEBRUARY).debit(4_000, _FEBRUARY).receipts
    yield case("behind a gap: a later month", [*chain[:2], chain[4]], missing(chain, 3, 4))
    much = [*chain[:4], changed(chain[4], "month_spent_after", 10_001)]
    yield case(
        "behind a gap: more spent in a later month than since the gap began, and the debit before it",
        [*much[:2], much[4]],
        missing(much, 3, 4),
        found(wrong, 5, "month_spent_after"),
    )
    chain = _History().update(debit_max=140_000).debit(150_000).receipts
    yield case(
        "behind a gap: the update in force is in it, and accuses nobody", [chain[0], chain[2]], missing(chain, 2, 2)
    )


def _forks() -> Iterator[dict[str, Any]]:
    two: Finding = found("broken_chain", 2, "seq")
    one = _History().debit(1_000).debit(2_000).debit(3_000).receipts
    other = _History().debit(1_500).debit(2_500).debit(3_500).receipts
    more = [found("broken_chain", seq, "seq") for seq in (3, 4)]
    yield case("a copied card: both go on", one + other[1:], two, *more)
    yield case("a copied card: the second one goes on alone", one[:2] + other[1:], two)
    yield case("a copied card: the first one goes on alone", one + other[1:2], two)
    gap = missing([*one[:3], one[3]], 3, 3)
    yield case(
        "a copied card, and a gap behind: computed from the first as handed in", [*one[:2], other[1], one[3]], two, gap
    )
    stranger = relinked(one)[:2] + relinked(other)[2:3]
    yield case("a receipt of the copy, without that before it", stranger, found("broken_chain", 3, "previous_mac"))


def cases() -> list[dict[str, Any]]:
    """For ``receipts.json``."""
    return [*_floors(), *_limits(), *_updates(), *_pins(), *_behind_gaps(), *_forks()]
