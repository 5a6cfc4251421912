# SPDX-License-Identifier: Apache-2.0
"""Movements of money: every refusal of the purse, and what uses a challenge up."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from ... import commands, layouts, status
from ...commands import Command
from ...labels import KeyLabel
from ...status import CardStatusError
from ...values import LifeState
from .. import sample
from ..playing import Script
from ..sample import Values, entitlement, movement, overriding
from .journey import moment
from .personalizing import fresh

_JANUARY, _FEBRUARY = moment("2026-01-07T10:15:30"), moment("2026-02-03T11:00:00")
_ISSUED = moment("2026-01-05T09:00:00")
_OUT_OF_RANGE = 1 << 31
_MOST = _OUT_OF_RANGE - 1


def loaded(name: str, given: Script, **changes: Any) -> Script:
    """A card with its first update."""
    script = Script(name, "A first update, and nothing else.", given).select()
    script.update("activation and first load", entitlement(1, 500_000, _ISSUED, **changes))
    return script


@cache
def active() -> Script:
    """Rp500,000; a month's limit of 200,000, 150,000 a debit, January 2026 to December 2027."""
    return loaded("active", fresh())


def _bought(given: Script, amount: int) -> Script:
    script = Script(f"{given.name}, and bought for {amount}", "One debit in January.", given).select()
    script.debit("a debit", movement(amount, _JANUARY, script.txn()))
    return script


@cache
def bought() -> Script:
    """The same, with a debit of 100,000 in January."""
    return _bought(active(), 100_000)


def each(script: Script, cases: Iterator[tuple[str, Values, type[CardStatusError] | None]]) -> Script:
    """Debits, each in a session of its own."""
    for step, values, refused in cases:
        script.select()
        script.debit(step, values, refused)
    return script


def _with(field: str, value: str) -> bytes:
    """The body of a good debit with the bytes of one field replaced by what the layout would not encode."""
    body, new = layouts.MOVEMENT.encode(movement(1_000, _JANUARY, 9_000)), bytes.fromhex(value)
    at = layouts.MOVEMENT.offset(field)
    return body[:at] + new + body[at + len(new) :]


def _debits() -> Script:
    script = Script("debits refused", "Each rule of DEBIT, at its bounds. A refusal changes nothing.", bought())

    def cases() -> Iterator[tuple[str, Values, type[CardStatusError] | None]]:
        for amount in (0, _OUT_OF_RANGE, 0xFFFF_FFFF):
            yield f"amount {amount}", movement(amount, _JANUARY, script.txn()), status.InvalidAmount
        last = moment("2027-12-31T23:59:59")
        after = moment("2028-01-01T00:00:00")
        yield "the day after valid_until", movement(1_000, after, script.txn()), status.Expired
        before = moment("2025-12-31T23:59:59")
        yield "a month before the card's", movement(1_000, before, script.txn()), status.TimestampBeforeMonth
        over = movement(150_001, _JANUARY, script.txn())
        yield "one rupiah above debit_max", over, status.DebitMaximumExceeded
        none = movement(1_000, _JANUARY, script.txn(), categories=0)
        yield "no category", none, status.CategoryNotAllowed
        for bits in (0x0040, 0x8000, 0xFFFF):
            other = movement(1_000, _JANUARY, script.txn(), categories=bits)
            yield f"categories {bits:04X}", other, status.CategoryNotAllowed
        above = movement(100_001, _JANUARY, script.txn())
        yield "one rupiah above the month's limit", above, status.MonthlyLimitExceeded
        first = movement(1_000, moment("2026-01-01T00:00:00"), script.txn(), categories=0x003F)
        yield "earlier in the same month, all categories: taken", first, None
        yield "the month's limit to the rupiah: taken", movement(99_000, _JANUARY, script.txn()), None
        yield "one rupiah more", movement(1, _JANUARY, script.txn()), status.MonthlyLimitExceeded
        yield "debit_max to the rupiah, in February: taken", movement(150_000, _FEBRUARY, script.txn()), None
        yield "January, which is over", movement(1, _JANUARY, script.txn()), status.TimestampBeforeMonth
        yield "the rest, and one rupiah more", movement(50_001, _FEBRUARY, script.txn()), status.MonthlyLimitExceeded
        yield "in March, all that is left: taken", movement(150_000, moment("2026-03-01T00:00:00"), script.txn()), None
        yield "one rupiah of an empty card", movement(1, last, script.txn()), status.InsufficientBalance

    return each(script, cases())


