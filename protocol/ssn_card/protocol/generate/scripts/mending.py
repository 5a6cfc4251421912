# SPDX-License-Identifier: Apache-2.0
"""Updates between movements: a month mended, money that expires, counts that only grow, updates that were lost."""

from __future__ import annotations

from typing import Any

from ... import status
from .. import sample
from ..playing import Refusal, Script
from ..sample import Values, movement
from .journey import moment
from .movements import active

_JANUARY, _DECEMBER = moment("2026-01-20T10:00:00"), moment("2026-12-20T10:00:00")
_JANUARY_MONTH, _MARCH_MONTH = bytes.fromhex("2601"), bytes.fromhex("2603")


def _next(script: Script, **changes: Any) -> Values:
    old = script.card.entitlement
    return old | {"update_seq": old["update_seq"] + 1} | changes


def _give(script: Script, step: str, refused: Refusal = None, **changes: Any) -> None:
    script.select()
    script.update(step, _next(script, **changes), refused)


def _buy(
    script: Script, step: str, amount: int, when: Any, refused: type[status.CardStatusError] | None = None
) -> None:
    script.select()
    script.debit(step, movement(amount, when, script.txn()), refused)


def _mended() -> Script:
    script = Script(
        "a month mended", "A clock that was a year's end ahead locks the months before, until an update.", active()
    )
    _buy(script, "in January", 50_000, _JANUARY)
    _buy(script, "by a wrong clock, in December", 60_000, _DECEMBER)
    _buy(script, "January again", 1_000, _JANUARY, status.TimestampBeforeMonth)
    script.select()
    script.status("the card's month is 2612")
    mend: dict[str, Any] = {"mend_count": 1, "mended_to": _JANUARY_MONTH}
    _give(script, "mended to 2601", **mend)
    script.select()
    script.status("the month went back, what was spent in it stays")
    _buy(script, "what is left of the limit, and a rupiah more", 140_001, _JANUARY, status.MonthlyLimitExceeded)
    _buy(script, "what is left of the limit: taken", 140_000, _JANUARY)
    _buy(script, "by a wrong clock again", 60_000, _DECEMBER)
    _give(script, "the same count: mends nothing", **mend)
    _buy(script, "January", 1_000, _JANUARY, status.TimestampBeforeMonth)
    _give(script, "a count less", status.InvalidUpdate, mend_count=0, mended_to=sample.NO_MONTH)
    _give(script, "a jump of the count mends, to 2603", mend_count=5, mended_to=_MARCH_MONTH)
    _buy(script, "January", 1_000, _JANUARY, status.TimestampBeforeMonth)
    _give(script, "mended back to 2601", mend_count=6, mended_to=_JANUARY_MONTH)
    _give(script, "never forward: 2603, the month stays", mend_count=7, mended_to=_MARCH_MONTH)
    _buy(script, "in January: taken", 1_000, _JANUARY)
    return script


def _expired() -> Script:
    script = Script("expiry", "What was loaded first was spent first, and expires first.", active())
    _buy(script, "120,000 of 500,000", 120_000, _JANUARY)
    _give(script, "100,000 expire, all of them spent: the balance stays", expired_total=100_000)
    _give(script, "150,000 in all: 30,000 go", expired_total=150_000)
    _give(
        script,
        "a load of 200,000 and an expiry of 500,000 in all: the load is left",
        loaded_total=700_000,
        expired_total=500_000,
    )
    _buy(script, "and may be spent", 80_000, _JANUARY)
    _give(script, "what expired wrongly is loaded anew", loaded_total=1_000_000, expired_total=500_000)
    _give(script, "all expires", expired_total=1_000_000)
    _buy(script, "nothing is left", 1, moment("2026-02-01T10:00:00"), status.InsufficientBalance)
    _give(script, "less has expired", status.InvalidUpdate, expired_total=999_999)
    return script


def _lost() -> Script:
    script = Script("updates lost", "The newest alone gives the state that all in order give.", active())
    _buy(script, "a debit", 20_000, _JANUARY)
    lost = _next(script, loaded_total=600_000)
    newest = lost | {"update_seq": 9, "loaded_total": 800_000, "expired_total": 500_000, "pin_count": 2}
    script.select()
    script.update("the newest of eight, seven lost", newest)
    script.select()
    script.update("a lost one, late", lost, status.StaleUpdate)
    script.select()
    script.status("the state of the newest")
    for field in ("loaded_total", "pin_count"):
        _give(script, f"{field} shrinks", status.InvalidUpdate, **{field: newest[field] - 1})
    _give(script, "counts of 255", pin_count=255, mend_count=255, mended_to=_JANUARY_MONTH)
    _give(script, "a count that begins anew", status.InvalidUpdate, pin_count=0)
    return script


def scripts() -> list[Script]:
    """For ``updates.json``."""
    return [_mended(), _expired(), _lost()]
