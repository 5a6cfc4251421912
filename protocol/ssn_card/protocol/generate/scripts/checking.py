# SPDX-License-Identifier: Apache-2.0
"""The order in which the card looks: movements that break two rules, and get the status word of the first."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ... import commands, layouts, status
from ...status import CardStatusError
from ...values import LifeState
from .. import sample
from ..playing import Script
from ..sample import entitlement, movement
from .journey import moment
from .personalizing import with_pin

_FEBRUARY, _JANUARY, _ISSUED = (moment(f"2026-{day}") for day in ("02-10T10:00:00", "01-20T10:00:00", "01-05T09:00:00"))
_LIMITS: dict[str, Any] = {
    "monthly_limit": 150_000,
    "debit_max": 120_000,
    "pin_above": 0,
    "valid_until": dt.date(2026, 12, 31),
}
_LOADED = 180_000


def _two_wrong(script: Script, refused: type[CardStatusError], step: str, digits: str = "", **changes: Any) -> None:
    """A debit; ``digits``: a timestamp that the layout would not encode."""
    values = movement(1_000, _FEBRUARY, script.txn()) | changes
    body = bytearray(layouts.MOVEMENT.encode(values))
    at = layouts.MOVEMENT.offset("timestamp")
    body[at : at + 6] = bytes.fromhex(digits) or body[at : at + 6]
    script.select()
    script.send(step, script.sign(commands.DEBIT, {} if digits else values, body=bytes(body)), refused)


def order() -> Script:
    """Each rule of DEBIT against the next."""
    script = Script("the order of checks", "Debits that break two rules; the word is that of the first.", with_pin())
    script.select()
    script.update("Rp180,000, the PIN always needed", entitlement(1, _LOADED, _ISSUED, **_LIMITS))
    script.select()
    script.verify("the PIN", sample.PIN)
    script.debit("a debit in February", movement(100_000, _FEBRUARY, script.txn()))
    above, over = 120_001, 50_001
    _two_wrong(script, status.InvalidAmount, "amount 0; no moment", "260230100000", amount=0)
    _two_wrong(script, status.ImpossibleTimestamp, "no moment; and behind valid_until", "271332100000")
    _two_wrong(script, status.TimestampBeforeMonth, "before the month; above debit_max", amount=above, **_at(_JANUARY))
    _two_wrong(script, status.DebitMaximumExceeded, "above debit_max; no category", amount=above, categories=0)
    _two_wrong(script, status.CategoryNotAllowed, "no category; above the limit", amount=over, categories=0)
    _two_wrong(script, status.MonthlyLimitExceeded, "above the limit; above the balance", amount=80_001)
    more = moment("2026-03-01T10:00:00")
    _two_wrong(script, status.InsufficientBalance, "above the balance; without the PIN", amount=80_001, **_at(more))
    _two_wrong(script, status.PinRequired, "without the PIN", amount=1)
    script.select()
    early = _LIMITS | {"valid_until": dt.date(2026, 1, 10)}
    script.update("valid until January", entitlement(2, _LOADED, _ISSUED, **early))
    _two_wrong(script, status.Expired, "behind valid_until; before the month", **_at(_JANUARY))
    script.select()
    blocked = early | {"state": int(LifeState.BLOCKED)}
    script.update("blocked", entitlement(3, _LOADED, _ISSUED, **blocked))
    _two_wrong(script, status.Blocked, "blocked; amount 0", amount=0)
    script.select()
    request = script.sign(commands.DEBIT, movement(0, _JANUARY, script.txn()))
    spoilt = request.apdu[:-2] + bytes((request.apdu[-2] ^ 1,)) + request.apdu[-1:]
    script.send("a wrong MAC; blocked", request, status.WrongMac, spoilt)
    script.send("no challenge; a wrong MAC", request, status.ConditionsNotSatisfied, spoilt)
    script.select()
    wrong = bytearray(spoilt)
    wrong[2] = 1
    script.send("P1; a wrong MAC", request, status.WrongParameters, bytes(wrong))
    short = bytes(wrong[:4]) + bytes((wrong[4] - 1,)) + bytes(wrong[6:])
    script.send("the length; P1", request, status.WrongLength, short)
    return script


def _at(when: dt.datetime) -> dict[str, Any]:
    return {"timestamp": when}
