# SPDX-License-Identifier: Apache-2.0
"""Numbers at the ends of their ranges: what a signed 32-bit integer cannot hold, and the largest amounts."""

from __future__ import annotations

from ... import commands, status
from .. import sample
from ..playing import Script
from ..sample import entitlement, movement, overriding
from .journey import moment
from .movements import active
from .personalizing import fresh, with_pin

_DAY, _ISSUED = moment("2026-01-07T10:15:30"), moment("2026-01-05T09:00:00")
_MOST = (1 << 31) - 1
_TERMINAL = 0xFEDCBA98


def _unsigned() -> Script:
    script = Script("beyond signed 32 bits", "Terminal and transaction numbers of 2^31 and more.", active())
    for txn in (0x8000_0000, 0xFFFF_FFFF):
        script.select()
        debit = movement(1_000, _DAY, txn, terminal_id=_TERMINAL)
        script.debit(f"terminal {_TERMINAL}, transaction {txn}", debit)
        script.select()
        script.ask("READ RECEIPT", commands.READ_RECEIPT, script.query(seq=len(script.card.chain), reserved=bytes(4)))
        back = sample.cancellation(debit, _DAY, txn - 1, script.card.last_mac)
        script.ask("given back", commands.CANCEL, back)
    return script


def _largest() -> Script:
    script = Script("the largest amounts", "Everything is 2^31 - 1.", fresh()).select()
    most = {"monthly_limit": _MOST, "override_max": 0, "debit_max": _MOST}
    script.update("2,147,483,647 rupiah", entitlement(_MOST - 1, _MOST, _ISSUED, **most))
    script.select()
    debit = movement(_MOST, _DAY, script.txn())
    script.debit("all of it", debit)
    script.select()
    script.ask("given back", commands.CANCEL, sample.cancellation(debit, _DAY, script.txn(), script.card.last_mac))
    script.select()
    script.debit("all but one", movement(_MOST - 1, _DAY, script.txn()))
    script.select()
    script.debit(
        "two more: the month's spending would overflow", movement(2, _DAY, script.txn()), status.MonthlyLimitExceeded
    )
    script.select()
    script.debit("the last one", movement(1, _DAY, script.txn()))
    script.select()
    script.update(
        "the last number that an update can have; all expires",
        entitlement(_MOST, _MOST, _ISSUED, **most, expired_total=_MOST),
    )
    script.select()
    script.status()
    return script


def _no_limit() -> Script:
    script = Script(
        "a raised limit of 2^31 and more", "Raised under one entitlement, then the limit itself grows.", fresh()
    )
    script.select()
    script.update(
        "companions may add much", entitlement(1, _MOST, _ISSUED, override_max=_MOST - 200_000, debit_max=_MOST)
    )
    script.select()
    script.ask("and do", commands.OVERRIDE, overriding(_MOST - 200_000, _DAY, script.txn()))
    script.select()
    grown = {"monthly_limit": 300_000, "override_max": 0, "debit_max": _MOST}
    script.update("the limit grows", entitlement(2, _MOST, _ISSUED, **grown))
    script.select()
    script.debit("their sum is no limit: taken", movement(_MOST, _DAY, script.txn()))
    return script


def _floor_below_zero() -> Script:
    script = Script("a floor of nearly -2^31", "pin_floor at both ends of what it can be.", with_pin()).select()
    script.update("no PIN is ever needed, little loaded", entitlement(1, 1, _ISSUED))
    script.select()
    script.status("the floor is 2 - 2^31")
    script.verify("the PIN", sample.PIN)
    script.debit("all of it: the floor is 1 - 2^31", movement(1, _DAY, script.txn()))
    script.select()
    script.update("much loaded, the PIN always needed", entitlement(2, _MOST, _ISSUED, pin_above=0))
    script.select()
    script.status("the floor is the balance")
    script.debit("one rupiah", movement(1, _DAY, script.txn()), status.PinRequired)
    return script


def scripts() -> list[Script]:
    """For ``movements.json``."""
    return [_unsigned(), _largest(), _no_limit(), _floor_below_zero()]