def _timestamps() -> Script:
    script = Script("impossible times", "Timestamps that are no moment: digits as sent.", active())
    for digits in (
        "000000000000", "260007101530", "261307101530", "260100101530", "260132101530", "260431101530", "260229101530",
        "26010A101530", "2A0107101530", "800107101530", "260107240000", "260107106000", "260107101560", "2601071015FF",
    ):  # fmt: skip
        script.select()
        request = script.sign(commands.DEBIT, {}, body=_with("timestamp", digits))
        script.send(f"timestamp {digits}", request, status.ImpossibleTimestamp)
    for command in (commands.CANCEL, commands.OVERRIDE):
        script.select()
        request = script.sign(command, {}, body=_with("timestamp", "260230101530"))
        script.send(f"{command.name} on 30 February", request, status.ImpossibleTimestamp)
    script.select()
    leap = movement(1_000, moment("2027-12-31T23:59:59"), script.txn())
    script.debit("the last second of valid_until: taken", leap)
    return script


def _states() -> list[Script]:
    """Every movement of a card that is not active, and before its first update."""
    scripts = [_movements_refused(Script("issued", "Before the first update.", fresh()), status.NotActivated)]
    for state, refused in ((LifeState.BLOCKED, status.Blocked), (LifeState.TERMINATED, status.Terminated)):
        script = Script(state.name.lower(), "Movements are refused; queries and updates are not.", bought()).select()
        script.update("that state", entitlement(2, 500_000, _ISSUED, state=int(state)))
        scripts.append(_movements_refused(script, refused))
    return scripts


def _movements_refused(script: Script, refused: type[CardStatusError]) -> Script:
    for command, values in _movements(script):
        script.select()
        script.ask(command.name, command, values, refused)
    script.select().status()
    script.read("READ RECEIPT", len(script.card.chain))
    return script


def _movements(script: Script) -> list[tuple[Command, Values]]:
    debit = movement(1_000, _JANUARY, script.txn())
    back = sample.cancellation(debit, _JANUARY, script.txn(), script.card.last_mac)
    return [
        (commands.DEBIT, debit),
        (commands.CANCEL, back),
        (commands.OVERRIDE, overriding(1_000, _JANUARY, script.txn())),
    ]


def _cancels() -> Script:
    script = Script("cancellations refused", "CANCEL undoes the newest receipt, a debit, whole.", active()).select()
    debit = movement(80_000, _JANUARY, script.txn())
    first = script.card
    script.debit("a debit", debit)
    right = sample.cancellation(debit, _JANUARY, script.txn(), first.last_mac)
    wrong: list[tuple[str, Values, type[CardStatusError]]] = [
        ("another amount", right | {"amount": 79_999}, status.NotCancellable),
        ("amount 0", right | {"amount": 0}, status.InvalidAmount),
        ("other goods", right | {"categories": 0x0002}, status.NotCancellable),
        ("another terminal", right | {"terminal_id": sample.OTHER_TERMINAL_ID}, status.NotCancellable),
        ("another MAC", right | {"cancelled_mac": bytes(8)}, status.NotCancellable),
        ("a later month", right | {"timestamp": _FEBRUARY}, status.NotCancellable),
        ("an earlier month", right | {"timestamp": moment("2025-12-31T23:00:00")}, status.TimestampBeforeMonth),
        ("after expiry", right | {"timestamp": moment("2028-01-01T00:00:00")}, status.Expired),
    ]
    for step, values, refused in wrong:
        script.select()
        script.ask(step, commands.CANCEL, values, refused)
    script.select()
    script.ask("the right one: taken", commands.CANCEL, right)
    script.select()
    again = right | {"terminal_txn": script.txn()}
    script.ask("the same once more", commands.CANCEL, again, status.NotCancellable)
    script.select()
    of_cancel = again | {"cancelled_mac": script.card.last_mac}
    script.ask("the cancellation itself", commands.CANCEL, of_cancel, status.NotCancellable)
    script.select()
    script.debit("another debit", debit | {"terminal_txn": script.txn()})
    older = sample.cancellation(debit, _JANUARY, script.txn(), script.card.last_mac)
    script.select()
    script.update("an update, which makes it final", entitlement(2, 500_000, _ISSUED))
    script.select()
    script.ask("cancelled behind an update", commands.CANCEL, older, status.NotCancellable)
    return script


