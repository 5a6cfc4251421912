# SPDX-License-Identifier: Apache-2.0
"""The PIN: VERIFY, CHANGE REFERENCE DATA, the floor under the balance, the choice that an update opens."""

from __future__ import annotations

from functools import cache
from typing import Any

from ... import commands, status
from ...commands import CHANGE_REFERENCE_DATA, VERIFY
from ...status import WrongPin
from ...values import NEVER
from .. import sample
from ..playing import CONTACTLESS, Script
from ..sample import Values, movement, overriding
from .journey import moment
from .movements import loaded
from .personalizing import fresh, with_pin

_DAY = moment("2026-01-07T10:15:30")
_NEW, _OTHER, _WRONG = "2580", "123456789012", "0000"


@cache
def active() -> Script:
    """A card with a PIN, and Rp50,000 that may be spent without it."""
    return loaded("active, with a PIN", with_pin(), pin_above=50_000)


@cache
def _without() -> Script:
    return loaded("active, without a PIN", fresh(), pin_above=50_000)


def _buy(script: Script, step: str, amount: int, refused: type[status.CardStatusError] | None = None) -> None:
    script.debit(step, movement(amount, _DAY, script.txn()), refused)


def _update(script: Script, step: str, **changes: Any) -> None:
    """The next update: all that holds, but for the changes."""
    values: Values = script.card.entitlement | {"update_seq": script.card.entitlement["update_seq"] + 1} | changes
    script.select()
    script.update(step, values)


def _tries() -> Script:
    script = Script("wrong PINs", "Three tries, malformed blocks, and the PIN blocked.", active())
    wrong = WrongPin
    script.select()
    script.verify("the right one", sample.PIN)
    script.select()
    script.verify("a wrong one", _WRONG, wrong(tries=2))
    script.status("the challenge is gone", status.ConditionsNotSatisfied)
    script.select()
    script.verify("another wrong one", _OTHER, wrong(tries=1))
    for name, digits in (
        ("format 1", "14471100FFFFFFFF"), ("3 digits", "23471FFFFFFFFFFF"), ("13 digits", "2D47110000000000"),
    ):  # fmt: skip
        script.select()
        script.verify(f"no PIN block: {name}; costs no try", "", status.WrongData, bytes.fromhex(digits))
    script.select()
    script.status("one try left")
    script.verify("the right one: all tries again, and the session goes on", sample.PIN)
    script.status("three tries left")
    for step, refused in (("first", wrong(tries=2)), ("second", wrong(tries=1)), ("third", status.PinBlocked)):
        script.select()
        script.verify(f"wrong, the {step} time", _WRONG, refused)
    script.select()
    script.verify("the right one, too late", sample.PIN, status.PinBlocked)
    script.select()
    block = bytes.fromhex("14471100FFFFFFFF")
    script.verify("a malformed block on a blocked PIN", "", status.PinBlocked, block)
    script.select()
    _buy(script, "what may be spent without the PIN still may: taken", 50_000)
    script.select()
    _buy(script, "one rupiah more", 1, status.PinRequired)
    return script


def _macs() -> Script:
    script = Script("tampered PINs", "The MAC is looked at before a try is taken.", active())
    for command in (VERIFY, CHANGE_REFERENCE_DATA):
        for name, at in (("the nonce", 5), ("the block", 5 + 12), ("the MAC", -2)):
            script.select()
            request = script.sign(command, script.masked(bytes.fromhex("244711FFFFFFFFFF")))
            spoilt = bytearray(request.apdu)
            spoilt[at] ^= 1
            script.send(f"{command.name}: {name} altered", request, status.WrongMac, bytes(spoilt))
    script.select()
    script.status("three tries left")
    replayed = script.sign(VERIFY, script.masked(bytes.fromhex("26471100FFFFFFFF")))
    script.send("the right PIN, behind a query", replayed)
    script.pin_given = True
    script.send("the same bytes again", replayed, status.WrongMac)
    script.event("reset")
    for ins in ("20", "24"):
        script.select()
        clear = bytes.fromhex(f"00{ins}008008244711FFFFFFFFFF")
        script.raw(f"00 {ins} in clear", clear, status.InstructionNotSupported)
    return script


def _contactless() -> Script:
    script = Script("contactless", "The last try is taken over contacts only.", active(), medium=CONTACTLESS)
    script.select()
    script.verify("the right one, contactless", sample.PIN)
    _buy(script, "a debit above the floor", 60_000)
    script.select()
    script.verify("a wrong one", _WRONG, WrongPin(tries=2))
    script.select()
    script.verify("another wrong one", _WRONG, WrongPin(tries=1))
    script.select()
    script.verify("the last try, wrong or right", sample.PIN, status.LastTryContacts)
    script.select()
    script.status("the try is still there")
    return script


def _contacts_again() -> Script:
    script = Script("contacts again", "The last try, over contacts.", _contactless()).select()
    script.verify("the right one", sample.PIN)
    script.status("three tries left")
    return script


