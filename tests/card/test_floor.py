# SPDX-License-Identifier: Apache-2.0
"""The balance below which the PIN is due: signed, moved by every update, set by the PIN, raised by a cancellation."""

from __future__ import annotations

import pytest
from tests.card.live_card import Talk
from tests.card.test_boundaries import EDGES, TOP, debit, wide
from tests.model import wire
from tests.model.wire import MAC, movement

PIN = wire.pin_block("482917")


@pytest.mark.parametrize("above", EDGES)
@pytest.mark.parametrize("first", [1, 0x7FFF, 0x8000, 0xFFFF, 0x10000])
def test_so_much_is_spent_without_the_pin_in_sum(pin_talk: Talk, above: int, first: int) -> None:
    """In two debits, whatever their sizes; then none, not even of one rupiah."""
    first = min(first, above)
    pin_talk.load(wide(1, TOP, pin_above=above))
    assert debit(pin_talk, above + 1, 1) == 0x9412
    assert debit(pin_talk, first, 2) == wire.OK
    assert debit(pin_talk, above - first + 1, 3) == 0x9412
    if first < above:
        assert debit(pin_talk, above - first, 4) == wire.OK
    told = pin_talk.told()
    assert told["balance"] == told["pin_floor"] == TOP - above
    pin_talk.challenge = None
    assert debit(pin_talk, 1, 5) == (0x9412 if above < TOP else 0x9402)


@pytest.mark.parametrize("above", [0, *EDGES])
@pytest.mark.parametrize("amount", [1, 0xFFFF, 0x10000, 0x18001])
def test_after_the_pin_it_begins_anew(pin_talk: Talk, above: int, amount: int) -> None:
    pin_talk.load(wide(1, TOP, pin_above=above))
    assert pin_talk.verify(PIN) == wire.OK
    pin_talk.debit(amount, txn=1)
    told = pin_talk.told()
    assert told["pin_floor"] == TOP - amount - above
    assert (told["pin_floor"] < 0) == (above + amount > TOP)
    pin_talk.challenge = None
    rest = min(above, TOP - amount)
    assert debit(pin_talk, rest + 1, 2) == (0x9412 if rest + amount < TOP else 0x9402)
    if rest:
        assert debit(pin_talk, rest, 3) == wire.OK


@pytest.mark.parametrize(("before", "after"), [(0, TOP), (TOP, 0), (1, 0x10000), (0x10000, 0xFFFF), (0x8000, 0x7FFF)])
def test_an_update_moves_it_by_what_it_grants_and_by_pin_above(pin_talk: Talk, before: int, after: int) -> None:
    """What was spent without the PIN stays counted: an update is no PIN."""
    pin_talk.load(wide(1, 100_000, pin_above=before))
    assert pin_talk.told()["pin_floor"] == 100_000 - before
    spent = min(before, 1000)
    if spent:
        pin_talk.challenge = None
        pin_talk.debit(spent, txn=1)
    pin_talk.load(wide(2, 300_000, pin_above=after, expired=150_000))
    told = pin_talk.told()
    balance = min(300_000 - spent, 150_000)
    assert told["balance"] == balance
    assert told["pin_floor"] == balance - (after - spent)


def test_it_reaches_both_ends_of_its_range(pin_talk: Talk) -> None:
    pin_talk.load(wide(1, 0, pin_above=TOP))
    assert pin_talk.told()["pin_floor"] == -TOP
    pin_talk.load(wide(2, TOP, pin_above=0))
    assert pin_talk.told()["pin_floor"] == TOP
    pin_talk.challenge = None
    assert debit(pin_talk, 1, 1) == 0x9412


def test_a_cancellation_gives_back_what_was_counted(pin_talk: Talk) -> None:
    pin_talk.load(wide(1, 10_000, pin_above=1000))
    pin_talk.debit(400, txn=1)
    receipt = pin_talk.debit(600, txn=2)
    assert pin_talk.move(wire.CANCEL, movement(600, txn=3, rest=receipt[MAC:]))[1] == wire.OK
    told = pin_talk.told()
    assert (told["balance"], told["pin_floor"]) == (9600, 9000)


@pytest.mark.parametrize("balance", [1000, 0x10000, 0x8000_0000 - 1])
def test_and_never_more_than_pin_above(pin_talk: Talk, balance: int) -> None:
    """Of a debit with the PIN, given back, nothing was counted: the floor rises with the balance."""
    pin_talk.load(wide(1, balance, pin_above=300))
    assert pin_talk.verify(PIN) == wire.OK
    receipt = pin_talk.debit(balance, txn=1)
    assert pin_talk.told()["pin_floor"] == -300
    pin_talk.challenge = None
    assert pin_talk.move(wire.CANCEL, movement(balance, txn=2, rest=receipt[MAC:]))[1] == wire.OK
    assert pin_talk.told()["pin_floor"] == balance - 300


def test_a_card_without_a_pin_is_never_stopped(sim_talk: Talk) -> None:
    """Given one later, it asks for it at once where as much as pin_above has been spent by then."""
    sim_talk.load(wide(1, 10_000, pin_above=100))
    for txn in (1, 2, 3):
        assert wire.receipt(sim_talk.debit(1000, txn=txn))["pin"] == wire.NO_PIN
    assert sim_talk.told()["pin_floor"] == 10_000 - 100
    sim_talk.load(wide(2, 10_000, pin_above=100, pin_count=1))
    assert sim_talk.change(PIN) == wire.OK
    sim_talk.challenge = None
    assert debit(sim_talk, 1, 4) == 0x9412
    assert sim_talk.verify(PIN) == wire.OK
    assert wire.receipt(sim_talk.debit(1, txn=5))["pin"] == wire.GIVEN
    assert wire.receipt(sim_talk.debit(100, txn=6))["pin"] == wire.NOT_GIVEN
    assert debit(sim_talk, 1, 7) == 0x9412