def _overrides() -> Script:
    script = Script("overrides", "OVERRIDE raises one month's limit, within override_max.", bought())
    override = commands.OVERRIDE
    steps: list[tuple[str, Values, type[CardStatusError] | None]] = [
        ("one rupiah above override_max", overriding(50_001, _JANUARY, script.txn()), status.OverrideMaximumExceeded),
        ("an amount that overflows", overriding(_MOST, _JANUARY, script.txn()), status.OverrideMaximumExceeded),
        ("amount 0", overriding(0, _JANUARY, script.txn()), status.InvalidAmount),
        (
            "a month before the card's",
            overriding(1, moment("2025-12-31T10:00:00"), script.txn()),
            status.TimestampBeforeMonth,
        ),
        ("after expiry", overriding(1, moment("2028-01-01T00:00:00"), script.txn()), status.Expired),
        ("30,000: taken", overriding(30_000, _JANUARY, script.txn()), None),
        ("20,001 more", overriding(20_001, _JANUARY, script.txn()), status.OverrideMaximumExceeded),
        ("20,000 more, override_max in all: taken", overriding(20_000, _JANUARY, script.txn()), None),
    ]
    for step, values, refused in steps:
        script.select()
        script.ask(step, override, values, refused)
    script.select()
    script.debit("the raised limit to the rupiah: taken", movement(150_000, _JANUARY, script.txn()))
    script.select()
    script.debit("one rupiah more", movement(1, _JANUARY, script.txn()), status.MonthlyLimitExceeded)
    script.select()
    script.ask("February is raised ahead: taken", override, overriding(10_000, _FEBRUARY, script.txn()))
    script.select()
    wrong = script.sign(override, overriding(1, _FEBRUARY, script.txn()), key=sample.card_key(KeyLabel.DEBIT))
    script.send("under the DEBIT key", wrong, status.WrongMac)
    return script


def _challenges() -> Script:
    script = Script("challenges", "What uses a challenge up, and what does not.", active())
    script.select()
    spent = script.sign(commands.DEBIT, movement(1_000, _JANUARY, script.txn()))
    script.send("a debit: taken", spent)
    script.send("the same bytes again", spent, status.ConditionsNotSatisfied)
    script.select()
    script.send("and in another session", spent, status.WrongMac)
    script.status("nothing without SELECT", refused=status.ConditionsNotSatisfied)
    script.select()
    script.status("a query")
    script.read("another one behind it", 1)
    script.debit("a debit behind it, with the quote of this session's SELECT", movement(1_000, _JANUARY, script.txn()))
    script.select()
    over = movement(150_001, _JANUARY, script.txn())
    script.debit("refused by a rule", over, status.DebitMaximumExceeded)
    script.status("the challenge is gone", refused=status.ConditionsNotSatisfied)
    script.select()
    script.update("an update that is on the card", script.card.entitlement)
    script.status("it ends the session too", refused=status.ConditionsNotSatisfied)
    script.event("reset")
    script.select()
    held = script.sign(commands.GET_STATUS, script.query(reserved=bytes(8)))
    script.event("reset: RAM is cleared")
    script.select()
    script.send("a challenge of before the reset", held, status.WrongMac)
    return script


def _false_quotes() -> Script:
    """Each byte of the quote altered on the line: the card refuses, and nothing happened."""
    script = Script("false quotes", "SELECT altered on the line, byte by byte of the quote.", active())
    names = {0: "protocol_version", 1: "state_class", 2: "debit_key_version", 3: "receipt_key_version"}
    names |= {4: "update_key_version", 5: "override_key_version"}
    for at in range(10):
        script.select()
        told = bytearray(script.quote)
        told[at] ^= 1
        script.quote = bytes(told)
        values = movement(1_000, _JANUARY, script.txn())
        script.debit(f"{names.get(at, 'masked_seq')} (byte {at} of the quote) was another", values, status.WrongMac)
    script.select().status("nothing happened")
    return script


def _tampered() -> Script:
    """A debit altered on the line."""
    script = Script("tampered debits", "One bit of a debit altered on the line, field by field.", active())
    for field in layouts.MOVEMENT.fields:
        script.select()
        request = script.sign(commands.DEBIT, movement(1_000, _JANUARY, script.txn()))
        spoilt = bytearray(request.apdu)
        spoilt[5 + layouts.MOVEMENT.offset(field.name) + field.size - 1] ^= 1
        script.send(f"{field.name} altered", request, status.WrongMac, bytes(spoilt))
    for name, at in (("the MAC's first bit", -9), ("the MAC's last bit", -2)):
        script.select()
        request = script.sign(commands.DEBIT, movement(1_000, _JANUARY, script.txn()))
        spoilt = bytearray(request.apdu)
        spoilt[at] ^= 0x80 if at == -9 else 1
        script.send(f"{name} altered", request, status.WrongMac, bytes(spoilt))
    return script


def scripts() -> list[Script]:
    """For ``movements.json``."""
    return [
        active(),
        bought(),
        _debits(),
        _timestamps(),
        *_states(),
        _cancels(),
        _overrides(),
        _challenges(),
        _false_quotes(),
        _tampered(),
    ]