@cache
def floor() -> Script:
    """A card with a PIN, given and not given."""
    script = Script("the floor", "pin_above is what may be spent in sum without the PIN.", active())
    for step, amount, refused in (
        ("first slice: taken", 30_000, None),
        ("second slice, to the rupiah: taken", 20_000, None),
        ("one rupiah more", 1, status.PinRequired),
    ):
        script.select()
        _buy(script, step, amount, refused)
    script.select()
    script.status("the floor is the balance")
    script.verify("the PIN", sample.PIN)
    _buy(script, "with it: the floor goes down", 10_000)
    script.select()
    _buy(script, "without it again: taken", 50_000)
    bought = script.exchanges[-1].request
    script.select()
    back = sample.cancellation(bought.values if bought else {}, _DAY, script.txn(), script.card.last_mac)
    script.ask("given back: the floor does not go down", commands.CANCEL, back)
    script.select()
    _buy(script, "and spent again: taken", 50_000)
    script.select()
    _buy(script, "one rupiah more", 1, status.PinRequired)
    _update(script, "a load: the floor rises with the balance", loaded_total=600_000)
    script.select()
    _buy(script, "still one rupiah too much", 1, status.PinRequired)
    _update(script, "pin_above is 20,000 more", pin_above=70_000)
    script.select()
    _buy(script, "which may be spent: taken", 20_000)
    script.select()
    _buy(script, "one rupiah more", 1, status.PinRequired)
    _update(script, "no PIN is ever needed", pin_above=NEVER)
    script.select()
    script.status("the floor is below zero")
    _buy(script, "taken", 20_000 - 1)
    return script


def _given() -> Script:
    script = Script("what ends 'given'", "The PIN counts as given until the session ends.", active())
    script.select()
    script.verify("the PIN", sample.PIN)
    script.status("a query does not end it")
    _buy(script, "a debit with it", 60_000)
    script.select()
    _buy(script, "the next one is without it: the allowance, taken", 50_000)
    script.select()
    _buy(script, "one rupiah more", 1, status.PinRequired)
    script.select()
    script.verify("the PIN", sample.PIN)
    script.select("SELECT ends it")
    _buy(script, "one rupiah", 1, status.PinRequired)
    script.select()
    script.verify("the PIN", sample.PIN)
    script.event("reset ends it")
    script.select()
    _buy(script, "one rupiah", 1, status.PinRequired)
    return script


def _changing() -> Script:
    script = Script("changing the PIN", "CHANGE REFERENCE DATA with the PIN given.", active())
    script.select()
    script.change("without the PIN", _NEW, status.ConditionsNotSatisfied)
    script.select()
    script.verify("the PIN", sample.PIN)
    block = bytes.fromhex("23123FFFFFFFFFFF")
    script.change("to one of three digits", "", status.WrongData, block)
    script.select()
    script.verify("the PIN, still", sample.PIN)
    script.change("to another", _NEW)
    script.select()
    script.verify("the former one", sample.PIN, WrongPin(tries=2))
    script.select()
    script.verify("the new one", _NEW)
    script.change("to one of twelve digits", _OTHER)
    script.select()
    script.verify("that one", _OTHER)
    return script


def _choosing() -> list[Script]:
    script = Script("the choice", "An update's pin_count opens it; the choice closes it.", _tries_gone())
    _update(script, "pin_count 1: the holder may choose", pin_count=1)
    _update(script, "a later update does not close it", debit_max=140_000)
    script.select()
    script.status("pin_choice 1, no tries yet")
    script.change("a block that is none", "", status.WrongData, bytes.fromhex("23123FFFFFFFFFFF"))
    script.select()
    script.change("chosen", _NEW)
    script.status("pin_choice 0, all tries")
    script.change("once only", _OTHER, status.ConditionsNotSatisfied)
    script.select()
    script.verify("the PIN chosen", _NEW)
    _buy(script, "a debit with it", 60_000)
    _update(script, "the same count again opens nothing", debit_max=150_000)
    script.select()
    script.change("nothing to choose", _OTHER, status.ConditionsNotSatisfied)
    _update(script, "a jump of the count opens it once", pin_count=4)
    script.select()
    script.change("chosen", _OTHER)
    script.select()
    script.change("once only", _NEW, status.ConditionsNotSatisfied)

    closed = Script("the choice closed", "A movement closes it.", active())
    _update(closed, "pin_count 1", pin_count=1)
    closed.select()
    _buy(closed, "a debit", 1_000)
    closed.select()
    closed.change("nothing to choose", _NEW, status.ConditionsNotSatisfied)
    _update(closed, "pin_count 2", pin_count=2)
    closed.select()
    closed.ask("an override closes it too", commands.OVERRIDE, overriding(1_000, _DAY, closed.txn()))
    closed.select()
    closed.change("nothing to choose", _NEW, status.ConditionsNotSatisfied)
    return [script, closed]


@cache
def _tries_gone() -> Script:
    script = Script("blocked PIN", "All tries gone.", active())
    for refused in (WrongPin(tries=2), WrongPin(tries=1), status.PinBlocked):
        script.select()
        script.verify("a wrong one", _WRONG, refused)
    return script


def _no_pin() -> Script:
    script = Script("no PIN", "A card without one is never stopped by it, and may get one.", _without())
    script.select()
    script.verify("any", sample.PIN, status.NoPin)
    script.select()
    _buy(script, "three times pin_above", 150_000)
    script.select()
    script.change("without a choice", _NEW, status.ConditionsNotSatisfied)
    _update(script, "pin_count 1", pin_count=1)
    script.select()
    script.change("the holder chooses one", _NEW)
    script.status("and has it")
    script.verify("it", _NEW)
    script.select()
    _buy(script, "what was spent without one counts: the first debit needs it", 1, status.PinRequired)
    script.select()
    script.verify("it", _NEW)
    _buy(script, "with it", 1_000)
    script.select()
    _buy(script, "and the allowance without it: taken", 49_000)
    script.select()
    script.verify("wrong", _WRONG, WrongPin(tries=2))
    return script


def scripts() -> list[Script]:
    """For ``pins.json``."""
    return [
        active(),
        _tries(),
        _macs(),
        _contactless(),
        _contacts_again(),
        floor(),
        _given(),
        _changing(),
        _tries_gone(),
        *_choosing(),
        _without(),
        _no_pin(),
    ]
